import BigQueryTable
import Operations
import Pipeline
import ServiceRuntime
import StoreWatch
import Testing
import Vocabulary
import Warehouse

@testable import Intake
@testable import Tables

/// Batches on their way from the thread that reads files to the one that stages rows.
@Suite struct ExportPipeTests {
    private let pipe = ExportPipe()

    private func parcel(_ batch: RowBatch = RowBatch(), through change: ChangeNumber) -> ExportPipe.Parcel {
        .init(batch: batch, through: change, failures: 0, gone: [])
    }

    private let fault = ServiceFault.lowSpace(directory: "/warehouse", free: 1, minimum: 2)

    @Test func `parcels come out as they were put in, in their order`() throws {
        let gone = GoneEntry(change: 4, path: [0x61], sop: "1.2", time: 9)
        let batch = try pipe.takeBatch()
        pipe.put(.init(batch: batch, through: 5, failures: 2, gone: [gone]))
        pipe.put(parcel(through: 6))
        let first = try #require(pipe.next())
        #expect(first.batch === batch && first.through == 5 && first.failures == 2 && first.gone == [gone])
        #expect(pipe.next()?.through == 6)
    }

    @Test func `what was put in before the end is still taken`() {
        pipe.put(parcel(through: 1))
        pipe.put(parcel(through: 2))
        pipe.close(dropping: false)
        #expect(pipe.next()?.through == 1)
        #expect(pipe.next()?.through == 2)
        #expect(pipe.next() == nil)
        #expect(pipe.next() == nil)
    }

    @Test func `an end that drops what waits leaves nothing to take`() {
        pipe.put(parcel(through: 1))
        pipe.put(parcel(through: 2))
        pipe.close(dropping: true)
        #expect(pipe.next() == nil)
    }

    @Test func `there are as many batches as may be on their way, and each goes round`() throws {
        let batches = try (0..<3).map { _ in try pipe.takeBatch() }
        #expect(Set(batches.map { ObjectIdentifier($0) }).count == 3)
        batches[1].appendDeletion(
            InstanceIdentity(study: "1", series: "1.1", instance: "1.1.1"),
            path: [0x61],
            change: 1,
            lastUpdated: 1
        )
        pipe.giveBack(batches[1])
        #expect(batches[1].isEmpty)
        #expect(try pipe.takeBatch() === batches[1])
    }

    @Test func `the reader waits for a batch until one comes back`() throws {
        let pipe = pipe
        let batches = try (0..<3).map { _ in try pipe.takeBatch() }
        let taken = Handover<ObjectIdentifier?>()
        let thread = try WorkerThread(name: "reader") {
            taken.put((try? pipe.takeBatch()).map { ObjectIdentifier($0) })
        }
        pipe.giveBack(batches[2])
        #expect(taken.take() == ObjectIdentifier(batches[2]))
        thread.join()
    }

    @Test func `the stager waits for a parcel, and for the end`() throws {
        let pipe = pipe
        let (taken, ended) = (Handover<ChangeNumber?>(), Handover<Bool>())
        let thread = try WorkerThread(name: "stager") {
            taken.put(pipe.next()?.through)
            ended.put(pipe.next() == nil)
        }
        pipe.put(parcel(through: 7))
        #expect(taken.take() == 7)
        pipe.close(dropping: false)
        #expect(ended.take())
        thread.join()
    }

    @Test func `a fault of the stager reaches the reader, also one that waits`() throws {
        let pipe = pipe
        #expect(pipe.fault == nil)
        for _ in 0..<3 { _ = try pipe.takeBatch() }
        let reason = Handover<String>()
        let thread = try WorkerThread(name: "reader") {
            do throws(ServiceFault) {
                _ = try pipe.takeBatch()
                reason.put("none")
            } catch {
                reason.put("\(error)")
            }
        }
        pipe.fail(fault)
        #expect(reason.take() == "\(fault)")
        thread.join()
        #expect(pipe.fault.map { "\($0)" } == "\(fault)")
    }

    @Test func `after a fault there are no batches, even if some are left`() {
        pipe.fail(fault)
        #expect(throws: ServiceFault.self) { try pipe.takeBatch() }
    }

    @Test func `a thousand parcels pass two threads, none twice and none lost`() throws {
        let pipe = pipe
        let total = Handover<[ChangeNumber]>()
        let stager = try WorkerThread(name: "stager") {
            var changes: [ChangeNumber] = []
            while let parcel = pipe.next() {
                changes.append(parcel.through)
                pipe.giveBack(parcel.batch)
            }
            total.put(changes)
        }
        let changes = (1...1000).map { ChangeNumber($0) }
        for change in changes { pipe.put(parcel(try pipe.takeBatch(), through: change)) }
        pipe.close(dropping: false)
        #expect(total.take() == changes)
        stager.join()
    }
}
