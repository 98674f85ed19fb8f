import DICOM
import DICOMTestSupport
import Testing

@Suite struct LimitTests {
    static let limits = ReadLimits(elementBytes: 100, sequenceDepth: 2, headerBytes: 64 << 10)

    static func nested(_ depth: Int, _ length: DICOMBuilder.Length) -> DICOMBuilder {
        var builder = DICOMBuilder().text(0x0008_0060, .CS, "CT")
        for _ in 0..<depth { builder = DICOMBuilder().sequence(0x0040_A730, [builder], length: length) }
        return builder
    }

    @Test(arguments: DICOMBuilder.Syntax.allCases)
    func `a value over the limit is dropped and the rest is read`(syntax: DICOMBuilder.Syntax) throws {
        for length in [100, 101, 50_000] {
            let file = DICOMBuilder().instance().element(0x0028_1201, .OW, [UInt8](repeating: 1, count: length))
                .text(0x0040_DB00, .CS, "1").file(syntax)
            var dataSet = DataSet(limits: Self.limits)
            try dataSet.parse(file)
            let isKept = length <= 100
            let vr = "OW"
            #expect(dump(dataSet).suffix(2) == ["00281201 \(vr) \(isKept ? "100" : "TOO_LARGE")", "0040DB00 CS 2"])
            let drops = dataSet.drops
            #expect(drops.map(\.tag.rawValue) == (isKept ? [] : [0x0028_1201]))
            #expect(drops.allSatisfy { $0.reason == .tooLarge })
        }
    }

    @Test(arguments: DICOMBuilder.Length.allCases, DICOMBuilder.Syntax.allCases)
    func `a sequence over the limit is dropped whole`(length: DICOMBuilder.Length, syntax: DICOMBuilder.Syntax) throws {
        let item = DICOMBuilder().text(0x0008_0060, .CS, "CT").sequence(0x0040_A168, [DICOMBuilder()], length: length)
            .sequence(0x0040_A730, [Self.nested(3, length)], length: length)
        for count in [3, 300] {
            let file = DICOMBuilder().instance()
                .sequence(0x0040_A730, Array(repeating: item, count: count), length: length)
                .text(0x0040_DB00, .CS, "1").file(syntax)
            var dataSet = DataSet(limits: Self.limits)
            try dataSet.parse(file)
            #expect(dump(dataSet).dropFirst(4) == ["0040A730 SQ TOO_LARGE", "0040DB00 CS 2"])
            let drops = dataSet.drops
            #expect(drops.map(\.index) == [dataSet.count - 2])
        }
    }

    @Test func `the limit counts delimiters`() throws {
        func file(_ length: Int) -> [UInt8] {
            let item = DICOMBuilder().element(0x0028_1201, .OW, [UInt8](repeating: 1, count: length - 36))
            return DICOMBuilder().sequence(0x0040_A730, [item], length: .undefined).text(0x0040_DB00, .CS, "1").file()
        }
        #expect(try dump(file(100), limits: Self.limits).count == 4)
        #expect(try dump(file(102), limits: Self.limits) == ["0040A730 SQ TOO_LARGE", "0040DB00 CS 2"])
    }

    @Test func `fragments outside of pixel data are one value`() throws {
        let small = DICOMBuilder().fragments([[1, 2], [3, 4]], tag: 0x0042_0011).text(0x0042_0012, .LO, "x").file()
        #expect(try dump(small) == ["00420011 OB 28", "00420012 LO 2"])
        let large = DICOMBuilder().fragments([[UInt8](repeating: 1, count: 99)], tag: 0x0042_0011)
            .text(0x0042_0012, .LO, "x").file()
        #expect(try dump(large, limits: Self.limits) == ["00420011 OB TOO_LARGE", "00420012 LO 2"])
    }

    @Test(arguments: DICOMBuilder.Length.allCases, DICOMBuilder.Syntax.allCases)
    func `a sequence nested too deep is dropped alone`(length: DICOMBuilder.Length, syntax: DICOMBuilder.Syntax) throws
    {
        let limits = ReadLimits(sequenceDepth: 2)
        func lines(_ depth: Int) throws -> [String] {
            let item = Self.nested(depth - 1, length).text(0x0040_DB00, .CS, "1")
            return try dump(DICOMBuilder().sequence(0x0040_A730, [item], length: length).file(syntax), limits: limits)
        }
        #expect(try lines(2).count == 6)
        let expected = [
            "0040A730 SQ", "  item none", "    0040A730 SQ", "      item none", "        0040A730 SQ TOO_DEEP",
            "    0040DB00 CS 2",
        ]
        #expect(try lines(3) == expected)
        #expect(try lines(9) == expected)
        var dataSet = DataSet(limits: ReadLimits(sequenceDepth: 0))
        try dataSet.parse(Self.nested(1, length).text(0x0040_DB00, .CS, "1").file(syntax))
        #expect(dump(dataSet) == ["0040A730 SQ TOO_DEEP", "0040DB00 CS 2"])
    }

