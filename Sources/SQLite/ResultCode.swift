import CSQLite

/// A result code of SQLite, extended bits included, so that a code without a name here is still a value.
package struct ResultCode: RawRepresentable, Hashable, Sendable {
    package let rawValue: CInt

    package init(rawValue: CInt) { self.rawValue = rawValue }

    /// The code without its extended bits, to be compared with the names below.
    package var primary: ResultCode { ResultCode(rawValue: rawValue & 0xFF) }

    package static let ok = ResultCode(rawValue: SQLITE_OK)
    package static let error = ResultCode(rawValue: SQLITE_ERROR)
    package static let abort = ResultCode(rawValue: SQLITE_ABORT)
    package static let busy = ResultCode(rawValue: SQLITE_BUSY)
    package static let locked = ResultCode(rawValue: SQLITE_LOCKED)
    package static let outOfMemory = ResultCode(rawValue: SQLITE_NOMEM)
    package static let readOnly = ResultCode(rawValue: SQLITE_READONLY)
    package static let interrupted = ResultCode(rawValue: SQLITE_INTERRUPT)
    package static let inputOutput = ResultCode(rawValue: SQLITE_IOERR)
    package static let corrupt = ResultCode(rawValue: SQLITE_CORRUPT)
    package static let full = ResultCode(rawValue: SQLITE_FULL)
    package static let cannotOpen = ResultCode(rawValue: SQLITE_CANTOPEN)
    package static let schemaChanged = ResultCode(rawValue: SQLITE_SCHEMA)
    package static let tooBig = ResultCode(rawValue: SQLITE_TOOBIG)
    package static let constraint = ResultCode(rawValue: SQLITE_CONSTRAINT)
    package static let mismatch = ResultCode(rawValue: SQLITE_MISMATCH)
    package static let misuse = ResultCode(rawValue: SQLITE_MISUSE)
    package static let permission = ResultCode(rawValue: SQLITE_PERM)
    package static let notADatabase = ResultCode(rawValue: SQLITE_NOTADB)
    package static let range = ResultCode(rawValue: SQLITE_RANGE)

    /// A trigger's RAISE. Extended codes are expressions in C, which Swift does not import.
    package static let constraintTrigger = ResultCode(rawValue: SQLITE_CONSTRAINT | 7 << 8)

    /// Matches every extended form of a primary code: `case .busy` also takes SQLITE_BUSY_SNAPSHOT.
    package static func ~= (pattern: ResultCode, code: ResultCode) -> Bool {
        pattern == code || pattern == code.primary
    }
}

extension ResultCode: CustomStringConvertible {
    /// SQLite's own words for the code, with its number: they never hold a value of the database.
    package var description: String { "\(String(cString: sqlite3_errstr(rawValue))) (\(rawValue))" }
}
