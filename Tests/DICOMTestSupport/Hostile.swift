import DICOM

/// Files that no modality makes: small causes that should have no large effects. Each is made anew, since some are large.
package enum Hostile {
    package typealias Maker = @Sendable () -> [UInt8]

    package static let files: [(name: String, make: Maker)] = sequences + elements + texts + bombs + damages + lengths

    private static let sequences: [(name: String, make: Maker)] = [
        ("nested-undefined", { start + repeated(sequenceStart + itemStart, 100_000) }),
        ("nested-closed", nestedClosed), ("nested-defined", nestedDefined), ("overlapping-items", overlappingItems),
        ("empty-items", { start + sequence(repeated(hex("FEFF00E000000000"), 1_000_000)) + last }),
        ("private-sequences", privateSequences), ("overlay-sequences", overlaySequences),
        ("character-sets", characterSets),
        ("dropped-values", droppedValues),
    ]

    private static let elements: [(name: String, make: Maker)] = [
        ("empty-elements", { start + repeated(hex("100020004C4F0000"), 1_000_000) + last }),
        ("elements-descending", elementsDescending), ("private-creators", privateCreators),
    ]

    private static let texts: [(name: String, make: Maker)] = [
        ("backslashes", { text(0x0010_2000, [UInt8](repeating: 0x5C, count: 1 << 20)) }),
        ("carets", { text(0x0010_1001, repeated(hex("415E3D5C"), 1 << 17)) }),
        ("control-characters", { text(0x0010_21B0, [UInt8](repeating: 1, count: 1 << 20)) }),
        ("escapes", { text(0x0010_21B0, repeated(hex("1B24423B331B2842"), 1 << 17), terms: "\\ISO 2022 IR 87") }),
        ("invalid-text", { text(0x0010_21B0, [UInt8](repeating: 0xFF, count: 1 << 20), terms: "GB18030") }),
    ]

    private static let bombs: [(name: String, make: Maker)] = [
        ("bomb-value", { bomb(hex("420011004F42000000000005") + repeated([0], 80 << 20)) }),
        ("bomb-elements", { bomb(repeated(hex("100020004C4F02006162"), 3 << 20)) }),
        ("bomb-items", { bomb(sequenceStart + repeated(itemStart + itemEnd, 5 << 20) + sequenceEnd) }),
    ]

    /// Damage that is met again and again.
    private static let damages: [(name: String, make: Maker)] = [
        ("stray-delimiters", { start + repeated(itemEnd, 150_000) + last }),
        ("stray-behind-text", { oddText + repeated(hex("400010A04C4F0000") + itemEnd, 80_000) }),
        (
            "stray-behind-sequence",
            { start + sequence([], tag: 0x0040_0001) + repeated(hex("410001004C4F0000") + itemEnd, 80_000) }
        ),
        ("stray-items", { start + repeated(hex("FEFF00E000000000"), 400_000) + last }),
        ("meta-elements", { start + repeated(hex("0200100055490000"), 400_000) + last }),
        ("items-behind-damage", { start + broken + repeated(hex("FEFF00E000000000"), 400_000) + last }),
        ("open-items-behind-damage", { start + broken + repeated(itemStart, 150_000) + last }),
        ("ends-behind-damage", { start + sequenceStart + broken + repeated(sequenceEnd, 150_000) + last }),
        ("headers-behind-damage", { start + broken + repeated(hex("400010A04C4F0000"), 150_000) + last }),
        ("damage-without-end", { start + repeated(broken + hex("410001004C4F0000"), 60_000) + last }),
        ("zeros", { start + [UInt8](repeating: 0, count: 4 << 20) + last }),
    ]
    private static let broken = hex("40000AA0") + Array("??".utf8) + hex("FFFFFFFFFF")
    private static let oddText = DICOMBuilder().instance().text(0x0040_0001, .LT, "a\0b\r\nc").file()

    /// Values that claim to be as long as 32 bits allow, or without a length, in every VR that has room to say so.
    private static let lengths: [(name: String, make: Maker)] = longVRs.flatMap { vr in
        ["FFFFFFFF", "FEFFFFFF", "FFFFFF7F"].map { length in
            let make: Maker = {
                start + hex("09000110") + Array(vr.utf8) + hex("0000" + length) + [UInt8](repeating: 0x41, count: 2000)
            }
            return ("length-\(vr)-\(length)", make)
        }
    }

    private static let longVRs = ["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]
    private static let start = DICOMBuilder().instance().file()
    private static let last = DICOMBuilder().text(0x0040_DB00, .CS, "LAST").dataSet()
    private static let sequenceStart = hex("400030A753510000FFFFFFFF")
    private static let sequenceEnd = hex("FEFFDDE000000000")
    private static let itemStart = hex("FEFF00E0FFFFFFFF")
    private static let itemEnd = hex("FEFF0DE000000000")

    private static func hex(_ digits: String) -> [UInt8] {
        let nibbles = digits.compactMap { $0.hexDigitValue }
        return stride(from: 0, to: nibbles.count - 1, by: 2).map { UInt8(nibbles[$0] << 4 | nibbles[$0 + 1]) }
    }

    private static func repeated(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
        var result = bytes
        while result.count <= bytes.count * count / 2 { result += result }
        return result + result.prefix(bytes.count * count - result.count)
    }

    private static func number(_ value: UInt32) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    private static func tag(_ tag: UInt32) -> [UInt8] { number(tag << 16 | tag >> 16) }

    private static func sequence(_ items: [UInt8], tag: UInt32 = 0x0040_A730) -> [UInt8] {
        self.tag(tag) + hex("53510000") + number(UInt32(items.count)) + items
    }

    private static func bomb(_ content: [UInt8]) -> [UInt8] {
        let dataSet = DICOMBuilder().instance().dataSet() + content
        return DICOMBuilder.preamble + DICOMBuilder.meta(syntax: DICOMBuilder.Syntax.deflated.uid) + deflated(dataSet)
    }

    /// A value longer than explicit VR allows in most VRs.
    private static func text(_ tag: UInt32, _ value: [UInt8], terms: String = "ISO_IR 100") -> [UInt8] {
        DICOMBuilder().text(0x0008_0005, .CS, terms).instance().element(tag, .LO, value).file(.implicitLittleEndian)
    }

    @Sendable private static func nestedClosed() -> [UInt8] {
        let (open, close) = (sequenceStart + itemStart, itemEnd + sequenceEnd)
        return start + repeated(open, 50_000) + repeated(close, 50_000) + last
    }

    @Sendable private static func nestedDefined() -> [UInt8] {
        var content: [UInt8] = []
        for _ in 0..<2_000 { content = sequence(hex("FEFF00E0") + number(UInt32(content.count)) + content) }
        return start + content + last
    }

    @Sendable private static func overlappingItems() -> [UInt8] {
        start + sequence(repeated(hex("FEFF00E040000000"), 100_000)) + last
    }

    @Sendable private static func elementsDescending() -> [UInt8] {
        var bytes = start
        for number in (0..<200_000 as Range<UInt32>).reversed() {
            bytes += tag(0x0009_1000 + number % 50_000 + number / 50_000 * 0x2_0000) + hex("534802006162")
        }
        return bytes
    }

    @Sendable private static func privateCreators() -> [UInt8] {
        var bytes = start
        for number in 0..<10_000 as Range<UInt32> {
            bytes += tag((0x0009 + number / 200 * 2) << 16 | (0x10 + number % 200)) + hex("4C4F02006162")
        }
        return bytes
    }

    @Sendable private static func privateSequences() -> [UInt8] {
        let item = hex("FEFF00E00A000000100020004C4F02006162")
        return start + (0..<10_000 as Range<UInt32>).flatMap { sequence(item, tag: 0x0009_1000 + $0) }
    }

    /// Sequences that the dictionary does not know, in all groups of overlays.
    @Sendable private static func overlaySequences() -> [UInt8] {
        let item = hex("FEFF00E000000000")
        return start
            + (0..<128_000 as Range<UInt32>).flatMap { number in
                sequence(item, tag: (0x6000 + number / 1_000 * 2) << 16 | (number % 1_000 + 1))
            }
    }

    /// Items that each have another combination of character sets, and text that needs them.
    @Sendable private static func characterSets() -> [UInt8] {
        let terms = [
            "100", "101", "109", "110", "144", "127", "126", "138", "148", "13", "166", "87", "159", "149", "58",
        ]
        let items = (0..<5_000).map { number in
            let (second, third) = (terms[number % 15], terms[number / 15 % 15])
            return DICOMBuilder().text(0x0008_0005, .CS, "\\ISO 2022 IR \(second)\\ISO 2022 IR \(third)")
                .element(0x0010_0020, .LO, hex("E91B2D41E920"))
        }
        return DICOMBuilder().instance().sequence(0x0040_A730, items).file()
    }

    /// Elements that are each dropped, with a text that is shown.
    @Sendable private static func droppedValues() -> [UInt8] {
        let item = hex("FEFF00E0100000001000300044410800") + Array("nonsense".utf8)
        return start + sequence(repeated(item, 150_000)) + last
    }
}
