import ServiceRuntime
import Testing
import Vocabulary

@testable import Operations

/// What is asked of an operation from outside, and what is seen of it.
@Suite struct OperationControlTests {
    private final class Operation: ControlledOperation {
        let id: OperationID = 7
        let table: TableReference
        let control: OperationControl

        init(isCancelled: Bool = false) throws {
            table = try TableReference(uri: "bq://p.d.t")
            control = OperationControl(isCancelled: isCancelled)
        }
    }

    @Test func `a new one has no progress, and nobody wants it to end`() throws {
        let operation = try Operation()
        #expect(operation.progress == nil)
        #expect(!operation.isCancelled && !operation.isStopping && !operation.mustEnd)
    }

    @Test(arguments: [(true, false), (false, true), (true, true)])
    func `it must end when it is cancelled, and when the service stops`(cancel: Bool, stop: Bool) throws {
        let operation = try Operation()
        if cancel { operation.cancel() }
        if stop { operation.stop() }
        #expect(operation.isCancelled == cancel && operation.isStopping == stop && operation.mustEnd)
        // It would take an hour.
        operation.control.pause(3600)
    }

    @Test func `one that was cancelled before a restart is so from the beginning`() throws {
        let operation = try Operation(isCancelled: true)
        #expect(operation.isCancelled && operation.mustEnd && !operation.isStopping)
    }

    @Test func `its progress is what was published last`() throws {
        let operation = try Operation()
        operation.publish(OperationProgress(pending: 3, success: 1, failure: 0))
        operation.publish(OperationProgress(pending: 1, success: 2, failure: 1, damaged: 1))
        #expect(operation.progress == OperationProgress(pending: 1, success: 2, failure: 1, damaged: 1))
    }

    @Test func `who waits is woken by the end`() throws {
        let operation = try Operation()
        let thread = try WorkerThread(name: "test") { operation.control.pause(3600) }
        operation.stop()
        thread.join()
    }
}
