/// The type of a value, as far as it is known before the query runs.
package indirect enum ValueType: Hashable, Sendable {
    /// Of NULL itself.
    case null
    case bool
    case int64
    case float64
    /// Kept as a whole number where it is one, else as the nearest double.
    case numeric
    case string
    case date
    case time
    /// Text in UTC without its `Z`, so that texts sort as times do.
    case timestamp
    case json
    /// A JSON object with these members.
    case record([ColumnType])
    /// A JSON array.
    case array(ValueType)
    /// Of a column about which the file says nothing.
    case any

    /// As BigQuery names it in errors.
    package var name: String {
        switch self {
        case .null: "NULL"
        case .bool: "BOOL"
        case .int64: "INT64"
        case .float64: "FLOAT64"
        case .numeric: "NUMERIC"
        case .string: "STRING"
        case .date: "DATE"
        case .time: "TIME"
        case .timestamp: "TIMESTAMP"
        case .json: "JSON"
        case .record: "STRUCT"
        case .array(let element): "ARRAY<\(element.name)>"
        case .any: "ANY"
        }
    }

    /// The type of a name in CAST or of a parameter; nil if it is none that exists here.
    package init?(name: String) {
        switch name.uppercased() {
        case "BOOL", "BOOLEAN": self = .bool
        case "INT64", "INT", "INTEGER", "BIGINT", "SMALLINT", "TINYINT", "BYTEINT": self = .int64
        case "FLOAT64", "FLOAT": self = .float64
        case "NUMERIC", "DECIMAL", "BIGNUMERIC", "BIGDECIMAL": self = .numeric
        case "STRING": self = .string
        case "DATE": self = .date
        case "TIME": self = .time
        case "TIMESTAMP": self = .timestamp
        default: return nil
        }
    }

    var isNumber: Bool { self == .int64 || self == .float64 || self == .numeric }
    var isTemporal: Bool { self == .date || self == .time || self == .timestamp }
    /// Whether anything may be expected of it.
    var isOpen: Bool { self == .null || self == .any }

    /// Whether it is kept as JSON text.
    package var isJSON: Bool {
        switch self {
        case .json, .record, .array: true
        default: false
        }
    }

    /// The type that both can be brought to; nil if there is none.
    func united(with other: ValueType) -> ValueType? {
        if self == other || other == .null { return self }
        if self == .null { return other }
        if self == .any || other == .any { return .any }
        guard isNumber, other.isNumber else { return nil }
        return self == .float64 || other == .float64 ? .float64 : .numeric
    }
}

/// A column of a table or a result, or a member of a record.
package struct ColumnType: Hashable, Sendable {
    package var name: String
    package var type: ValueType

    package init(name: String, type: ValueType) {
        self.name = name
        self.type = type
    }
}
