import BigQueryTable
import Vocabulary

/// A column of a table that holds TIMESTAMPs.
struct TimestampColumn: Hashable {
    enum Holding {
        /// One, as text.
        case one
        /// An array of them, as JSON.
        case array
        /// Records with some of them in, as JSON.
        case nested
    }

    var name: String
    var holding: Holding

    /// Finds them among a table's columns, by its schema; a column that the schema does not tell of is judged by its name.
    static func columns(among names: [String], schema: [BigQueryField]) -> [TimestampColumn] {
        // SQLite tells columns apart without regard to ASCII case.
        let fields = Dictionary(schema.map { ($0.name.lowercased(), $0) }) { first, _ in first }
        return names.compactMap { name in
            if let field = fields[name.lowercased()] {
                return holding(field).map { TimestampColumn(name: name, holding: $0) }
            }
            guard let field = ColumnID(name: name)?.field else { return nil }
            let isUnknown = field.type == .record && field.fields.isEmpty
            return (isUnknown ? .nested : holding(field)).map { TimestampColumn(name: name, holding: $0) }
        }
    }

    private static func holding(_ field: BigQueryField) -> Holding? {
        if field.type == .timestamp { return field.mode == .nullable ? .one : .array }
        return field.fields.contains { holding($0) != nil } ? .nested : nil
    }
}

extension TimestampColumn {
    /// SQL for the column's value where a TIMESTAMP in it may lack digits, else NULL.
    var lacking: String {
        let name = SQLText.identifier(name)
        switch holding {
        case .one:
            return "iif(\(name) GLOB '*Z' AND length(\(name)) < \(TimestampText.length), \(name), NULL)"
        // Most values have none, and a pattern finds that out faster than reading JSON does.
        case .array, .nested: return "iif(\(name) GLOB '*:[0-9][0-9]Z\"*', \(name), NULL)"
        }
    }

    /// SQL for the column's value where it is not, or may not be, in the form of a TIMESTAMP.
    var outOfForm: String {
        guard holding == .one else { return lacking }
        let name = SQLText.identifier(name)
        return "iif(\(name) GLOB '\(TimestampForm.pattern)', NULL, \(name))"
    }

    /// The value in the form of a TIMESTAMP; nil if it has it.
    func completed(_ value: UnsafeRawBufferPointer, _ form: inout TimestampForm) -> [UInt8]? {
        holding == .one ? TimestampForm.completed(value) : form.completed(json: value, areTimes: holding == .array)
    }
}
