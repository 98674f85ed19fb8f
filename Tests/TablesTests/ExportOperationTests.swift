import Dispatch
import Operations
import Pipeline
import ServiceRuntime
import Testing
import Vocabulary
import Warehouse

@testable import Intake
@testable import Tables

/// An export that has not ended, as other threads see it.
@Suite struct ExportOperationTests {
    private let fixture: TableFixture
    private let operation: ExportOperation

    init() throws {
        fixture = try TableFixture()
        operation = try fixture.export()
    }

    @Test func `one that was asked for just now has done nothing, and is told nothing`() {
        #expect(operation.progress == nil)
        #expect(!operation.isCancelled && !operation.isStopping && !operation.mustEnd && !operation.isLanding)
        #expect(!operation.isResumed)
        #expect(operation.table.uri == TableFixture.table)
    }

    @Test func `it takes the log as it is when it is asked for`() throws {
        #expect(operation.snapshot == 0)
        let change = try fixture.put(1)
        #expect(try fixture.export(.append).snapshot == change)
    }

    @Test(arguments: [(true, false), (false, true), (true, true)])
    func `it must end when it is cancelled, and when the service stops`(cancel: Bool, stop: Bool) {
        if cancel { operation.cancel() }
        if stop { operation.stop() }
        #expect(operation.isCancelled == cancel && operation.isStopping == stop)
        #expect(operation.mustEnd)
    }

    @Test func `its progress is what was published last`() {
        operation.publish(.init(pending: 3, success: 0, failure: 0))
        operation.publish(.init(pending: 1, success: 1, failure: 1, damaged: 1))
        #expect(operation.progress == OperationProgress(pending: 1, success: 1, failure: 1, damaged: 1))
    }

    @Test func `it says whether it lands`() {
        operation.setLanding(true)
        #expect(operation.isLanding)
        operation.setLanding(false)
        #expect(!operation.isLanding)
    }

    @Test(arguments: [false, true])
    func `who pauses goes on at once when it is to end`(isCancelled: Bool) throws {
        let operation = operation
        let paused = Handover<Bool>()
        let thread = try WorkerThread(name: "export") {
            operation.pause(3600)
            paused.put(operation.mustEnd)
        }
        if isCancelled { operation.cancel() } else { operation.stop() }
        #expect(paused.take())
        thread.join()
    }

    @Test func `a pause is a rest, and the thread that goes on is busy`() {
        operation.pause(0)
        #expect(operation.heartbeat.isAlive())
        // Nothing has come since.
        #expect(!operation.heartbeat.isAlive())
        operation.pause(0)
        #expect(operation.heartbeat.isAlive())
    }

    @Test func `one that is taken up again knows what it was, and whether it was cancelled`() throws {
        let change = try fixture.put(1)
        let asked = try fixture.export(.append)
        let again = try fixture.resumed(asked)
        #expect(again.id == asked.id && again.request == asked.request && again.snapshot == change)
        #expect(again.isResumed && !again.isCancelled)
        #expect(try fixture.pipeline.cancel(again.id) && again.isCancelled)
        #expect(try fixture.resumed(again).isCancelled)
    }
}
