/// Names that were moved away, kept until it is clear where to. Knows no clock and does no I/O.
///
/// A move within the store is two events, of which the second leads to the new place: a file there, or a directory that is
/// walked first. What was moved out of the store has no second event.
struct Departures: Sendable {
    typealias Instant = ContinuousClock.Instant

    private struct Departure {
        var path: StorePath
        var isDirectory: Bool
        var cookie: UInt32
        var time: Instant
        /// How many events had been read then.
        var events: UInt64
        var hasArrived = false
    }

    /// The kernel writes both events of a move one after the other; so long it may take in between.
    static let pairTime = Duration.milliseconds(20)
    /// Nor do so many other events come in between.
    static let pairEvents: UInt64 = 1024
    /// More are not kept: the oldest are let go, and may be told of before their new place was walked.
    static let capacity = 100_000

    private var departures: [Departure] = []

    var isEmpty: Bool { departures.isEmpty }

    mutating func left(_ path: StorePath, isDirectory: Bool, cookie: UInt32, at now: Instant, events: UInt64) {
        departures.append(
            Departure(path: path, isDirectory: isDirectory, cookie: cookie, time: now, events: events)
        )
    }

    /// The second event of a move within the store.
    mutating func arrived(cookie: UInt32) {
        // It comes right behind the first one, so it is among the last.
        guard let index = departures.lastIndex(where: { $0.cookie == cookie }) else { return }
        departures[index].hasArrived = true
    }

    mutating func removeAll() { departures = [] }

    /// When the next one is to be looked at again, if no event comes before; nil while walks are under way, or nothing waits.
    func nextDue(isWalking: Bool) -> Instant? {
        isWalking ? nil : departures.map { $0.hasArrived ? $0.time : $0.time + Self.pairTime }.min()
    }

    /// Takes out what can be told of, in order.
    ///
    /// `isWalking`: Directories that appeared have not all been read; what left may be in one of them.
    /// `isDrained`: No event is left to be read.
    mutating func take(
        at now: Instant,
        events: UInt64,
        isWalking: Bool,
        isDrained: Bool
    ) -> [(path: StorePath, isDirectory: Bool)] {
        guard !departures.isEmpty else { return [] }
        var taken: [(path: StorePath, isDirectory: Bool)] = []
        var kept: [Departure] = []
        let surplus = departures.count - Self.capacity
        for (index, departure) in departures.enumerated() {
            let isUnpaired =
                events &- departure.events > Self.pairEvents || (isDrained && now >= departure.time + Self.pairTime)
            let isClear =
                departure.hasArrived && !departure.isDirectory
                || !isWalking && (departure.hasArrived || isUnpaired)
            if isClear || index < surplus {
                taken.append((departure.path, departure.isDirectory))
            } else {
                kept.append(departure)
            }
        }
        departures = kept
        return taken
    }
}
