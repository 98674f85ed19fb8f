import Dispatch
import Operations
import ServiceRuntime
import StoreWatch
import Testing
import Vocabulary

@testable import Intake

/// A question to a store's thread, and the wait for its answer.
@Suite struct LookRequestTests {
    @Test(arguments: [
        (LookRequest.Answer.recorded, false), (.unsettled, false), (.held, true), (.unreadable(reason: "r"), true),
        (.outOfReach(reason: "r"), true),
    ])
    func `a file is passed over if it may be long before it is clear what became of it`(
        answer: LookRequest.Answer,
        isPassable: Bool
    ) {
        #expect(answer.isPassable == isPassable)
    }

    @Test func `before it is answered there is no answer`() {
        let request = LookRequest([StorePath("a")])
        #expect(request.wait(0) == nil)
        #expect(request.wait(0) == nil)
    }

    @Test func `an answer is there for whoever asks, however often`() {
        let request = LookRequest([StorePath("a"), StorePath("b")])
        let answers: [StorePath: LookRequest.Answer] = [
            StorePath("a"): .recorded, StorePath("b"): .outOfReach(reason: "r"),
        ]
        request.answer(answers)
        for _ in 0..<3 { #expect(request.wait(0) == answers) }
    }

    @Test func `an answer for all names each path, one that was asked for twice as well`() {
        let request = LookRequest(["a", "b", "a"].map { StorePath($0) })
        request.answer(allWith: .held)
        #expect(request.wait(0) == [StorePath("a"): .held, StorePath("b"): .held])
    }

    @Test func `of no paths there is an answer too`() {
        let request = LookRequest([])
        request.answer(allWith: .recorded)
        #expect(request.wait(0) == [:])
    }

    @Test func `who waits is woken by the answer`() {
        let request = LookRequest([StorePath("a")])
        DispatchQueue.global().async { request.answer(allWith: .unsettled) }
        let start = ContinuousClock.now
        #expect(request.wait(600) == [StorePath("a"): .unsettled])
        #expect(ContinuousClock.now - start < .seconds(600))
    }
}
