import Testing

@testable import StoreWatch

/// When a name that was moved away may be told of.
@Suite struct DeparturesTests {
    let start = ContinuousClock.now

    private func taken(
        _ departures: inout Departures,
        after time: Duration,
        events: UInt64 = 1,
        walking: Bool = false,
        drained: Bool = true
    ) -> [StorePath] {
        departures.take(at: start + time, events: events, isWalking: walking, isDrained: drained).map(\.path)
    }

    @Test func `a file that was moved within the store is told of at once, behind its new place`() {
        var departures = Departures()
        departures.left("a", isDirectory: false, cookie: 7, at: start, events: 1)
        departures.arrived(cookie: 7)
        #expect(taken(&departures, after: .zero, walking: true, drained: false) == ["a"])
        #expect(departures.isEmpty)
    }

    @Test func `what was moved out waits until its second event would have come`() {
        var departures = Departures()
        departures.left("a", isDirectory: false, cookie: 7, at: start, events: 1)
        #expect(taken(&departures, after: .zero) == [])
        #expect(departures.nextDue(isWalking: false) == start + Departures.pairTime)
        #expect(taken(&departures, after: Departures.pairTime, drained: false) == [])
        #expect(taken(&departures, after: Departures.pairTime) == ["a"])
    }

    @Test func `under a steady stream of events their number tells`() {
        var departures = Departures()
        departures.left("a", isDirectory: false, cookie: 7, at: start, events: 1)
        #expect(taken(&departures, after: .zero, events: 1 + Departures.pairEvents, drained: false) == [])
        #expect(taken(&departures, after: .zero, events: 2 + Departures.pairEvents, drained: false) == ["a"])
    }

    @Test func `a directory waits for the walk through its new place, and so does a file that may be in it`() {
        var departures = Departures()
        departures.left("d", isDirectory: true, cookie: 7, at: start, events: 1)
        departures.left("f", isDirectory: false, cookie: 8, at: start, events: 1)
        departures.arrived(cookie: 7)
        #expect(taken(&departures, after: .seconds(9), walking: true) == [])
        #expect(departures.nextDue(isWalking: true) == nil)
        #expect(taken(&departures, after: .seconds(9)) == ["d", "f"])
    }

    @Test func `no more are kept than fit`() {
        var departures = Departures()
        for number in 0...Departures.capacity {
            departures.left(StorePath("\(number)"), isDirectory: false, cookie: 0, at: start, events: 1)
        }
        #expect(taken(&departures, after: .zero, walking: true) == ["0"])
    }
}
