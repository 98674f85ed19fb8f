import DICOM
import DICOMTestSupport
import Testing

/// Files that are only odd, and damage that looks like something else: each was read wrongly once.
@Suite struct OddFileTests {
    private static let head = DICOMBuilder().text(0x0008_0018, .UI, "1.2.3.4.5").text(0x0010_0020, .LO, "PAT1")
        .text(0x0020_000D, .UI, "1.2.3").text(0x0020_000E, .UI, "1.2.3.4")
    private static let headLines = ["00080018 UI 10", "00100020 LO 4", "0020000D UI 6", "0020000E UI 8"]
    /// Another instance, as Original Attributes Sequence has it, or a private value.
    private static let other = DICOMBuilder().text(0x0008_0018, .UI, "9.9.9.1").text(0x0008_0050, .SH, "A")
        .text(0x0008_0060, .CS, "MR").text(0x0010_0010, .PN, "Other^P").text(0x0010_0020, .LO, "OTHER1")
        .text(0x0020_000D, .UI, "9.9.9.2").text(0x0020_000E, .UI, "9.9.9.3").text(0x0020_0010, .SH, "S")

    private func read(_ bytes: [UInt8]) throws -> (lines: [String], damages: [Damage], identifies: Bool) {
        var dataSet = DataSet()
        try dataSet.parse(bytes, isComplete: true)
        return (dump(dataSet), dataSet.damages, dataSet.identifiesInstance)
    }

    private func isWhole(_ bytes: [UInt8], _ lines: [String]) throws {
        let read = try read(bytes)
        #expect(read.lines == lines && read.damages.isEmpty && read.identifies)
    }

    @Test func `zeros at the end cost no element before them, sorted or not, known or not`() throws {
        let zeros = [UInt8](repeating: 0, count: 64)
        for last in [
            DICOMBuilder().text(0x0040_0244, .DA, "20240101").text(0x0040_0240, .SH, "A"),
            DICOMBuilder().text(0x0040_0254, .LO, "one\r\ntwo"), DICOMBuilder().text(0x4000_010B, .ST, "unknown"),
        ] {
            let whole = Self.head.raw(last.dataSet())
            try isWhole(whole.raw(zeros).file(), try dump(whole.file()))
        }
    }

    @Test func `an item in implicit VR in an explicit data set is read, whatever its texts`() throws {
        let item = DICOMBuilder().text(0x0008_0100, .SH, "A1").text(0x0008_0102, .SH, "DCM")
            .text(0x0008_0104, .LO, "one\r\ntwo").dataSet(.implicitLittleEndian)
        let sequence = DICOMBuilder().sequence(0x0040_A043, [DICOMBuilder().raw(item)])
        try isWhole(
            Self.head.raw(sequence.dataSet()).file(),
            Self.headLines + [
                "0040A043 SQ", "  item none", "    00080100 SH 2", "    00080102 SH 4", "    00080104 LO 8",
            ]
        )
    }

    /// The reader goes back for a value that has swallowed others only as long as it has not come to the pixel data.
    @Test(arguments: [.explicitLittleEndian, .implicitLittleEndian] as [DICOMBuilder.Syntax])
    func `a delimiter behind pixel data ends the data set, whatever the texts before it hold`(
        syntax: DICOMBuilder.Syntax
    ) throws {
        let swallowed = DICOMBuilder().text(0x0018_0050, .DS, "1.5 ").text(0x0020_0013, .IS, "7 ").dataSet(syntax)
        let text = Array("ACME".utf8) + swallowed
        let whole = Self.head.element(0x0020_4000, .LT, text).numbers(0x0028_0010, .US, [2] as [UInt16])
            .element(0x7FE0_0010, .OW, [1, 2, 3, 4])
        for end in [SequenceTests.itemEnd, SequenceTests.sequenceEnd, SequenceTests.itemEnd + SequenceTests.itemEnd] {
            for tail in [[], [0x74, 0x02, 0, 1], DICOMBuilder().text(0xFFFC_FFFC, .OB, "").dataSet(syntax)] {
                var dataSet = DataSet()
                try dataSet.parse(whole.raw(end + tail).file(syntax))
                let isRead = dataSet.identifiesInstance && dataSet.pixelData != nil
                #expect(isRead)
            }
        }
    }

    @Test func `reserved bytes that are not zero change nothing`() throws {
        var value = DICOMBuilder().element(0x0043_1010, .OB, Self.other.dataSet()).dataSet()
        value[6] = 4
        let count = Self.other.dataSet().count
        try isWhole(
            Self.head.text(0x0043_0010, .LO, "GEMS").raw(value).file(),
            Self.headLines + ["00430010 LO 4", "00431010 OB \(count)"]
        )
    }

    @Test func `private items before a delimiter too many cost nothing`() throws {
        let hidden = DICOMBuilder().sequence(0x0009_1001, [DICOMBuilder().text(0x0008_0100, .SH, "A")])
        let item = DICOMBuilder().text(0x0008_0050, .SH, "1").text(0x0009_0010, .LO, "M").raw(
            hidden.dataSet(.implicitLittleEndian)
        )
        let whole = Self.head.sequence(0x0040_0275, [item])
        let file = whole.raw(SequenceTests.itemEnd).text(0x0040_DB00, .CS, "1").file(.implicitLittleEndian)
        let expected = whole.text(0x0040_DB00, .CS, "1").file(.implicitLittleEndian)
        try isWhole(file, try dump(expected))
    }

