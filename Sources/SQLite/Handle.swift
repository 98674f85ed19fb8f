import CSQLite

/// Owns SQLite's connection. Statements hold it as well, so that the file is closed only after the last of them.
final class Handle {
    let pointer: OpaquePointer
    let interrupter: Interrupter

    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
        interrupter = Interrupter(pointer)
    }

    deinit {
        interrupter.close()
        sqlite3_close_v2(pointer)
    }
}
