/// What was seen inside of a record, or of the table: columns, and in each what is nested in it.
struct RecordShape: Sendable {
    private var children: [ColumnID: RecordShape] = [:]

    init() {}

    /// The shape that a stored schema describes; names that are none of ours are passed over.
    init(fields: [BigQueryField]) {
        for field in fields {
            guard let column = ColumnID(name: field.name) else { continue }
            children[column] = RecordShape(fields: column.nestedFields(of: field))
        }
    }

    var columns: Dictionary<ColumnID, RecordShape>.Keys { children.keys }

    /// Fields in all columns, at all depths.
    var nestedCount: Int { children.values.reduce(0) { $0 + $1.children.count + $1.nestedCount } }

    /// The way to each column and field, the outer ones first.
    var paths: [[ColumnID]] {
        children.flatMap { column, shape in [[column]] + shape.paths.map { [column] + $0 } }
    }

    func contains(_ column: ColumnID) -> Bool { children[column] != nil }

    func contains(path: ArraySlice<ColumnID>) -> Bool {
        guard let first = path.first else { return true }
        return children[first]?.contains(path: path.dropFirst()) ?? false
    }

    mutating func insert(_ column: ColumnID) { insert(path: [column]) }

    mutating func insert(path: ArraySlice<ColumnID>) {
        guard let first = path.first else { return }
        children[first, default: RecordShape()].insert(path: path.dropFirst())
    }

    func fields(kind: SchemaKind) -> [BigQueryField] {
        children.sorted { $0.key < $1.key }.map { column, shape in
            column.isOwn ? column.field(kind: kind) : column.elementField(nested: shape.nestedFields(kind: kind))
        }
    }

    /// The fields of a sequence. BigQuery knows no RECORD without fields: one whose items were all empty gets the field that
    /// any item may have.
    private func nestedFields(kind: SchemaKind) -> [BigQueryField] {
        children.isEmpty ? [ColumnID.otherElementsField] : fields(kind: kind)
    }
}

extension ColumnID {
    /// What `field`, this column's in a stored schema, says of the items of a sequence; nothing for other columns.
    fileprivate func nestedFields(of field: BigQueryField) -> [BigQueryField] {
        guard !isOwn, self.field.type == .record else { return [] }
        guard isRepeatingGroup else { return field.fields.isPersonName ? [] : field.fields }
        guard let value = field.fields.first(where: { $0.name == "Value" }), value.type == .record else { return [] }
        return value.fields.isPersonName ? [] : value.fields
    }
}

extension [BigQueryField] {
    fileprivate var isPersonName: Bool { first?.name == PersonName.groups.first }
}
