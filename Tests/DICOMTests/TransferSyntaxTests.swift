import DICOM
import DICOMTestSupport
import Testing

@Suite struct TransferSyntaxTests {
    static let content = DICOMBuilder()
        .text(0x0008_0005, .CS, "ISO_IR 100")
        .instance()
        .sequence(0x0008_1140, [DICOMBuilder().text(0x0008_1155, .UI, "1.2.3"), DICOMBuilder()])
        .sequence(0x0008_1115, [DICOMBuilder().text(0x0020_000E, .UI, "1.2")], length: .undefined)
        .numbers(0x0028_0010, .US, [UInt16(512)])
        .text(0x0040_0254, .LO, "Chest")

    static let lines = [
        "00080005 CS 10", "00080016 UI 26", "00080018 UI 10", "0020000D UI 6", "0020000E UI 8",
        "00081140 SQ", "  item none", "    00081155 UI 6", "  item none",
        "00081115 SQ", "  item none", "    0020000E UI 4",
        "00280010 US 2", "00400254 LO 6",
    ]

    @Test(arguments: DICOMBuilder.Syntax.allCases)
    func `every transfer syntax gives the same elements`(syntax: DICOMBuilder.Syntax) throws {
        var dataSet = DataSet()
        try dataSet.parse(Self.content.file(syntax))
        #expect(dump(dataSet) == Self.lines)
        #expect(dataSet.transferSyntax.isImplicit == syntax.isImplicit)
        #expect(dataSet.isBigEndian == syntax.isBigEndian)
        #expect(dataSet.transferSyntax.isDeflated == (syntax == .deflated))
        let found = dataSet.element(ElementTag(0x0028_0010))
        let rows = try #require(found)
        let value = Array(dataSet.value(of: rows))
        #expect(rows.isBigEndian == syntax.isBigEndian)
        #expect(value == (syntax.isBigEndian ? [2, 0] : [0, 2]))
    }

    @Test(arguments: [DICOMBuilder.Syntax.implicitLittleEndian, .explicitLittleEndian])
    func `a wrongly declared value representation is seen`(syntax: DICOMBuilder.Syntax) throws {
        let other: DICOMBuilder.Syntax = syntax.isImplicit ? .explicitLittleEndian : .implicitLittleEndian
        var dataSet = DataSet()
        try dataSet.parse(Self.content.file(syntax, declaring: other.uid))
        #expect(dump(dataSet) == Self.lines)
        #expect(dataSet.transferSyntax.isImplicit == syntax.isImplicit)
        #expect(try dump(Self.content.file(.implicitBigEndian, declaring: "1.2.840.10008.1.2.2")) == Self.lines)
    }

    @Test func `big endian is seen whatever is declared`() throws {
        #expect(try dump(Self.content.file(.explicitBigEndian, declaring: "1.2.840.10008.1.2.1")) == Self.lines)
    }

    @Test func `GE's private syntax is read in both byte orders`() throws {
        #expect(try dump(Self.content.file(.implicitLittleEndian, declaring: "1.2.840.113619.5.2")) == Self.lines)
    }

    @Test(arguments: ["1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.205"])
    func `the deflated JPIP syntaxes are inflated`(uid: String) throws {
        #expect(try dump(Self.content.file(.deflated, declaring: uid)) == Self.lines)
    }

    @Test func `an unknown syntax is explicit little endian`() throws {
        #expect(try dump(Self.content.file(declaring: "1.3.6.1.4.1.99999.1")) == Self.lines)
    }

    @Test(arguments: [DICOMBuilder.Syntax.implicitLittleEndian, .explicitLittleEndian, .explicitBigEndian])
    func `without a transfer syntax the first element decides`(syntax: DICOMBuilder.Syntax) throws {
        let meta = DICOMBuilder().element(0x0002_0001, .OB, [0, 1]).dataSet()
        #expect(try dump(DICOMBuilder.preamble + meta + Self.content.dataSet(syntax)) == Self.lines)
        #expect(try dump(DICOMBuilder.preamble + Self.content.dataSet(syntax)) == Self.lines)
    }

    @Test(arguments: [DICOMBuilder.Syntax.implicitLittleEndian, .explicitLittleEndian])
    func `a bare data set needs no preamble`(syntax: DICOMBuilder.Syntax) throws {
        #expect(try dump(Self.content.dataSet(syntax)) == Self.lines)
        let withMeta = DICOMBuilder.meta(syntax: syntax.uid) + Self.content.dataSet(syntax)
        #expect(try dump(withMeta) == Self.lines)
    }

    @Test func `zlib's header before deflated data is tolerated`() throws {
        let meta = DICOMBuilder.meta(syntax: DICOMBuilder.Syntax.deflated.uid)
        let data = deflated(Self.content.dataSet(), zlibHeader: true)
        #expect(try dump(DICOMBuilder.preamble + meta + data) == Self.lines)
    }

    @Test func `deflated data that look like file meta are not taken for it`() throws {
        // A stored block whose length is 0x0002, so that it begins 00 02 00: group 0200, and after one more block 0002.
        let data = Self.content.dataSet()
        var blocks: [UInt8] = [0x00, 0x02, 0x00, 0xFD, 0xFF] + data[..<2]
        let rest = data.count - 2
        blocks += [0x01, UInt8(rest & 0xFF), UInt8(rest >> 8), ~UInt8(rest & 0xFF), ~UInt8(rest >> 8)] + data[2...]
        let meta = DICOMBuilder.meta(syntax: DICOMBuilder.Syntax.deflated.uid)
        #expect(try dump(DICOMBuilder.preamble + meta + blocks) == Self.lines)
    }

    @Test func `the group length of file meta is not trusted`() throws {
        var file = Self.content.file()
        file[140] = 0xFF
        #expect(try dump(file) == Self.lines)
        file[140] = 0
        #expect(try dump(file) == Self.lines)
    }

    @Test func `file meta in implicit VR is read`() throws {
        let meta = DICOMBuilder().text(0x0002_0010, .UI, "1.2.840.10008.1.2").dataSet(.implicitLittleEndian)
        var dataSet = DataSet()
        try dataSet.parse(DICOMBuilder.preamble + meta + Self.content.dataSet(.implicitLittleEndian))
        #expect(dump(dataSet) == Self.lines)
        #expect(dataSet[0].tag == .transferSyntaxUID && dataSet[0].vr == .UI)
    }
}
