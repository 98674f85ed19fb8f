import StoreWatch
import Testing

@testable import Operations

@Suite struct DeletionGateTests {
    let start = ContinuousClock.now

    @Test func `a deletion is believed after a quiet second`() {
        var gate = DeletionGate()
        gate.add(file: StorePath("a"), at: start)
        #expect(gate.take(at: start + .milliseconds(900)) == nil)
        #expect(gate.take(at: start + .seconds(1))?.files == [StorePath("a")])
        #expect(gate.due == nil)
    }

    @Test func `events that keep coming put it off, but not for ever`() {
        var gate = DeletionGate()
        for second in 0..<20 { gate.add(file: StorePath("\(second)"), at: start + .milliseconds(500 * second)) }
        #expect(gate.take(at: start + .milliseconds(9_900)) == nil)
        #expect(gate.take(at: start + .seconds(10))?.files.count == 20)
    }

    @Test func `more than it can keep is left to a scan`() {
        var gate = DeletionGate()
        for number in 0...DeletionGate.capacity { gate.add(file: StorePath("\(number)"), at: start) }
        #expect(gate.take(at: start + .seconds(1))?.hasOverflowed == true)
    }

    @Test(arguments: [(21, 101, true), (20, 101, false), (100, 100, false), (0, 1000, false), (201, 1000, true)])
    func `more than a fifth of over a hundred is suspicious`(missing: Int, live: Int, isHeld: Bool) {
        #expect(DeletionGate.mustHold(missing: missing, live: live) == isHeld)
    }
}
