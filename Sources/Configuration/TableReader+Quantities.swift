extension TableReader {
    /// The length of time of a key (`"50ms"`) within a range, or the default.
    mutating func duration(_ key: String, default fallback: Duration, in range: ClosedRange<Duration>) -> Duration {
        guard let text = string(key) else { return fallback }
        guard let duration = DurationText.parse(text) else {
            report(
                key,
                "\"\(text.printable)\" is not a length of time: write a whole number and ms, s, m, h or d (\"2s\")"
            )
            return fallback
        }
        guard range.contains(duration) else {
            let bounds = "\(DurationText.format(range.lowerBound)) and \(DurationText.format(range.upperBound))"
            report(key, "must be between \(bounds), not \(text)")
            return fallback
        }
        return duration
    }

    /// The number of bytes of a key (an integer, or `"512MiB"`) within a range, or the default.
    mutating func size(_ key: String, default fallback: Int, in range: ClosedRange<Int>) -> Int {
        guard case .string(let text)? = node(key)?.value else {
            return integer(key, default: fallback, in: range)
        }
        guard let size = SizeText.parse(text) else {
            report(
                key,
                "\"\(text.printable)\" is not a size: write bytes, or a whole number and KiB, MiB, GiB or TiB (\"1GiB\")"
            )
            return fallback
        }
        guard range.contains(size) else {
            let bounds = "\(SizeText.format(range.lowerBound)) and \(SizeText.format(range.upperBound))"
            report(key, "must be between \(bounds), not \(text)")
            return fallback
        }
        return size
    }

    /// The absolute path of a key in its plain form, or nil.
    mutating func path(_ key: String) -> String? {
        guard let text = string(key) else { return nil }
        switch AbsolutePath.normalize(text) {
        case .success(let path): return path
        case .failure(let flaw):
            report(key, flaw.description)
            return nil
        }
    }

    /// The case of an enumeration that a key names, or the default.
    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String,
        default fallback: Choice
    ) -> Choice {
        guard let text = string(key) else { return fallback }
        guard let choice = Choice(rawValue: text) else {
            let names = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
            report(key, "must be \(names), not \"\(text.printable)\"")
            return fallback
        }
        return choice
    }
}
