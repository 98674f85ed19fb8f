/// The pauses between attempts at what may go by itself: each is twice the one before, up to a longest. A value; seconds.
package struct Backoff: Hashable, Sendable {
    package let shortest: Double
    package let longest: Double
    private var pause: Double

    package init(from shortest: Double = 0.2, to longest: Double = 10) {
        self.shortest = shortest
        self.longest = longest
        pause = shortest
    }

    /// How long to wait before the next attempt.
    package mutating func next() -> Double {
        defer { pause = min(pause * 2, longest) }
        return pause
    }

    /// An attempt went well.
    package mutating func reset() { pause = shortest }
}
