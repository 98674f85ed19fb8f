/// The methods of Google's API that this service does not have, so that its refusal can name the one that was meant.
enum HealthcareMethods {
    private struct Entry: Sendable {
        var method: String
        var pattern: [String]
        var name: String

        init?(line: Substring) {
            let fields = line.split(separator: " ")
            guard fields.count == 3 else { return nil }
            method = String(fields[0])
            let inDataset = fields[1].hasPrefix("~") || fields[1].hasPrefix("^")
            let expanded = String(fields[1]).replacingPrefix("^", "~/dicomStores/*/dicomWeb/studies/*")
                .replacingPrefix("~", "projects/*/locations/*/datasets/*")
            pattern = expanded.split(separator: "/").map(String.init)
            name = "healthcare.projects.locations." + (inDataset ? "datasets." : "") + fields[2]
        }

        /// How many segments match literally; nil if it does not match.
        func score(_ segments: [String]) -> Int? {
            guard segments.count == pattern.count else { return nil }
            var literal = 0
            for (segment, part) in zip(segments, pattern) {
                if part == segment {
                    literal += 1
                } else if part.hasPrefix("*:"), segment.hasSuffix(part.dropFirst()) {
                    literal += 1
                } else if part != "*" || segment.isEmpty {
                    return nil
                }
            }
            return literal
        }
    }

    /// Read once, on the first request for something that is not served.
    private static let entries: [Entry] = table.description.split(separator: "\n").compactMap(Entry.init)

    /// The full name of the method that a request means, the most literal match first; nil if the API has none.
    static func name(method: String, segments: [String]) -> String? {
        var best: (score: Int, name: String)?
        for entry in entries where entry.method == method {
            guard let score = entry.score(segments), score > best?.score ?? -1 else { continue }
            best = (score, entry.name)
        }
        return best?.name
    }
}

extension String {
    fileprivate func replacingPrefix(_ prefix: String, _ replacement: String) -> String {
        hasPrefix(prefix) ? replacement + dropFirst(prefix.count) : self
    }
}
