import DICOM

extension ColumnID {
    /// The column's field, without what is nested in a sequence: that depends on the data, and ``TableSchema`` knows it.
    package var field: BigQueryField { field(kind: .flattened) }

    /// The column's field in a table of this kind: `DroppedTags` is a list of names in the JSON schema.
    package func field(kind: SchemaKind) -> BigQueryField {
        switch self {
        case .otherElements: Self.otherElementsField
        case .droppedTags where kind == .json: BigQueryField(name, .string, .repeated)
        case .droppedTags:
            BigQueryField(
                name,
                .record,
                .repeated,
                fields: ["TagName", "Reason", "Value"].map { BigQueryField($0, .string) }
            )
        case .metadata: BigQueryField(name, .json)
        case .structuredStorageSize, .blobStorageSize: BigQueryField(name, .integer)
        case .lastUpdated: BigQueryField(name, .timestamp)
        case .type, .storageClass, .sourceDicomStore, .sourcePath: BigQueryField(name, .string)
        default: elementField(nested: [])
        }
    }

    static let otherElementsField = BigQueryField(
        "OtherElements",
        .record,
        .repeated,
        fields: [BigQueryField("Tag", .string), BigQueryField("Data", .string, .repeated)]
    )

    /// The field of an element's column; `nested` is what its items hold, if it is a sequence.
    func elementField(nested: [BigQueryField]) -> BigQueryField {
        guard let entry = DataDictionary.entry(for: ElementTag(rawValue: rawValue)) else {
            return BigQueryField(name, .record, .repeated, fields: nested)
        }
        let kind = ValueKind(dictionary: entry.vr)
        let mode: FieldMode = entry.isMultiple || kind == .sequence ? .repeated : .nullable
        let fields =
            switch kind {
            case .name: BigQueryField.personNameGroups
            case .sequence: nested
            default: [BigQueryField]()
            }
        guard isRepeatingGroup else {
            return BigQueryField(entry.keyword, kind.fieldType, mode, fields: fields)
        }
        let value = BigQueryField("Value", kind.fieldType, mode, fields: fields)
        return BigQueryField(entry.keyword, .record, .repeated, fields: [BigQueryField("Id", .string), value])
    }
}
