import CSQLite
package import Vocabulary

extension Statement {
    /// NULL is 0.
    package func int64(_ column: Int) -> Int64 { sqlite3_column_int64(handle, CInt(truncatingIfNeeded: column)) }

    /// NULL is 0.
    package func int(_ column: Int) -> Int { Int(int64(column)) }

    /// NULL is 0.
    package func double(_ column: Int) -> Double { sqlite3_column_double(handle, CInt(truncatingIfNeeded: column)) }

    /// NULL is nil. What is not UTF-8 is repaired.
    package func text(_ column: Int) -> String? {
        // First the text, then its length: asking for the text may convert the value.
        let column = CInt(truncatingIfNeeded: column)
        guard let start = sqlite3_column_text(handle, column) else { return nil }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// NULL is an empty blob.
    package func blob(_ column: Int) -> [UInt8] { [UInt8](bytes(column)) }

    /// The bytes of a text or blob, valid until the next step or reset. Empty for NULL.
    package func bytes(_ column: Int) -> UnsafeRawBufferPointer {
        let column = CInt(truncatingIfNeeded: column)
        guard let start = sqlite3_column_blob(handle, column) else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
    }

    package func isNull(_ column: Int) -> Bool {
        sqlite3_column_type(handle, CInt(truncatingIfNeeded: column)) == SQLITE_NULL
    }

    /// The value as it is kept.
    package func value(_ column: Int) -> SQLValue {
        switch sqlite3_column_type(handle, CInt(truncatingIfNeeded: column)) {
        case SQLITE_INTEGER: .integer(int64(column))
        case SQLITE_FLOAT: .real(double(column))
        case SQLITE_TEXT: .text(text(column) ?? "")
        case SQLITE_BLOB: .blob(blob(column))
        default: .null
        }
    }

    /// The table and the column that a column of the result is taken from as it is, through views as well; nil for others.
    package func origin(_ column: Int) -> (table: String, column: String)? {
        let index = CInt(truncatingIfNeeded: column)
        guard let table = sqlite3_column_table_name(handle, index), let name = sqlite3_column_origin_name(handle, index)
        else { return nil }
        return (String(cString: table), String(cString: name))
    }

    /// The name of a column of the result.
    package func columnName(_ column: Int) -> String {
        sqlite3_column_name(handle, CInt(truncatingIfNeeded: column)).map { String(cString: $0) } ?? ""
    }
}

extension Statement {
    /// NULL is 0.
    package func int64<Number: TypedNumber>(_ column: Int) -> Number { Number(rawValue: int64(column)) }
}
