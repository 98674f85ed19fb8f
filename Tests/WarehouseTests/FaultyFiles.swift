import CSQLite
import Synchronization
import Vocabulary

@testable import SQLite

/// Lets the n-th write, sync or truncation of a connection's two files, database and log, fail.
///
/// Three methods of the open files are replaced by ones that count; all else is SQLite's own.
struct FaultyFiles: Sendable {
    /// Which call fails, with which code, and whether those after it fail too, as on a disk that is full.
    struct Plan: Sendable {
        var callsBefore: Int
        let code: CInt
        let persists: Bool
        var failures = 0

        mutating func call() -> CInt? {
            callsBefore -= 1
            guard persists ? callsBefore < 0 : callsBefore == -1 else { return nil }
            failures += 1
            return code
        }
    }

    static let full = SQLITE_FULL
    static let writeError = SQLITE_IOERR | 3 << 8

    /// The addresses of the open files.
    private let files: [UInt]

    /// The connection must have written in WAL mode, so that both files are open.
    init(_ connection: Connection) {
        files = [SQLITE_FCNTL_FILE_POINTER, SQLITE_FCNTL_JOURNAL_POINTER].map { operation in
            var file: UnsafeMutablePointer<sqlite3_file>?
            sqlite3_file_control(connection.handle, "main", operation, &file)
            return UInt(bitPattern: file)
        }
        for file in files { Faults.replaceMethods(of: file) }
    }

    /// Gives the files their own methods back, before the connection closes.
    func remove() {
        plan(nil)
        for file in files { Faults.restoreMethods(of: file) }
    }

    /// Both files count together.
    func plan(_ plan: Plan?) {
        Faults.state.withLock { state in
            state.plans[files[0]] = plan
            for file in files { state.owners[file] = files[0] }
        }
    }

    /// Calls that have failed since the plan was made.
    var failures: Int { Faults.state.withLock { $0.plans[files[0]]?.failures ?? 0 } }
}

/// What the replaced methods know, by the addresses of the files.
private enum Faults {
    typealias File = UnsafeMutablePointer<sqlite3_file>
    typealias Methods = UnsafePointer<sqlite3_io_methods>

    struct State: Sendable {
        var methods: [UInt: UInt] = [:]
        var owners: [UInt: UInt] = [:]
        var plans: [UInt: FaultyFiles.Plan] = [:]
    }

    static let state = Mutex(State())

    static func replaceMethods(of address: UInt) {
        guard let file = File(bitPattern: address), let methods = file.pointee.pMethods else { return }
        state.withLock { $0.methods[address] = UInt(bitPattern: methods) }
        let copy = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        copy.initialize(to: methods.pointee)
        copy.pointee.xWrite = { file, bytes, count, offset in
            Faults.call(file) { $0.xWrite(file, bytes, count, offset) }
        }
        copy.pointee.xSync = { file, flags in Faults.call(file) { $0.xSync(file, flags) } }
        copy.pointee.xTruncate = { file, size in Faults.call(file) { $0.xTruncate(file, size) } }
        file.pointee.pMethods = Methods(copy)
    }

    static func restoreMethods(of address: UInt) {
        guard let file = File(bitPattern: address),
            let original = state.withLock({ $0.methods.removeValue(forKey: address) })
        else { return }
        file.pointee.pMethods?.deallocate()
        file.pointee.pMethods = Methods(bitPattern: original)
    }

    static func call(_ file: File?, _ body: (sqlite3_io_methods) -> CInt) -> CInt {
        let key = UInt(bitPattern: file)
        let (failure, methods) = state.withLock { state -> (CInt?, UInt) in
            (state.owners[key].flatMap { state.plans[$0]?.call() }, state.methods[key] ?? 0)
        }
        if let failure { return failure }
        return Methods(bitPattern: methods).map { body($0.pointee) } ?? SQLITE_MISUSE
    }
}
