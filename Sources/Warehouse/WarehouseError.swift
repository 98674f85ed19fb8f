package import SQLite
package import Vocabulary

/// Why the warehouse refused. The message names tables, columns and files, never a value.
package struct WarehouseError: Error, Hashable, Sendable {
    /// What a caller can do about it.
    package enum Reason: Hashable, Sendable {
        /// Nothing, with this request.
        case refused
        /// The stream's table, or its cursor, was removed: open the stream again, and start it anew.
        case tableGone
        /// Somebody set the cursor (or its epoch to NULL): open the stream again, and go on from what it says then.
        case cursorChanged
        /// An export has put another table in the place of the stream's: open the stream again, and go on.
        case tableReplaced
        /// The dataset's file was replaced or removed: open the stream again.
        case datasetMoved
        /// The disk is full: try again when there is room. Nothing was written.
        case full
        /// Somebody else writes: try again. Nothing was written.
        case busy
        /// Reading or writing failed, or the file may not be written: try again. Nothing was written.
        case storage(ResultCode)
        /// Rows that an older version has written have to be brought forward first: try again. Nothing was written.
        case upgrading
        /// It was interrupted on request. Nothing was written.
        case interrupted
    }

    package let code: RPCCode
    package let reason: Reason
    package let message: String

    package init(_ code: RPCCode, _ reason: Reason = .refused, _ message: String) {
        self.code = code
        self.reason = reason
        self.message = message
    }
}

extension WarehouseError: CustomStringConvertible {
    package var description: String { message }
}

extension WarehouseError: SQLiteErrorConvertible {
    package init(sqlite error: SQLiteError) {
        let (code, reason): (RPCCode, Reason) =
            switch error.code {
            case .full: (.resourceExhausted, .full)
            case .busy, .locked: (.unavailable, .busy)
            case .interrupted: (.unavailable, .interrupted)
            case .outOfMemory: (.resourceExhausted, .storage(error.code))
            case .readOnly, .permission, .cannotOpen, .inputOutput: (.unavailable, .storage(error.code))
            case .corrupt, .notADatabase: (.dataLoss, .storage(error.code))
            case .constraint, .mismatch: (.failedPrecondition, .refused)
            case .tooBig: (.invalidArgument, .refused)
            default: (.internalError, .storage(error.code))
            }
        self.init(code, reason, error.description)
    }

    /// Runs `body`, whose errors are SQLite's or the warehouse's own.
    static func wrapping<Result>(_ body: () throws -> Result) throws(WarehouseError) -> Result {
        do {
            return try body()
        } catch let error as WarehouseError {
            throw error
        } catch let error as SQLiteError {
            throw WarehouseError(sqlite: error)
        } catch {
            throw WarehouseError(.internalError, .refused, "an unexpected kind of error: \(type(of: error))")
        }
    }
}
