/// Lengths of time as the file writes them: a whole number and a unit, such as `50ms`, `2s`, `5m`, `1h` or `30d`.
enum DurationText {
    private static let units: [(name: String, milliseconds: Int)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("ms", 1), ("s", 1000),
    ]

    /// Reads a length of time; nil if the text is anything else, or longer than milliseconds in 64 bits can say.
    static func parse(_ text: String) -> Duration? {
        guard let (count, unit) = text.splitQuantity(),
            let factor = units.first(where: { $0.name == unit })?.milliseconds
        else { return nil }
        let (milliseconds, overflow) = count.multipliedReportingOverflow(by: factor)
        return overflow ? nil : .milliseconds(milliseconds)
    }

    /// Writes a length of time in the largest unit that leaves no fraction.
    static func format(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = Int(seconds) &* 1000 &+ Int(attoseconds / 1_000_000_000_000_000)
        if milliseconds == 0 { return "0s" }
        let ordered = units.sorted { $0.milliseconds > $1.milliseconds }
        guard let unit = ordered.first(where: { milliseconds % $0.milliseconds == 0 }) else { return "\(duration)" }
        return "\(milliseconds / unit.milliseconds)\(unit.name)"
    }
}

extension String {
    /// Splits a quantity into its leading decimal digits and the unit after them; nil without digits or on overflow.
    func splitQuantity() -> (count: Int, unit: String)? {
        let digits = utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard let count = Int(Substring(digits)) else { return nil }
        return (count, String(dropFirst(digits.count)))
    }
}
