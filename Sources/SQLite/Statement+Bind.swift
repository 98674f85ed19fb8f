import CSQLite
package import Vocabulary

extension Statement {
    package func bind(_ index: Int, _ value: Int64?) throws(SQLiteError) {
        guard let value else { return try bindNull(index) }
        try check(sqlite3_bind_int64(handle, CInt(truncatingIfNeeded: index), value))
    }

    package func bind(_ index: Int, _ value: Int?) throws(SQLiteError) { try bind(index, value.map(Int64.init)) }

    /// SQLite stores a NaN as NULL.
    package func bind(_ index: Int, _ value: Double?) throws(SQLiteError) {
        guard let value else { return try bindNull(index) }
        try check(sqlite3_bind_double(handle, CInt(truncatingIfNeeded: index), value))
    }

    package func bind(_ index: Int, _ value: String?) throws(SQLiteError) {
        guard var value else { return try bindNull(index) }
        try check(
            value.withUTF8 { bytes in
                csqlite_bind_text_copy(handle, CInt(truncatingIfNeeded: index), bytes.baseAddress, UInt64(bytes.count))
            }
        )
    }

    /// Binds a blob, empty or not.
    package func bind(_ index: Int, _ value: [UInt8]?) throws(SQLiteError) {
        guard let value else { return try bindNull(index) }
        try check(
            value.withUnsafeBytes { bytes in
                csqlite_bind_blob_copy(handle, CInt(truncatingIfNeeded: index), bytes.baseAddress, UInt64(bytes.count))
            }
        )
    }

    package func bindNull(_ index: Int) throws(SQLiteError) {
        try check(sqlite3_bind_null(handle, CInt(truncatingIfNeeded: index)))
    }

    /// Binds UTF-8 without copying it: `bytes` must stay as they are until the statement has run and is reset.
    package func bindText(_ index: Int, _ bytes: UnsafeRawBufferPointer) throws(SQLiteError) {
        try check(
            csqlite_bind_text_static(handle, CInt(truncatingIfNeeded: index), bytes.baseAddress, UInt64(bytes.count))
        )
    }

    /// Binds a blob without copying it: `bytes` must stay as they are until the statement has run and is reset.
    package func bindBlob(_ index: Int, _ bytes: UnsafeRawBufferPointer) throws(SQLiteError) {
        try check(
            csqlite_bind_blob_static(handle, CInt(truncatingIfNeeded: index), bytes.baseAddress, UInt64(bytes.count))
        )
    }

    private func check(_ code: CInt) throws(SQLiteError) {
        guard code == SQLITE_OK else { throw .running(sql, on: sqlite3_db_handle(handle), code: code) }
    }
}

extension Statement {
    package func bind<Number: TypedNumber>(_ index: Int, _ value: Number?) throws(SQLiteError) {
        try bind(index, value?.rawValue)
    }
}
