import Synchronization

/// The columns that a table has or is about to have, with all that was seen inside its records.
///
/// Shared by the threads that make rows for a table and the one that writes them. It only grows: once a column is admitted
/// it stays, and once the table is full it stays full.
package final class TableSchema: Sendable {
    package let kind: SchemaKind
    package let limits: ColumnLimits
    private let state: Mutex<State>

    private struct State {
        var root = RecordShape()
        var privateSequences = 0
        var nestedFields = 0
        var revision = 0
    }

    /// Takes up a table with these columns. Fields whose names are none of ours are passed over.
    package init(kind: SchemaKind, fields: [BigQueryField], limits: ColumnLimits = ColumnLimits()) {
        self.kind = kind
        self.limits = limits
        let root = RecordShape(fields: fields)
        state = Mutex(
            State(
                root: root,
                privateSequences: root.columns.count { $0.isPrivateSequence },
                nestedFields: root.nestedCount
            )
        )
    }

    /// The schema of a table that does not exist yet.
    package convenience init(kind: SchemaKind, includesSourceStore: Bool, limits: ColumnLimits = ColumnLimits()) {
        let columns = ColumnID.initial(kind: kind, includesSourceStore: includesSourceStore)
        self.init(kind: kind, fields: columns.map { $0.field(kind: kind) }, limits: limits)
    }

    /// Answers whether the table has, or may get, this column; false if it would be too wide.
    package func admit(_ column: ColumnID) -> Bool {
        state.withLock { state in
            if state.root.contains(column) { return true }
            let isPrivateSequence = column.isPrivateSequence
            guard state.root.columns.count < limits.columns,
                !isPrivateSequence || state.privateSequences < limits.privateSequences
            else { return false }
            state.root.insert(column)
            state.privateSequences += isPrivateSequence ? 1 : 0
            state.revision += 1
            return true
        }
    }

    /// As ``admit(_:)``, for a field inside of a record: `path` goes from the column, which is admitted, down to the field.
    package func admit(path: [ColumnID]) -> Bool {
        state.withLock { state in
            if state.root.contains(path: path[...]) { return true }
            // `OtherElements` takes what finds no room, so there is always room for itself.
            guard state.nestedFields < limits.nestedFields || path.last?.isOwn == true else { return false }
            state.nestedFields += 1
            state.root.insert(path: path[...])
            state.revision += 1
            return true
        }
    }

    /// Takes up the columns and nested fields of another table; false if there is no room for all of them.
    package func absorb(_ fields: [BigQueryField]) -> Bool {
        RecordShape(fields: fields).paths.map { path in
            path.count == 1 ? admit(path[0]) : admit(path: path)
        }
        .allSatisfy(\.self)
    }

    /// Grows whenever a column or a nested field is new.
    package var revision: Int { state.withLock { $0.revision } }

    /// The columns, ascending.
    package var columns: [ColumnID] { state.withLock { $0.root.columns.sorted() } }

    /// How much of the limits is used, from 0 to 1: the status warns early.
    package var fullness: Double {
        state.withLock { state in
            max(
                Double(state.root.columns.count) / Double(max(limits.columns, 1)),
                Double(state.privateSequences) / Double(max(limits.privateSequences, 1)),
                Double(state.nestedFields) / Double(max(limits.nestedFields, 1))
            )
        }
    }

    /// The whole schema in order of columns.
    package var fields: [BigQueryField] { snapshot.fields }

    /// The whole schema with the revision that it is of.
    package var snapshot: (fields: [BigQueryField], revision: Int) {
        let (root, revision) = state.withLock { ($0.root, $0.revision) }
        return (root.fields(kind: kind), revision)
    }

    /// The schema as `bq load --schema` takes it.
    package func json() -> String { BigQueryField.json(fields) }
}
