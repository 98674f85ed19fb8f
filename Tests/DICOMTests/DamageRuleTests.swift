import DICOM
import DICOMTestSupport
import Testing

/// What the reader does where a file breaks the rules: the table of docs/conformance.md, a test for each row.
@Suite struct DamageRuleTests {
    static let uids = DICOMBuilder().instance()
    static let first = ["00080016 UI 26", "00080018 UI 10", "0020000D UI 6", "0020000E UI 8"]
    static let behind = DICOMBuilder().text(0x0040_DB00, .CS, "1").text(0x0040_DB06, .DT, "2024")

    /// The lines between the UIDs and what follows the damage, and what is noted of the damage.
    static func read(_ bytes: [UInt8], isComplete: Bool = false) throws -> (lines: [String], damages: [Damage]) {
        var dataSet = DataSet()
        try dataSet.parse(uids.raw(bytes).raw(behind.dataSet()).file(), isComplete: isComplete)
        let lines = dump(dataSet)
        #expect(lines.prefix(4) == first[...])
        #expect(lines.suffix(2) == ["0040DB00 CS 2", "0040DB06 DT 4"])
        return (Array(lines.dropFirst(4).dropLast(2)), dataSet.damages)
    }

    static func element(_ tag: UInt32, _ vr: String, _ rest: [UInt8]) -> [UInt8] {
        [16, 24, 0, 8].map { UInt8(truncatingIfNeeded: tag >> UInt32($0)) } + Array(vr.utf8) + rest
    }

    @Test(arguments: ["  ", "\0\0", "??", "UK"])
    func `an explicit VR that does not exist is taken by the dictionary`(vr: String) throws {
        let read = try Self.read(Self.element(0x0028_0004, vr, [2, 0, 0x43, 0x54]))
        #expect(read.lines == ["00280004 CS 2"] && read.damages.isEmpty)
    }

    @Test func `an element in implicit form among explicit ones is read`() throws {
        let read = try Self.read(Self.element(0x0028_0004, "", [2, 0, 0, 0, 0x43, 0x54]))
        #expect(read.lines == ["00280004 CS 2"] && read.damages.isEmpty)
    }

    @Test func `an element in explicit form among implicit ones is read`() throws {
        let element = Self.element(0x0028_0004, "CS", [2, 0, 0x43, 0x54])
        let file = Self.uids.raw(element).text(0x0040_DB00, .CS, "1").file(.implicitLittleEndian)
        #expect(try dump(file) == Self.first + ["00280004 CS 2", "0040DB00 CS 2"])
    }

    @Test(arguments: ["SV", "UV", "OB", "UN", "UT"])
    func `a length of 16 bits where 32 belong is read`(vr: String) throws {
        let read = try Self.read(Self.element(0x0029_1010, vr, [8, 0] + Array("abcdefgh".utf8)))
        #expect(read.lines == ["00291010 \(vr) 8"] && read.damages.isEmpty)
    }

    @Test func `delimiters where none belong are passed over`() throws {
        let read = try Self.read(SequenceTests.itemEnd + SequenceTests.sequenceEnd)
        #expect(read.lines.isEmpty && read.damages.isEmpty)
    }

    @Test func `an item where none belongs is passed over by its length`() throws {
        let read = try Self.read(SequenceTests.item + [4, 0, 0, 0, 1, 2, 3, 4])
        #expect(read.lines.isEmpty && read.damages.count == 1)
        #expect(read.damages.first?.count == 12 && read.damages.first?.reason == .malformed)
    }

    @Test func `an element that should be a sequence and is none is dropped`() throws {
        let read = try Self.read(DICOMBuilder().element(0x0040_A170, .SQ, Array("no item of any kind ".utf8)).dataSet())
        #expect(read.lines.isEmpty)
        #expect(read.damages.map(\.tag) == [ElementTag(0x0040_A170)])
    }

    @Test(arguments: DICOMBuilder.Length.allCases)
    func `UN whose items are explicit is read as what it is`(length: DICOMBuilder.Length) throws {
        let inner = DICOMBuilder().text(0x0008_0100, .SH, "A")
        var bytes = DICOMBuilder().sequence(0x0040_A043, [inner], length: length).dataSet()
        bytes.replaceSubrange(4..<6, with: Array("UN".utf8))
        let read = try Self.read(bytes)
        #expect(read.lines == ["0040A043 SQ", "  item none", "    00080100 SH 2"] && read.damages.isEmpty)
    }

    @Test(arguments: [-8, 8])
    func `a sequence whose length is wrong ends with its items`(change: Int) throws {
        let inner = DICOMBuilder().text(0x0008_0100, .SH, "A").text(0x0008_0102, .SH, "B")
        var bytes = DICOMBuilder().sequence(0x0040_A043, [inner]).dataSet()
        bytes[8] = UInt8(Int(bytes[8]) + change)
        let read = try Self.read(bytes)
        #expect(read.lines == ["0040A043 SQ", "  item none", "    00080100 SH 2", "    00080102 SH 2"])
        #expect(!read.damages.isEmpty)
    }

