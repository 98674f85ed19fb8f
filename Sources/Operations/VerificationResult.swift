internal import Vocabulary

/// What a verification found.
package struct VerificationResult: Hashable, Sendable {
    /// The change through which index and table were compared.
    package var change: Int64 = 0
    /// Files and instances that agree.
    package var agreeing: Int64 = 0
    /// All differences, whether listed or not.
    package private(set) var counts: [Difference.Kind: Int64] = [:]
    /// The first ones.
    package private(set) var listed: [Difference] = []
    /// Instances whose files are new versions now, so that streams append their rows.
    package var repaired: Int64 = 0

    /// Enough to see what is wrong; the answers that list operations stay small.
    package static let maximumListed = 100

    package init() {}

    package var differing: Int64 { counts.values.reduce(0, +) }

    package mutating func add(_ difference: Difference) {
        counts[difference.kind, default: 0] += 1
        guard listed.count < Self.maximumListed else { return }
        listed.append(difference)
    }
}

/// The text in which state.db keeps a result: a line for each figure and each listed difference.
extension VerificationResult {
    package var stored: String {
        var lines = ["change \(change)", "agreeing \(agreeing)"]
        if repaired > 0 { lines.append("repaired \(repaired)") }
        for (kind, count) in counts { lines.append("count \(kind.rawValue) \(count)") }
        for difference in listed {
            let uids = difference.uids
            let fields = [
                difference.kind.rawValue, uids?.study, uids?.series, uids?.instance,
                difference.change.map { String($0) }, difference.inode.map { String($0) },
                difference.path.map { Self.hexadecimal($0) },
            ]
            lines.append(
                "difference " + fields.map { $0.map { "x" + Self.hexadecimal($0.utf8) } ?? "-" }.joined(separator: " ")
            )
        }
        return lines.joined(separator: "\n")
    }

    /// Reads what ``stored`` has written; what it cannot read is left out.
    package init(stored text: String) {
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: " ")
            switch (fields.first, fields.count) {
            case ("change", 2): change = Int64(fields[1]) ?? 0
            case ("repaired", 2): repaired = Int64(fields[1]) ?? 0
            case ("agreeing", 2): agreeing = Int64(fields[1]) ?? 0
            case ("count", 3):
                if let kind = Difference.Kind(rawValue: String(fields[1])) { counts[kind] = Int64(fields[2]) }
            case ("difference", 8):
                if let difference = Difference(fields.dropFirst().map { Self.text($0) }) { listed.append(difference) }
            default: break
            }
        }
    }

    fileprivate static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    fileprivate static func bytes(_ text: some StringProtocol) -> [UInt8] {
        let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    private static func text(_ field: Substring) -> String? {
        field.first == "x" ? String(decoding: bytes(field.dropFirst()), as: UTF8.self) : nil
    }
}

extension Difference {
    fileprivate init?(_ fields: [String?]) {
        guard let kind = fields[0].flatMap({ Kind(rawValue: $0) }) else { return nil }
        self.init(
            kind: kind,
            uids: fields[3].map { InstanceIdentity(study: fields[1] ?? "", series: fields[2] ?? "", instance: $0) },
            change: fields[4].flatMap { Int64($0) },
            inode: fields[5].flatMap { UInt64($0) },
            path: fields[6].map { VerificationResult.bytes($0) }
        )
    }
}
