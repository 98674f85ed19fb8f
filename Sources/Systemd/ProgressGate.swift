/// Decides whether a sign of life may be sent: only if every part of the pipeline that has work has done some of it.
///
/// A timer thread that pings while the writer hangs would hide exactly what a watchdog is there to find.
package struct ProgressGate: Sendable {
    /// What one part says of itself.
    package struct Part: Equatable, Sendable {
        /// The name, for the status line.
        package var name: String
        /// A count that grows with every piece of work done.
        package var progress: UInt64
        /// Whether there is nothing to do.
        package var isIdle: Bool

        package init(name: String, progress: UInt64, isIdle: Bool) {
            self.name = name
            self.progress = progress
            self.isIdle = isIdle
        }
    }

    private var seen: [String: UInt64] = [:]

    package init() {}

    /// Compares the parts with the last time that all was well.
    ///
    /// - Parameter parts: The whole pipeline.
    /// - Returns: The names of the parts that have work and did none of it since. Empty: send a sign of life.
    package mutating func stalled(_ parts: [Part]) -> [String] {
        let stalled = parts.filter { !$0.isIdle && seen[$0.name] == $0.progress }.map(\.name)
        if stalled.isEmpty {
            seen = Dictionary(parts.map { ($0.name, $0.progress) }, uniquingKeysWith: { first, _ in first })
        }
        return stalled
    }
}
