import DICOM
import DICOMTestSupport
import Testing

/// What must not become of damage: another instance, a value of an item, a loss that nobody is told of.
@Suite struct DamageIdentityTests {
    private static let item = DICOMBuilder().text(0x0020_000D, .UI, "9.8.7").text(0x0020_000E, .UI, "9.8.7.6")
        .text(0x0020_0010, .SH, "9")
    private static let head = DICOMBuilder().text(0x0008_0016, .UI, "1.2").text(0x0008_0018, .UI, "1.2.3")

    private func read(_ bytes: [UInt8], isComplete: Bool = true) throws -> (lines: [String], damages: [Damage]) {
        var dataSet = DataSet()
        try dataSet.parse(bytes, isComplete: isComplete)
        return (dump(dataSet), dataSet.damages)
    }

    @Test(arguments: DICOMBuilder.Length.allCases, [DICOMBuilder.Syntax.explicitLittleEndian, .implicitLittleEndian])
    func `UIDs of an item are not those of a file that was cut`(
        length: DICOMBuilder.Length,
        syntax: DICOMBuilder.Syntax
    ) throws {
        let whole = Self.head.sequence(0x0008_1250, [Self.item, Self.item], length: length).file(syntax)
        for end in Self.head.file(syntax).count + 1..<whole.count {
            #expect(throws: ParseError.self) { try read(Array(whole[..<end])) }
        }
    }

    @Test func `a header that may still be growing is incomplete, whatever follows where it breaks`() throws {
        let file = Self.head.sequence(0x0008_1250, [Self.item], length: .undefined).text(0x0020_000D, .UI, "1.2")
            .text(0x0020_000E, .UI, "1.2.3").file()
        for end in Self.head.file().count + 1..<file.count {
            let cut = Array(file[..<end])
            if let failure = failure(cut) {
                #expect(failure.reason == .truncated)
            } else {
                // Between two elements of the data set itself: it lacks UIDs, and nothing is damaged.
                #expect(try read(cut, isComplete: false).damages.isEmpty)
            }
        }
    }

    @Test(arguments: [0x0008_0018, 0x0020_000D] as [UInt32])
    func `a UID that has swallowed what follows is none`(tag: UInt32) throws {
        // Two bytes of length and a text of 14 bytes more: exactly up to the element behind.
        let uid = DICOMBuilder().text(tag, .UI, "1.2.3")
        var file = DICOMBuilder().text(0x0008_0018, .UI, "1.2.3").text(0x0020_000D, .UI, "1.2.3")
            .text(0x0020_000E, .UI, "1.2.3").text(0x0020_0010, .SH, "123456").text(0x0020_0013, .IS, "1").file()
        let header = Array(uid.dataSet().prefix(8))
        let at = try #require(file.indices.first { file[$0...].starts(with: header) })
        file[at + 6] += 14
        #expect(throws: ParseError.self) { try read(file) }
    }

    @Test func `SOPInstanceUID is kept if only its length is damaged and file meta information has the same`() throws {
        var file = DICOMBuilder().text(0x0008_0018, .UI, "1.2.3.4.5").text(0x0020_000D, .UI, "1.2.3")
            .text(0x0020_000E, .UI, "1.2.3").file()
        let at = try #require(file.indices.first { file[$0...].starts(with: [8, 0, 0x18, 0]) })
        file[at + 6] += 2
        let read = try read(file)
        #expect(read.lines == ["00080018 UI 10", "0020000D UI 6", "0020000E UI 6"] && read.damages.count == 1)
    }

    @Test func `odd characters before a delimiter too many cost nothing`() throws {
        let file = Self.head.text(0x0008_103E, .LO, "a\tb\r\nc, and more").element(
            0x0008_1040,
            .LO,
            Array("a\0b\0 and more ".utf8)
        )
        .sequence(0x0008_1250, [DICOMBuilder().text(0x0020_000E, .UI, "9").text(0x0020_000D, .UI, "9")])
        .raw(SequenceTests.sequenceEnd).text(0x0020_000D, .UI, "1.2.3").text(0x0020_000E, .UI, "1.2").file()
        let read = try read(file)
        #expect(read.damages.isEmpty && read.lines.count == 10)
    }

    @Test func `an item that is not sorted, and that its sequence's end ends, is no damage`() throws {
        let item = DICOMBuilder().text(0x0020_000E, .UI, "9").text(0x0020_000D, .UI, "9").dataSet()
        let sequence = DICOMBuilder().sequence(0x0008_1250, [], length: .undefined).dataSet().dropLast(8)
        let bytes = Array(sequence) + SequenceTests.item + SequenceTests.undefined + item + SequenceTests.sequenceEnd
        let read = try read(Self.head.raw(bytes).text(0x0020_000D, .UI, "1.2").text(0x0020_000E, .UI, "1.2.3").file())
        #expect(read.damages.isEmpty && read.lines.count == 8)
    }

    @Test func `blanks that end what could be read are listed if something follows them`() throws {
        let whole = DICOMBuilder().instance()
        let padded = try read(whole.file() + [UInt8](repeating: 0, count: 600))
        #expect(padded.damages.isEmpty)
        let lost = try read(whole.file() + [UInt8](repeating: 0, count: 600) + Array("what was here".utf8))
        #expect(lost.damages.map(\.count) == [613] && lost.lines == padded.lines)
    }

    @Test(arguments: [136, 137, 138, 139]) func `a damaged group length costs nothing but itself`(at: Int) throws {
        var file = DICOMBuilder().instance().file()
        let whole = try dump(file, withMeta: true)
        file[at] ^= 0x08
        let damaged = try dump(file, withMeta: true)
        #expect(damaged.suffix(8) == whole.suffix(8))
    }

    @Test func `what is passed over again and again is listed up to a limit`() throws {
        let meta = DICOMBuilder().text(0x0002_0010, .UI, "1.2").dataSet()
        let item = SequenceTests.item + [0, 0, 0, 0]
        for bytes in [meta, item] {
            let many = Array(repeatElement(bytes, count: 20_000).joined())
            #expect(try read(DICOMBuilder().instance().raw(many).file()).damages.count < 100)
        }
    }
}