    @Test func `what is damaged in an item is dropped up to its end`() throws {
        let inner = DICOMBuilder().text(0x0008_0100, .SH, "A").raw(
            Self.element(0x0008_0102, "SH", [99, 0, 0x42, 0x20])
        )
        let read = try Self.read(DICOMBuilder().sequence(0x0040_A043, [inner]).dataSet())
        #expect(read.lines == ["0040A043 SQ", "  item none", "    00080100 SH 2"])
        let step = Damage.Step(tag: ElementTag(0x0040_A043), item: 0)
        #expect(read.damages.map(\.tag) == [ElementTag(0x0008_0102)] && read.damages.first?.path == [step])
    }

    @Test(arguments: [1, 30, 200])
    func `a value that goes over what follows is dropped, and reading goes on behind it`(length: UInt8) throws {
        let whole = DICOMBuilder().text(0x0008_0018, .UI, "1.2.3").raw(Self.element(0x0008_0020, "DA", [length, 0]))
            .raw(Array("20240101".utf8)).text(0x0008_0060, .CS, "CT").text(0x0020_000D, .UI, "1.2.3")
            .text(0x0020_000E, .UI, "1.2.3.4").text(0x0020_0010, .SH, "1").file()
        var dataSet = DataSet()
        try dataSet.parse(whole, isComplete: true)
        #expect(
            dump(dataSet) == ["00080018 UI 6", "00080060 CS 2", "0020000D UI 6", "0020000E UI 8", "00200010 SH 2"]
        )
        #expect(dataSet.damages.map(\.tag) == [ElementTag(0x0008_0020)])
        #expect(dataSet.damages.first?.count == 16)
    }

    @Test func `blanks within the data set are passed over`() throws {
        let file = DICOMBuilder().text(0x0008_0016, .UI, "1.2").raw([UInt8](repeating: 0, count: 24))
            .text(0x0008_0018, .UI, "1.2.3").text(0x0020_000D, .UI, "1.2.3").text(0x0020_000E, .UI, "1.2.3.4").file()
        #expect(try dump(file) == ["00080016 UI 4", "00080018 UI 6", "0020000D UI 6", "0020000E UI 8"])
    }

    @Test func `a second file meta group is passed over and listed`() throws {
        let meta = DICOMBuilder.meta(syntax: "1.2.840.10008.1.2")
        var dataSet = DataSet()
        try dataSet.parse(
            DICOMBuilder.preamble + DICOMBuilder.meta(syntax: "1.2.840.10008.1.2.1") + meta + Self.uids.dataSet()
        )
        #expect(dump(dataSet) == Self.first)
        #expect(dataSet.damages.map(\.tag.group) == [2, 2, 2, 2, 2])
        let count = dataSet.damages.reduce(0) { $0 + $1.count }
        #expect(count == Int64(meta.count))
    }

    @Test func `a prefix at the very beginning is one`() throws {
        #expect(try dump(Array(Self.uids.file().dropFirst(128))) == Self.first)
    }

    @Test(arguments: [127, 128, 129, 130, 131, 132])
    func `a prefix that is damaged is none the less one`(at: Int) throws {
        var file = Self.uids.file()
        file[at] = 0xAA
        #expect(try dump(file) == Self.first)
        file.remove(at: at)
        #expect(try dump(file) == Self.first)
    }

    @Test(arguments: [140, 144, 150, 160])
    func `damaged file meta information costs what is damaged`(at: Int) throws {
        var file = Self.uids.file()
        file[at] ^= 0x55
        #expect(try dump(file) == Self.first)
        file.remove(at: at)
        #expect(try dump(file) == Self.first)
    }

    @Test func `a byte order other than the declared one is seen`() throws {
        #expect(try dump(Self.uids.file(.explicitBigEndian, declaring: "1.2.840.10008.1.2.1")) == Self.first)
        #expect(try dump(Self.uids.file(.explicitLittleEndian, declaring: "1.2.840.10008.1.2.2")) == Self.first)
    }

    @Test func `a header that is cut short is read as far as it goes if the file grows no more`() throws {
        let file = Array(Self.uids.text(0x0020_4000, .LT, "a comment").file().dropLast(4))
        #expect(failure(file)?.reason == .truncated)
        var dataSet = DataSet()
        try dataSet.parse(file, isComplete: true)
        #expect(dump(dataSet) == Self.first)
        let damage = dataSet.damages.first
        #expect(damage?.reason == .truncated && damage?.tag == ElementTag(0x0020_4000) && damage?.count == 14)
    }

    @Test func `without its UIDs a damaged file is an error`() {
        let bytes = DICOMBuilder().text(0x0008_0018, .UI, "1.2").raw(Self.element(0x0028_0004, "CS", [99, 0])).file()
        var dataSet = DataSet()
        #expect(throws: ParseError.self) { try dataSet.parse(bytes, isComplete: true) }
        let isEmpty = dataSet.count == 0 && dataSet.damages.isEmpty
        #expect(isEmpty)
    }

    @Test func `damage that says nothing of what is lost says so of the character set`() throws {
        let file = DICOMBuilder().raw(Self.element(0x0008_0005, "CS", [99, 0])).raw(Array("ISO_IR 101".utf8))
            .raw(Self.uids.dataSet()).file()
        var dataSet = DataSet()
        try dataSet.parse(file, isComplete: true)
        let (isLost, isOther) = (dataSet.mayHaveLost(.specificCharacterSet), dataSet.mayHaveLost(.pixelRepresentation))
        #expect(isLost && !isOther)
    }
}