    @Test(arguments: [0, 0xF6] as [UInt8], ["item", "value"])
    func `what is left of another instance behind a hole is not this one`(filler: UInt8, place: String) throws {
        let head = DICOMBuilder().text(0x0008_0018, .UI, "1.2.3.4.5").text(0x0010_0020, .LO, "PAT1")
            .text(0x0018_0050, .DS, "1").text(0x0018_0060, .DS, "120").text(0x0020_000D, .UI, "1.2.3")
            .text(0x0020_000E, .UI, "1.2.3.4")
        let item = DICOMBuilder().sequence(0x0400_0550, [Self.other]).text(0x0400_0562, .DT, "2024")
        let whole =
            place == "item"
            ? head.sequence(0x0400_0561, [item])
            : head.text(0x0043_0010, .LO, "GEMS").element(0x0043_1010, .OB, Self.other.dataSet())
        let file = whole.element(0x7FE0_0010, .OW, [UInt8](repeating: 0x55, count: 32)).file()
        let first = try #require(file.indices.first { file[$0...].starts(with: [0x18, 0, 0x60, 0]) }) + 8
        let other = try #require(file.indices.first { file[$0...].starts(with: Array("9.9.9.1".utf8)) })
        for end in other - 8..<other + 60 {
            var damaged = file
            damaged.replaceSubrange(first..<end, with: repeatElement(filler, count: end - first))
            var dataSet = DataSet()
            // It has no UIDs any more.
            #expect(throws: ParseError.self, "\(end)") { try dataSet.parse(damaged, isComplete: true) }
        }
    }

    @Test func `a UID of which zeros took the end is none`() throws {
        let uid = "1.2.840.113619.2.55.3.604688119.971.1234567890"
        let meta = DICOMBuilder().text(0x0002_0003, .UI, uid).text(0x0002_0010, .UI, "1.2.840.10008.1.2.1")
        let dataSet = DICOMBuilder().text(0x0008_0018, .UI, uid).text(0x0020_000D, .UI, "1.2.3")
            .text(0x0020_000E, .UI, "1.2.3.4")
        var file = DICOMBuilder.preamble + meta.dataSet() + dataSet.dataSet()
        #expect(try read(file).identifies)
        let at = try #require(file.indices.last { file[$0...].starts(with: Array(uid.utf8)) }) + uid.utf8.count
        for index in at - 20..<at { file[index] = 0 }
        #expect(try !read(file).identifies)
    }

    @Test(arguments: 2...4) func `a UID whose beginning was taken for its length is none`(count: Int) throws {
        var file = DICOMBuilder().text(0x0008_0018, .UI, "1.2.3.4.5").text(0x0020_000D, .UI, "1.2.840.113619.2.55")
            .text(0x0020_000E, .UI, "1.2.3.4").text(0x0020_0010, .SH, "1").file()
        let at = try #require(file.indices.first { file[$0...].starts(with: [0x20, 0, 0x0D, 0]) }) + 6
        file.removeSubrange(at..<at + count)
        #expect(throws: ParseError.self) { try read(file) }
    }

    @Test func `a sequence that is too short ends with its items`() throws {
        let item = DICOMBuilder().text(0x0008_0100, .SH, "A").text(0x0040_A160, .UT, "end")
        let whole = Self.head.sequence(0x0040_A043, [item]).text(0x0040_DB00, .CS, "1")
        var file = whole.file()
        let at = try #require(file.indices.first { file[$0...].starts(with: [0x40, 0, 0x43, 0xA0]) }) + 8
        file[at] -= 16
        let read = try read(file)
        #expect(try read.lines == dump(whole.file()) && read.damages.map(\.count) == [0])
    }

    @Test func `a sequence in deflated data that says to end far behind them is read no further than they go`() throws {
        let bytes = SequenceTests.item + [10, 0, 0, 0] + DICOMBuilder().text(0x0008_0100, .SH, "A").dataSet()
        for length in [900_000, 5_000] as [UInt32] {
            let sequence =
                [0x40, 0, 0x43, 0xA0] + Array("SQ\0\0".utf8) + withUnsafeBytes(of: length.littleEndian) { Array($0) }
            let file = Self.head.raw(sequence + bytes).text(0x0040_DB00, .CS, "1").file(.deflated)
            let read = try read(file)
            #expect(read.lines.prefix(4) == Self.headLines[...] && read.identifies && !read.damages.isEmpty)
        }
    }

    @Test func `what was read by what follows it is not taken over by the next data set`() throws {
        // A reserved byte that is not zero: the element is one if another one follows, or the end does.
        let odd: [UInt8] = [0x27, 0, 0xA3, 0xFF] + Array("UN".utf8) + [0, 1, 0, 0, 0, 0]
        let first = Self.head.text(0x0027_0010, .LO, "MAKER").raw(odd).file()
        var alone = DataSet()
        var behind = DataSet()
        try behind.parse(first, isComplete: true)
        try alone.parse(first + [9, 9], isComplete: true)
        try behind.parse(first + [9, 9], isComplete: true)
        #expect(dump(alone) == dump(behind))
        #expect(alone.digest(key: (1, 2)) == behind.digest(key: (1, 2)))
    }

    @Test func `two values of one UID identify nothing, and of PatientID neither counts`() throws {
        let twice = Self.head.text(0x0008_0018, .UI, "1.2.9").file()
        #expect(try !read(twice).identifies)
        let same = Self.head.text(0x0008_0018, .UI, "1.2.3.4.5").file()
        #expect(try read(same).identifies)
        let read = try read(Self.head.text(0x0010_0020, .LO, "PAT2").text(0x0028_0010, .US, "12").file())
        #expect(read.lines == ["00080018 UI 10", "0020000D UI 6", "0020000E UI 8", "00280010 US 2"] && read.identifies)
        #expect(read.damages.map(\.tag) == [.patientID, .patientID])
    }
}
