import DICOM
import DICOMTestSupport
import Testing

@Suite struct SequenceTests {
    typealias Length = DICOMBuilder.Length

    static let item = [UInt8]([0xFE, 0xFF, 0x00, 0xE0])
    static let itemEnd = [UInt8]([0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0])
    static let sequenceEnd = [UInt8]([0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0])
    static let undefined = [UInt8]([0xFF, 0xFF, 0xFF, 0xFF])
    /// (0040,A730) SQ of undefined length.
    static let open = [UInt8]([0x40, 0x00, 0x30, 0xA7]) + Array("SQ".utf8) + [0, 0] + undefined
    /// (0008,0060) CS, 2 bytes.
    static let modality = DICOMBuilder().text(0x0008_0060, .CS, "CT").dataSet()

    static func file(_ bytes: [UInt8]) -> [UInt8] {
        DICOMBuilder().instance().raw(bytes).text(0x0040_DB00, .CS, "1").file()
    }

    static func lines(_ inner: [String]) -> [String] {
        ["00080016 UI 26", "00080018 UI 10", "0020000D UI 6", "0020000E UI 8"] + inner + ["0040DB00 CS 2"]
    }

    @Test(arguments: Length.allCases, DICOMBuilder.Syntax.allCases)
    func `sequences nest, whatever their lengths`(length: Length, syntax: DICOMBuilder.Syntax) throws {
        let inner = DICOMBuilder().text(0x0008_0060, .CS, "CT")
            .sequence(0x0040_A168, [DICOMBuilder().text(0x0008_0100, .SH, "A"), DICOMBuilder()], length: length)
        let file = DICOMBuilder().instance().sequence(0x0040_A730, [inner, inner], length: length)
            .sequence(0x0040_B020, [], length: length).text(0x0040_DB00, .CS, "1").file(syntax)
        let item = [
            "  item none", "    00080060 CS 2", "    0040A168 SQ", "      item none", "        00080100 SH 2",
            "      item none",
        ]
        #expect(try dump(file) == Self.lines(["0040A730 SQ"] + item + item + ["0040B020 SQ"]))
    }

    @Test(arguments: DICOMBuilder.Syntax.allCases.filter { !$0.isImplicit })
    func `UN of undefined length is a sequence in implicit little endian`(syntax: DICOMBuilder.Syntax) throws {
        let inner = DICOMBuilder().text(0x0008_0060, .CS, "CT").numbers(0x0028_0010, .US, [UInt16(258)])
            .sequence(0x0040_A168, [DICOMBuilder().text(0x0008_0100, .SH, "A")], length: .undefined)
        let file = DICOMBuilder().instance().sequence(0x0029_1010, [inner], length: .undefined, vr: .UN)
            .text(0x0040_DB00, .CS, "1").file(syntax)
        let expected = Self.lines([
            "00291010 SQ", "  item none", "    00080060 CS 2", "    00280010 US 2", "    0040A168 SQ",
            "      item none", "        00080100 SH 2",
        ])
        var dataSet = DataSet()
        try dataSet.parse(file)
        #expect(dump(dataSet) == expected)
        let rows = (0..<dataSet.count).map { dataSet[$0] }.first { $0.tag.rawValue == 0x0028_0010 }
        let found = try #require(rows)
        #expect(found.flags == .implicit)
        let value = Array(dataSet.value(of: found))
        #expect(value == [2, 1])
    }

    @Test(arguments: Length.allCases, DICOMBuilder.Syntax.allCases.filter { !$0.isImplicit })
    func `UN of a known sequence is read as implicit little endian`(length: Length, syntax: DICOMBuilder.Syntax) throws
    {
        let inner = DICOMBuilder().text(0x0008_0060, .CS, "CT")
        let file = DICOMBuilder().instance().sequence(0x0040_A730, [inner], length: length, vr: .UN)
            .text(0x0040_DB00, .CS, "1").file(syntax)
        #expect(try dump(file) == Self.lines(["0040A730 SQ", "  item none", "    00080060 CS 2"]))
    }

