import Operations
import ServiceRuntime
import StoreWatch
import TestSupport
import Testing
import Vocabulary

@testable import Intake

/// An intake as other threads use it, without the thread behind it.
@Suite struct IntakeMailboxTests {
    let intake = StoreIntake(settings: StoreSettings(name: "s", path: "/nowhere"), storeID: 7)

    @Test func `it knows its store by its settings and its number`() {
        #expect(intake.settings.path == "/nowhere")
        #expect(intake.storeID == 7)
    }

    @Test func `an empty mailbox has nothing in it`() {
        let mail = intake.takeMail()
        #expect(mail.looks.isEmpty && mail.renewals.isEmpty && !mail.hasRescans)
        #expect(!intake.hasRenewals)
    }

    @Test func `looks come out once, in the order in which they were asked for`() {
        for name in ["c", "a", "b"] { intake.request(LookRequest([StorePath(name)])) }
        #expect(intake.takeMail().looks.map(\.paths) == [[StorePath("c")], [StorePath("a")], [StorePath("b")]])
        #expect(intake.takeMail().looks.isEmpty)
    }

    @Test func `renewals of several requests come out together, once`() {
        intake.requestRenewal(of: [3, 1])
        intake.requestRenewal(of: [])
        intake.requestRenewal(of: [2])
        #expect(intake.hasRenewals)
        #expect(intake.takeMail().renewals == [3, 1, 2])
        #expect(!intake.hasRenewals)
        #expect(intake.takeMail().renewals == [])
    }

    @Test func `a request to renew nothing is none`() {
        intake.requestRenewal(of: [])
        #expect(!intake.hasRenewals)
    }

    @Test func `that rescans have changed is said once, however many have`() {
        intake.rescansChanged()
        intake.rescansChanged()
        #expect(intake.takeMail().hasRescans)
        #expect(!intake.takeMail().hasRescans)
    }

    @Test func `what one kind of mail asks for leaves the others alone`() {
        intake.request(LookRequest([StorePath("a")]))
        intake.requestRenewal(of: [1])
        intake.rescansChanged()
        let mail = intake.takeMail()
        #expect(mail.looks.count == 1 && mail.renewals == [1] && mail.hasRescans)
    }

    @Test func `it is stopped for good`() {
        #expect(!intake.isStopping)
        intake.stop()
        intake.stop()
        _ = intake.takeMail()
        #expect(intake.isStopping)
    }

    @Test func `the snapshot is the last that was published`() {
        #expect(intake.snapshot.watch == nil)
        #expect(intake.snapshot.problems == [])
        var snapshot = IntakeSnapshot()
        for entries in 1...3 as ClosedRange<Int64> {
            snapshot.entries = entries
            intake.publish(snapshot)
        }
        #expect(intake.snapshot.entries == 3)
    }

    /// Whatever is asked of an intake ends the sleep of its thread.
    @Test(arguments: ["looks", "renewals", "rescans", "stop"])
    func `the thread is woken by whatever is asked of it`(what: String) throws {
        let home = try TemporaryDirectory("mailbox")
        var options = WatchOptions()
        options.rescanInterval = .zero
        let watch = try StoreWatch(root: home.path, options: options)
        intake.setWaker(watch.waker)
        while watch.status.scans == 0 { _ = try watch.next(deadline: .now) }
        switch what {
        case "looks": intake.request(LookRequest([StorePath("a")]))
        case "renewals": intake.requestRenewal(of: [1])
        case "rescans": intake.rescansChanged()
        default: intake.stop()
        }
        let deadline = ContinuousClock.now + .seconds(600)
        #expect(try watch.next(deadline: deadline) == [])
        #expect(ContinuousClock.now < deadline)
    }
}