    @Test func `a hundred thousand levels cost neither stack nor memory`() throws {
        let open = [UInt8]([0x40, 0x00, 0x30, 0xA7]) + Array("SQ".utf8) + [0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
        let level = open + SequenceTests.item + SequenceTests.undefined
        let end = SequenceTests.itemEnd + SequenceTests.sequenceEnd
        var bytes: [UInt8] = []
        for _ in 0..<100_000 { bytes += level }
        #expect(failure(SequenceTests.file(bytes))?.reason == .truncated)
        for _ in 0..<100_000 { bytes += end }
        #expect(
            try dump(SequenceTests.file(bytes)).suffix(2) == [
                String(repeating: "    ", count: 15) + "0040A730 SQ TOO_DEEP", "0040DB00 CS 2",
            ]
        )
    }

    @Test(arguments: [DICOMBuilder.Syntax.explicitLittleEndian, .implicitLittleEndian, .deflated])
    func `a header over the limit is an error`(syntax: DICOMBuilder.Syntax) throws {
        var builder = DICOMBuilder().instance()
        for _ in 0..<700 { builder = builder.element(0x0028_1201, .OW, [UInt8](repeating: 1, count: 100)) }
        let error = try #require(failure(builder.file(syntax), limits: Self.limits))
        #expect(error.reason == .headerTooLarge)
        #expect(error.offset > 60 << 10 && error.offset <= 64 << 10)
    }

    @Test func `what is passed over by length is no header`() throws {
        let file = DICOMBuilder().instance().element(0x0028_1201, .OW, [UInt8](repeating: 1, count: 100 << 10))
            .element(0x0028_1202, .OW, [UInt8](repeating: 1, count: 100 << 10))
            .element(0x7FE0_0010, .OW, [UInt8](repeating: 1, count: 100 << 10))
            .text(0x7FE1_0010, .LO, "x").file()
        #expect(
            try dump(file, limits: Self.limits).dropFirst(4)
                == ["00281201 OW TOO_LARGE", "00281202 OW TOO_LARGE", "7FE10010 LO 2"]
        )
    }

    @Test func `what is walked is header`() throws {
        let item = DICOMBuilder().element(0x0028_1201, .OW, [UInt8](repeating: 1, count: 90))
        let file = DICOMBuilder().sequence(0x0040_A730, Array(repeating: item, count: 1000), length: .undefined).file()
        #expect(failure(file, limits: Self.limits)?.reason == .headerTooLarge)
    }

    @Test func `a deflate bomb stops at the limit`() throws {
        // 64 MiB of zeros in 64 KiB: a value within the limits of an element, then one that is not.
        let limits = ReadLimits(headerBytes: 1 << 20)
        for length in [1 << 19, 1 << 23] {
            let bomb = DICOMBuilder().instance().element(0x0028_1201, .OW, [UInt8](repeating: 0, count: length))
                .element(0x0028_1202, .OW, [UInt8](repeating: 0, count: length))
            #expect(bomb.file(.deflated).count < 20 << 10)
            #expect(failure(bomb.file(.deflated), limits: limits)?.reason == .headerTooLarge)
        }
    }

    @Test func `millions of empty elements are too large`() throws {
        let element = DICOMBuilder().text(0x0008_0060, .CS, "").dataSet()
        var bytes: [UInt8] = []
        for _ in 0..<5000 { bytes += element }
        let error = failure(SequenceTests.file(bytes), limits: Self.limits)
        #expect(error?.reason == .headerTooLarge)
    }

    @Test func `damaged deflated data are malformed`() throws {
        var builder = DICOMBuilder().instance()
        for value in 0..<2000 { builder = builder.text(0x0008_1030, .LO, "value \(value &* 7919)") }
        var file = builder.file(.deflated)
        // Block type 3 does not exist.
        let start = DICOMBuilder.preamble.count + DICOMBuilder.meta(syntax: DICOMBuilder.Syntax.deflated.uid).count
        file[start] = 0x07
        #expect(failure(file) == ParseError(.malformed("deflated data are damaged"), offset: 0))
        #expect(failure(Array(builder.file(.deflated).dropLast(100)))?.reason == .truncated)
    }
}
