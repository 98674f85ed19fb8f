import BigQueryTable
import Vocabulary

@testable import Warehouse

extension Fixture {
    func target(
        _ disposition: ExportDisposition,
        operation: OperationID = 100,
        kind: SchemaKind = .flattened,
        feeds: [ExportTarget.Feed] = [],
        isFiltered: Bool = false
    ) -> ExportTarget {
        ExportTarget(
            operation: operation,
            store: Self.store,
            table: request.table,
            kind: kind,
            limits: request.limits,
            disposition: disposition,
            isFiltered: isFiltered,
            feeds: feeds,
            snapshot: 1000
        )
    }

    /// The stream of this fixture.
    var feed: ExportTarget.Feed { .init(store: request.store, kind: request.kind) }

    func open(_ target: ExportTarget) throws -> ExportWriter {
        try warehouse.dataset(for: target.table).openExport(target)
    }

    func sweep(running: Set<OperationID> = [], known: Set<OperationID> = [100]) throws {
        try warehouse.dataset(for: request.table).sweep(running: running, known: known, newest: 1000) { true }
    }

    /// Everything that is in the table: rows, numbers that tell instances apart.
    func instances() throws -> [String] {
        try rows("SELECT SOPInstanceUID FROM instances ORDER BY length(SOPInstanceUID), SOPInstanceUID")
    }

    /// The tables and indexes of ours that a user need not know of.
    func leftovers() throws -> [String] {
        try rows(
            """
            SELECT name FROM sqlite_schema WHERE type = 'table'
            AND (name GLOB '_dicomexportd_stage_*' OR name GLOB '_dicomexportd_old_*')
            """
        )
    }
}

extension ExportWriter {
    /// Stages instances in one batch.
    func stage(_ numbers: Range<Int>, values: [ColumnID: Value] = [.modality: .text("MR")]) throws {
        try append(
            .instances(numbers, schema: schema, values: values),
            through: ChangeNumber(numbers.upperBound),
            failures: 0,
            gone: []
        )
    }

    func land() throws { try land(now: 5) { true } }
}

/// What a range of numbers is in the table.
func uids(_ numbers: Range<Int>) -> [String] { numbers.map { "1.2.\($0)" } }
