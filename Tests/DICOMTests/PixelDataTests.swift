import DICOM
import DICOMTestSupport
import Testing

@Suite struct PixelDataTests {
    static let header = DICOMBuilder().instance()
    static let lines = ["00080016 UI 26", "00080018 UI 10", "0020000D UI 6", "0020000E UI 8"]
    static let sizes = [0, 1, 2, 100, 8000, 100_000]

    @Test(arguments: sizes, DICOMBuilder.Syntax.allCases.filter { $0 != .deflated })
    func `elements behind pixel data are read`(size: Int, syntax: DICOMBuilder.Syntax) throws {
        let file = Self.header.element(0x7FE0_0010, .OW, [UInt8](repeating: 7, count: size))
            .text(0x7FE1_0010, .LO, "ACME").element(0xFFFC_FFFC, .OB, [0, 0]).file(syntax)
        var dataSet = DataSet()
        try dataSet.parse(file)
        #expect(dump(dataSet) == Self.lines + ["7FE10010 LO 4", "FFFCFFFC OB 2"])
        #expect(dataSet.pixelData?.length == Int64(size))
        #expect(dataSet.pixelDataIsShort == nil)
        #expect(dataSet.trailingOffset == nil)
        #expect(dataSet.bytes.count < 1000)
    }

    @Test(arguments: [[0], [0, 100], [0, 3000, 3001, 70_000], Array(repeating: 10, count: 3000)], [true, false])
    func `fragments are passed over one by one`(lengths: [Int], isImplicit: Bool) throws {
        let fragments = lengths.map { [UInt8](repeating: 7, count: $0) }
        let file = Self.header.fragments(fragments).text(0x7FE1_0010, .LO, "ACME")
            .file(isImplicit ? .implicitLittleEndian : .jpegBaseline)
        var dataSet = DataSet()
        try dataSet.parse(file)
        #expect(dump(dataSet) == Self.lines + ["7FE10010 LO 4"])
        let pixelData = dataSet.pixelData
        #expect(pixelData != nil && pixelData?.length == nil)
        #expect(dataSet.pixelDataIsShort == nil)
    }

    @Test func `pixel data that are short are a property, not an error`() throws {
        let complete = Self.header.element(0x7FE0_0010, .OW, [UInt8](repeating: 7, count: 50_000)).file()
        for missing in [1, 2, 49_999, 50_000] {
            var dataSet = DataSet()
            try dataSet.parse(Array(complete.dropLast(missing)))
            #expect(dump(dataSet) == Self.lines)
            #expect(dataSet.pixelDataIsShort == Int64(complete.count - 50_012))
            #expect(dataSet.drops == [Drop(tag: .pixelData, reason: .truncated, index: nil)])
        }
        #expect(failure(Array(complete.dropLast(50_001)))?.reason == .truncated)
    }

    @Test func `fragments that do not end are short`() throws {
        let fragments = [[UInt8]](repeating: [UInt8](repeating: 7, count: 2000), count: 20)
        let complete = Self.header.fragments(fragments).file(.jpegBaseline)
        for missing in [1, 8, 9, 5000, 20 * 2008 + 8] {
            var dataSet = DataSet()
            try dataSet.parse(Array(complete.dropLast(missing)))
            #expect(dataSet.pixelDataIsShort != nil)
            #expect(dump(dataSet) == Self.lines)
        }
        // A file that was made in its full size first, and is not filled in yet.
        var blank = complete
        for index in complete.count - 20_000..<complete.count { blank[index] = 0 }
        var dataSet = DataSet()
        try dataSet.parse(blank)
        #expect(dataSet.pixelDataIsShort != nil)
    }

    @Test(arguments: [
        [0], [0x0A], [0, 0, 0, 0], [UInt8](repeating: 0, count: 512), Array("trailing garbage".utf8),
        [UInt8](repeating: 0xFF, count: 600), [UInt8](repeating: 0x55, count: 7),
    ])
    func `what is no element behind pixel data is passed over`(garbage: [UInt8]) throws {
        for syntax in [DICOMBuilder.Syntax.explicitLittleEndian, .implicitLittleEndian] {
            let builder = Self.header.element(0x7FE0_0010, .OW, [1, 2, 3, 4])
            var dataSet = DataSet()
            let file = builder.file(syntax)
            try dataSet.parse(file + garbage)
            #expect(dump(dataSet) == Self.lines)
            #expect(dataSet.trailingOffset == Int64(file.count))
        }
    }

    @Test func `an element behind pixel data that is cut off is truncation`() throws {
        let file = Self.header.element(0x7FE0_0010, .OW, [1, 2]).element(0xFFFC_FFFC, .OB, [0, 0, 0, 0]).file()
        for missing in 1...12 {
            #expect(failure(Array(file.dropLast(missing)))?.reason == .truncated)
        }
        #expect(failure(Array(file.dropLast(16))) == nil)
    }

    @Test func `zeros behind a data set without pixel data are padding`() throws {
        for count in [1, 7, 8, 512] {
            for syntax in [DICOMBuilder.Syntax.explicitLittleEndian, .implicitLittleEndian] {
                #expect(try dump(Self.header.file(syntax) + [UInt8](repeating: 0, count: count)) == Self.lines)
            }
        }
    }

    @Test func `pixel data in an item are a value`() throws {
        let icon = DICOMBuilder().element(0x7FE0_0010, .OW, [1, 2, 3, 4])
        let encapsulated = DICOMBuilder().fragments([[], [1, 2]])
        let file = DICOMBuilder().sequence(0x0088_0200, [icon, encapsulated]).text(0x0088_0904, .LO, "x").file()
        #expect(
            try dump(file) == [
                "00880200 SQ", "  item none", "    7FE00010 OW 4", "  item none", "    7FE00010 OB 26", "00880904 LO 2",
            ]
        )
    }

    @Test func `float pixel data are pixel data`() throws {
        let file = Self.header.element(0x7FE0_0008, .OF, [UInt8](repeating: 0, count: 40_000)).file()
        var dataSet = DataSet()
        try dataSet.parse(file)
        #expect(dataSet.pixelData?.tag == .floatPixelData)
        #expect(dump(dataSet) == Self.lines)
    }

    @Test func `inflation stops at pixel data`() throws {
        let file = Self.header.element(0x7FE0_0010, .OW, [UInt8](repeating: 7, count: 50_000)).file(.deflated)
        var dataSet = DataSet(limits: ReadLimits(headerBytes: 4000))
        try dataSet.parse(file)
        #expect(dump(dataSet) == Self.lines)
        #expect(dataSet.pixelData?.length == 50_000)
    }
}
