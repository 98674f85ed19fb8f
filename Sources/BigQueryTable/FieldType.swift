/// The types that a column of the export can have, spelled as BigQuery's table metadata spells them.
package enum FieldType: String, Hashable, Sendable, CaseIterable {
    case string = "STRING"
    case integer = "INTEGER"
    case float = "FLOAT"
    case date = "DATE"
    case time = "TIME"
    case timestamp = "TIMESTAMP"
    case record = "RECORD"
    /// Only `Metadata` of the JSON schema.
    case json = "JSON"
}

/// How many values a column holds. Nothing is ever `REQUIRED`.
package enum FieldMode: String, Hashable, Sendable {
    case nullable = "NULLABLE"
    case repeated = "REPEATED"
}
