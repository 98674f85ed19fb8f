import BigQueryTable
import Operations
import Pipeline
import ServiceRuntime
import Testing
import Vocabulary
import Warehouse

@testable import Intake
@testable import Tables

/// An export's progress, made of its position.
@Suite struct ExportMeterTests {
    private let operation: ExportOperation
    private var position: ExportPosition

    init() throws {
        let fixture = try TableFixture()
        operation = try fixture.export()
        let target = ExportTarget(
            operation: operation.id,
            store: TableFixture.storeName,
            table: operation.table,
            disposition: .create
        )
        position = try fixture.pipeline.warehouse.dataset(for: operation.table).openExport(target).position
    }

    private func show(_ meter: ExportMeter, success: Int64, failure: Int64, damaged: Int64 = 0) -> OperationProgress? {
        var now = position
        (now.success, now.failure, now.damaged) = (success, failure, damaged)
        meter.show(now)
        return operation.progress
    }

    @Test func `at its start all is pending`() {
        _ = ExportMeter(operation, pending: 10, from: position)
        #expect(operation.progress == OperationProgress(pending: 10, success: 0, failure: 0))
    }

    @Test(
        arguments: [(0, 0, 10), (4, 0, 6), (4, 3, 3), (0, 10, 0), (10, 0, 0), (9, 5, 0)] as [(Int64, Int64, Int64)]
    )
    func `what is not done is pending, whether rows or failures, and never less than nothing`(
        success: Int64,
        failure: Int64,
        pending: Int64
    ) {
        let meter = ExportMeter(operation, pending: 10, from: position)
        let damaged = success / 2
        let shown = show(meter, success: success, failure: failure, damaged: damaged)
        #expect(shown == OperationProgress(pending: pending, success: success, failure: failure, damaged: damaged))
    }

    @Test mutating func `one that goes on counts what was done before`() {
        (position.success, position.failure, position.damaged) = (100, 7, 2)
        let meter = ExportMeter(operation, pending: 10, from: position)
        #expect(operation.progress == OperationProgress(pending: 10, success: 100, failure: 7, damaged: 2))
        let shown = show(meter, success: 105, failure: 8, damaged: 3)
        #expect(shown == OperationProgress(pending: 4, success: 105, failure: 8, damaged: 3))
    }
}
