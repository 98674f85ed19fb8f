internal import ServiceRuntime

/// Why a store's thread writes nothing at present, and when that is tried again. Knows no clock.
struct Suspension {
    private(set) var fault: ServiceFault?
    private(set) var retry: ContinuousClock.Instant?
    static let pause = Duration.seconds(5)

    /// A fault that stops the thread; true if nothing did so far.
    mutating func begin(_ fault: ServiceFault, at now: ContinuousClock.Instant) -> Bool {
        let isNews = self.fault == nil
        self.fault = fault
        retry = now + Self.pause
        return isNews
    }

    mutating func end() { self = Suspension() }

    /// Whether it is to last for a while still.
    func holds(at now: ContinuousClock.Instant) -> Bool { retry.map { now < $0 } ?? false }
}
