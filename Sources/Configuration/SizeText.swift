/// Sizes as the file writes them: bytes, or a whole number and a binary unit, such as `512MiB` or `1GiB`.
///
/// Decimal units are refused, not guessed at: half of the world's programs read `1GB` as 2^30.
enum SizeText {
    private static let units: [(name: String, shift: Int)] = [
        ("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10), ("", 0),
    ]

    /// Reads a number of bytes; nil if the text is anything else, or more than 63 bits can say.
    static func parse(_ text: String) -> Int? {
        guard let (count, unit) = text.splitQuantity(), let shift = units.first(where: { $0.name == unit })?.shift
        else {
            return nil
        }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: 1 << shift)
        return overflow ? nil : bytes
    }

    /// Writes a number of bytes in the largest unit that leaves no fraction.
    static func format(_ bytes: Int) -> String {
        guard bytes > 0, let unit = units.first(where: { bytes % (1 << $0.shift) == 0 }) else { return "\(bytes)" }
        return "\(bytes >> unit.shift)\(unit.name)"
    }
}
