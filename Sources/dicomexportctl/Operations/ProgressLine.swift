import HealthcareAPI

/// The live line of an operation that is waited for: bar, done/total, rate, time left. Knows no clock but what it is handed.
struct ProgressLine {
    private static let width: Int64 = 24
    private var start: (done: Int64, time: ContinuousClock.Instant)?

    mutating func text(_ counter: ProgressCounter, at now: ContinuousClock.Instant, hasBar: Bool = true) -> String {
        let done = counter.success &+ counter.failure
        let total = done &+ counter.pending
        let began = start ?? (done, now)
        start = began
        var text = hasBar ? Self.bar(done, total) + " " : ""
        guard total > 0 else { return text + "0" }
        text += "\(done)/\(total)"
        if counter.failure > 0 { text += ", \(counter.failure) failed" }
        let seconds =
            Double((now - began.time).components.seconds) + Double((now - began.time).components.attoseconds) / 1e18
        guard seconds > 0, done > began.done else { return text }
        let rate = Double(done - began.done) / seconds
        text += rate >= 10 ? ", \(Int64(rate))/s" : ", \(Double(Int64(rate * 10)) / 10)/s"
        let left = Double(counter.pending) / rate
        return left < 360_000 ? text + ", \(Self.clock(Int64(left))) left" : text
    }

    private static func bar(_ done: Int64, _ total: Int64) -> String {
        let filled = total > 0 ? Int(Double(width) * Double(done) / Double(total)) : 0
        return "[" + String(repeating: "#", count: filled) + String(repeating: " ", count: Int(width) - filled) + "]"
    }

    /// `1:02:03` or `02:03`
    private static func clock(_ seconds: Int64) -> String {
        func two(_ value: Int64) -> String { (value < 10 ? "0" : "") + "\(value)" }
        let hours = seconds / 3600
        return (hours > 0 ? "\(hours):" : "") + two(seconds / 60 % 60) + ":" + two(seconds % 60)
    }
}