    @Test func `UN of a known sequence that is none stays bytes`() throws {
        let inner = DICOMBuilder().text(0x0008_0060, .CS, "CT")
        let nested = DICOMBuilder().element(0x0040_A730, .UN, Array("no sequence at all".utf8))
        let file = DICOMBuilder().instance().element(0x0040_A730, .UN, Array("no sequence at all".utf8))
            .sequence(0x0040_B020, [nested.text(0x0040_A160, .UT, "text"), inner])
            .text(0x0040_DB00, .CS, "1").file()
        #expect(
            try dump(file)
                == Self.lines([
                    "0040A730 UN 18", "0040B020 SQ", "  item none", "    0040A730 UN 18", "    0040A160 UT 4",
                    "  item none", "    00080060 CS 2",
                ])
        )
    }

    @Test func `UN of private elements of defined length is bytes, and of private creators LO`() throws {
        let file = DICOMBuilder().element(0x0029_0010, .UN, Array("ACME".utf8)).element(0x0029_1001, .UN, [1, 2])
        #expect(try dump(file.file()) == ["00290010 LO 4", "00291001 UN 2"])
        #expect(try dump(file.file(.implicitLittleEndian)) == ["00290010 LO 4", "00291001 UN 2"])
    }

    @Test func `a private sequence of undefined length in implicit VR is a sequence`() throws {
        let inner = DICOMBuilder().element(0x0029_1002, .UN, [1, 2])
        let file = DICOMBuilder().sequence(0x0029_1001, [inner], length: .undefined).file(.implicitLittleEndian)
        #expect(try dump(file) == ["00291001 SQ", "  item none", "    00291002 UN 2"])
    }

    @Test func `a missing item delimiter is implied by the end of the sequence`() throws {
        let bytes = Self.open + Self.item + Self.undefined + Self.modality + Self.sequenceEnd
        #expect(try dump(Self.file(bytes)) == Self.lines(["0040A730 SQ", "  item none", "    00080060 CS 2"]))
    }

    @Test func `delimiters that nothing needs are passed over`() throws {
        let content = Self.item + [UInt8(Self.modality.count + 8), 0, 0, 0] + Self.modality + Self.itemEnd
        let bytes = Self.open + content + Self.itemEnd + Self.sequenceEnd + Self.itemEnd + Self.sequenceEnd
        #expect(try dump(Self.file(bytes)) == Self.lines(["0040A730 SQ", "  item none", "    00080060 CS 2"]))
        let defined = [UInt8]([0x40, 0x00, 0x30, 0xA7]) + Array("SQ".utf8) + [0, 0, UInt8(content.count + 8), 0, 0, 0]
        #expect(
            try dump(Self.file(defined + content + Self.sequenceEnd))
                == Self.lines(["0040A730 SQ", "  item none", "    00080060 CS 2"])
        )
    }

    @Test func `the length of a delimiter does not count`() throws {
        let ends = [0xFE, 0xFF, 0x0D, 0xE0] + Self.undefined + [0xFE, 0xFF, 0xDD, 0xE0, 9, 0, 0, 0]
        let bytes = Self.open + Self.item + Self.undefined + Self.modality + ends
        #expect(try dump(Self.file(bytes)) == Self.lines(["0040A730 SQ", "  item none", "    00080060 CS 2"]))
    }

    @Test func `an item of undefined length may end with its sequence of defined length`() throws {
        let content = Self.item + Self.undefined + Self.modality
        let defined = [UInt8]([0x40, 0x00, 0x30, 0xA7]) + Array("SQ".utf8) + [0, 0, UInt8(content.count), 0, 0, 0]
        let error = failure(Self.file(defined + content))
        // Without a delimiter the next element would belong to the item: the sequence's own length wins.
        #expect(error == nil)
        #expect(
            try dump(Self.file(defined + content)) == Self.lines(["0040A730 SQ", "  item none", "    00080060 CS 2"])
        )
    }

    static let broken: [(String, [UInt8])] = {
        func sequence(_ content: [UInt8]) -> [UInt8] {
            [0x40, 0x00, 0x30, 0xA7] + Array("SQ".utf8) + [0, 0, UInt8(content.count), 0, 0, 0] + content
        }
        func openItem(_ length: UInt8) -> [UInt8] { open + item + [length, 0, 0, 0] }
        return [
            ("no item in a sequence", open + modality + sequenceEnd),
            ("an item outside of a sequence", item + [0, 0, 0, 0]),
            ("an element is longer than its item", openItem(9) + modality + sequenceEnd),
            ("an item is longer than its sequence", sequence(item + [9, 0, 0, 0])),
            ("an item ends within an element", openItem(4) + [8, 0, 0x60, 0] + sequenceEnd),
            ("undefined length", [0x08, 0x00, 0x20, 0x01] + Array("UR".utf8) + [0, 0] + undefined),
            ("no value representation", [0x08, 0x00, 0x60, 0x00] + Array("c".utf8) + [0, 2, 0, 0x43, 0x54]),
        ]
    }()

    @Test(arguments: broken)
    func `what breaks the rules costs no more than itself`(text: String, bytes: [UInt8]) throws {
        var dataSet = DataSet()
        try dataSet.parse(Self.file(bytes))
        #expect(dump(dataSet).prefix(4) == Self.lines([]).prefix(4))
        let start = Int64(DICOMBuilder().instance().file().count)
        for damage in dataSet.damages { #expect(damage.reason == .malformed && damage.offset >= start - 16, "\(text)") }
    }

    @Test(arguments: Length.allCases)
    func `an item in implicit VR within explicit VR is read`(length: Length) throws {
        let inner = DICOMBuilder().text(0x0008_0060, .CS, "CT")
            .sequence(0x0040_A730, [DICOMBuilder().text(0x0008_0100, .SH, "A")], length: length)
        let content = inner.dataSet(.implicitLittleEndian)
        let bytes = Self.open + Self.item + [UInt8(content.count), 0, 0, 0] + content + Self.sequenceEnd
        #expect(
            try dump(Self.file(bytes))
                == Self.lines([
                    "0040A730 SQ", "  item none", "    00080060 CS 2", "    0040A730 SQ", "      item none",
                    "        00080100 SH 2",
                ])
        )
    }

    @Test func `a VR of a later edition has the long form`() throws {
        let bytes = [UInt8]([0x08, 0x00, 0x61, 0x00]) + Array("ZZ".utf8) + [0, 0, 3, 0, 0, 0, 1, 2, 3]
        #expect(try dump(Self.file(bytes)) == Self.lines(["00080061 ZZ 3"]))
    }
}
