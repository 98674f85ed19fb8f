/// One field of a table's schema, as BigQuery describes it.
package struct BigQueryField: Hashable, Sendable {
    package var name: String
    package var type: FieldType
    package var mode: FieldMode
    /// What a RECORD holds; empty for other types.
    package var fields: [BigQueryField]

    /// Makes a field.
    package init(_ name: String, _ type: FieldType, _ mode: FieldMode = .nullable, fields: [BigQueryField] = []) {
        self.name = name
        self.type = type
        self.mode = mode
        self.fields = fields
    }

    /// The three groups of a person name (PS3.5 6.2.1), each with its five parts: always whole, whatever occurs.
    package static let personNameGroups: [BigQueryField] = PersonName.groups.map { group in
        BigQueryField(group, .record, fields: PersonName.parts.map { BigQueryField($0, .string) })
    }
}
