import DICOM
internal import TestSupport

/// Damages files, the same way for the same seed: what a fuzzer does, for tests.
package struct Mutator {
    private var random: SeededGenerator
    private let files: [[UInt8]]

    package init(files: [[UInt8]], seed: UInt64) {
        self.files = files
        random = SeededGenerator(seed: seed)
    }

    /// What means something to a reader of DICOM: delimiters, lengths, VRs, tags, terms and escapes.
    package static let words: [[UInt8]] = {
        let marks: [[UInt8]] = [
            [0xFE, 0xFF, 0x00, 0xE0], [0xFE, 0xFF, 0x0D, 0xE0], [0xFE, 0xFF, 0xDD, 0xE0], [0xFF, 0xFE, 0xE0, 0x00],
            [0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0], [0, 0, 0, 0x80],
            [0xE0, 0x7F, 0x10, 0x00],
            [0x1B, 0x24, 0x42], [0x1B, 0x28, 0x4A], [0x1B, 0x28, 0x42], [0x1B, 0x24, 0x29, 0x43], [0x1B, 0x2D, 0x41],
            [0x5C],
        ]
        let tags: [UInt32] = [
            0x0008_0005, 0x0008_0018, 0x0008_0201, 0x0010_0010, 0x0028_0103, 0x0028_0106, 0x0040_A730, 0x0009_0010,
            0x0009_1001, 0x5000_0005, 0x6000_0050, 0x6002_0015, 0x0020_000D, 0x0008_1140, 0x0002_0010,
        ]
        let vrs = [
            "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "PN", "SH", "SL", "SS", "ST", "TM",
            "UI",
            "UL", "US",
        ]
        let longVRs = ["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]
        let terms = [
            "ISO_IR 100", "ISO_IR 13", "ISO_IR 192", "GB18030", "GBK", "ISO 2022 IR 6", "ISO 2022 IR 87",
            "ISO 2022 IR 149",
            "ISO 2022 IR 159", "ISO 2022 IR 58", "1.2.840.10008.1.2", "20240229", "+1400", "1e400",
        ]
        return marks
            + tags.map { tag in [16, 24, 0, 8].map { UInt8(truncatingIfNeeded: tag >> UInt32($0)) } }
            + vrs.map { Array($0.utf8) } + longVRs.map { Array($0.utf8) + [0, 0] } + terms.map { Array($0.utf8) }
    }()

    /// A file with a few damages.
    package mutating func next() -> [UInt8] {
        var bytes = files.randomElement(using: &random) ?? []
        // Zeros of the preamble are not worth damaging.
        let first = bytes.starts(with: DICOMBuilder.preamble) ? DICOMBuilder.preamble.count : 0
        for _ in 0..<Int.random(in: 1...3, using: &random) where bytes.count > first {
            let at = Int.random(in: first..<bytes.count, using: &random)
            let word = Self.words.randomElement(using: &random) ?? []
            switch Int.random(in: 0..<12, using: &random) {
            case 0..<6: bytes[at] = .random(in: 0...255, using: &random)
            case 6, 7: bytes.replaceSubrange(at..<min(at + word.count, bytes.count), with: word)
            case 8: bytes.insert(contentsOf: word, at: at)
            case 9: bytes.removeSubrange(at..<min(at + Int.random(in: 1...12, using: &random), bytes.count))
            case 10:
                let from = Int.random(in: first..<bytes.count, using: &random)
                bytes.insert(contentsOf: bytes[from..<min(from + 40, bytes.count)], at: at)
            default: bytes.removeSubrange(at...)
            }
        }
        return bytes
    }
}
