import Operations
import Synchronization
import Testing
import Vocabulary

@testable import ServiceRuntime

/// One value from one thread to another.
@Suite struct HandoverTests {
    @Test func `a value that is there is taken at once`() {
        let handover = Handover<Int>()
        handover.put(7)
        #expect(handover.take() == 7)
    }

    @Test func `a value is waited for`() throws {
        let (question, answer) = (Handover<Int>(), Handover<Int>())
        let thread = try WorkerThread(name: "test") { answer.put(question.take() + 1) }
        question.put(41)
        #expect(answer.take() == 42)
        thread.join()
    }

    @Test func `nothing can be a value`() {
        let handover = Handover<Int?>()
        handover.put(nil)
        #expect(handover.take() == nil)
    }

    @Test func `of two values the later one counts`() {
        let handover = Handover<String>()
        handover.put("first")
        handover.put("second")
        #expect(handover.take() == "second")
    }

    @Test func `what the giver did before is seen by who takes`() throws {
        for round in 1...100 {
            let sum = Mutex(0)
            let handover = Handover<Void>()
            let thread = try WorkerThread(name: "test") {
                for number in 1...round { sum.withLock { $0 += number } }
                handover.put(())
            }
            handover.take()
            #expect(sum.withLock { $0 } == round * (round + 1) / 2)
            thread.join()
        }
    }
}
