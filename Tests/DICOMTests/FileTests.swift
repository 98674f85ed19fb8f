import DICOM
import DICOMTestSupport
import Glibc
import Testing

@Suite struct FileTests {
    static let header = DICOMBuilder().instance()

    @Test func `what is neither DICOM nor a bare data set is not DICOM`() {
        let texts = ["", "a", "hello, world", String(repeating: "x", count: 1000), "\u{8}\0\u{5}\0", "\u{2}\0"]
        for text in texts {
            #expect(failure(Array(text.utf8))?.reason == .notDICOM)
        }
        // Group 0008, but longer than the file; and an element that the dictionary does not have.
        #expect(failure([8, 0, 5, 0, 0xFF, 0, 0, 0, 1, 2])?.reason == .notDICOM)
        #expect(failure([8, 0, 3, 0x77, 2, 0, 0, 0, 1, 2])?.reason == .notDICOM)
        #expect(failure([UInt8](repeating: 0, count: 1000))?.reason == .notDICOM)
    }

    @Test func `a big endian data set without a preamble is one if several elements say so`() throws {
        #expect(try dump(Self.header.dataSet(.explicitBigEndian)) == dump(Self.header.file(.explicitBigEndian)))
        let one = DICOMBuilder().text(0x0008_0016, .UI, "1.2").dataSet(.explicitBigEndian)
        #expect(failure(one)?.reason == .notDICOM)
    }

    @Test func `the beginning of a blank preamble is truncated`() {
        for count in [1, 2, 100, 128, 129, 131] {
            #expect(failure(Array(DICOMBuilder.preamble.prefix(count)))?.reason == .truncated)
        }
    }

    @Test func `file meta without a data set is truncated`() {
        let meta = DICOMBuilder.preamble + DICOMBuilder.meta(syntax: "1.2.840.10008.1.2.1")
        #expect(failure(meta) == ParseError(.truncated, offset: meta.count))
        #expect(failure(DICOMBuilder.preamble) == ParseError(.truncated, offset: 132))
    }

    @Test func `a DICOMDIR is not an instance`() {
        #expect(failure(Self.header.file(mediaStorage: "1.2.840.10008.1.3.10"))?.reason == .notAnInstance)
        let bare = DICOMBuilder().text(0x0004_1130, .CS, "X").instance()
        #expect(failure(bare.file())?.reason == .notAnInstance)
        #expect(failure(bare.file(.explicitBigEndian))?.reason == .notAnInstance)
    }

    @Test func `an instance whose file meta says nothing of its class is one`() throws {
        let meta = DICOMBuilder().text(0x0002_0010, .UI, "1.2.840.10008.1.2.1").dataSet()
        #expect(try dump(DICOMBuilder.preamble + meta + Self.header.dataSet()).count == 4)
    }

    @Test func `file meta elements are in the list`() throws {
        let lines = try dump(Self.header.file(), withMeta: true)
        #expect(lines.prefix(3) == ["00020000 UL 4", "00020001 OB 2", "00020002 UI 26"])
    }

    @Test func `errors name the place and the element`() {
        let file = Self.header.text(0x0020_4000, .LT, "comment").file()
        let error = failure(Array(file.dropLast(2)))
        #expect(error == ParseError(.truncated, offset: file.count - 16, tag: 0x0020_4000))
    }

    @Test func `a value that is twice there counts at its last place`() throws {
        var dataSet = DataSet()
        try dataSet.parse(DICOMBuilder().text(0x0008_0060, .CS, "CT").text(0x0008_0060, .CS, "MR").file())
        let found = dataSet.element(ElementTag(0x0008_0060))
        let element = try #require(found)
        let value = Array(dataSet.value(of: element))
        #expect(value == Array("MR".utf8))
    }

    @Test func `after an error the data set is empty, and it can be used again`() throws {
        var dataSet = DataSet()
        try dataSet.parse(Self.header.file())
        #expect(throws: ParseError.self) { try dataSet.parse([1, 2, 3]) }
        let (count, isEmpty) = (dataSet.count, dataSet.bytes.isEmpty)
        #expect(count == 0 && isEmpty)
        try dataSet.parse(Self.header.file(.deflated))
        try dataSet.parse(Self.header.file(.explicitBigEndian))
        #expect(dump(dataSet).count == 4)
    }

    @Test(arguments: [100, 7_000, 8_180, 8_192, 9_000, 100_000, 3_000_000])
    func `a file is read by its descriptor as from memory`(size: Int) throws {
        var builder = Self.header
        for _ in 0..<size / 1000 {
            builder = builder.element(0x0028_1201, .OW, [UInt8](repeating: 3, count: 980))
        }
        builder = builder.element(0x0028_1202, .OW, [UInt8](repeating: 3, count: size % 1000))
        let file = builder.element(0x7FE0_0010, .OW, [UInt8](repeating: 7, count: 60_000))
            .text(0x7FE1_0010, .LO, "x").file()
        let descriptor = try temporaryFile(file)
        defer { close(descriptor) }
        var dataSet = DataSet()
        try dataSet.read(from: descriptor, size: file.count)
        let lines = dump(dataSet)
        let digest = dataSet.digest(key: (1, 2))
        #expect(try lines == dump(file))
        try dataSet.parse(file)
        #expect(dataSet.digest(key: (1, 2)) == digest)
    }

    @Test func `a file that shrank is truncated`() throws {
        let file = Self.header.element(0x0028_1201, .OW, [UInt8](repeating: 3, count: 20_000)).file()
        let descriptor = try temporaryFile(Array(file.dropLast(5000)))
        defer { close(descriptor) }
        var dataSet = DataSet()
        let error = #expect(throws: ParseError.self) { try dataSet.read(from: descriptor, size: file.count) }
        #expect(error?.reason == .truncated)
    }

    @Test func `a descriptor that cannot be read is unreadable`() {
        var dataSet = DataSet()
        let error = #expect(throws: ParseError.self) { try dataSet.read(from: -1, size: 1000) }
        #expect(error?.reason == .unreadable(EBADF))
        let directory = open("/", O_RDONLY | O_DIRECTORY)
        defer { close(directory) }
        let other = #expect(throws: ParseError.self) { try dataSet.read(from: directory, size: 1000) }
        #expect(other?.reason == .unreadable(EISDIR))
    }

    @Test func `private creators and element ranges`() {
        #expect(ElementTag(0x0029_0010).isPrivateCreator)
        #expect(!ElementTag(0x0029_1010).isPrivateCreator && ElementTag(0x0029_1010).isPrivate)
        #expect(!ElementTag(0x0028_0010).isPrivateCreator)
        #expect(ElementTag(0x0008_0000).isGroupLength)
        #expect(ElementTag(0x7FE0_0010).description == "(7FE0,0010)")
        #expect(ElementTag(0x0008_0018).hexDigits == "00080018")
    }
}

/// An open file with these bytes that has no name.
private func temporaryFile(_ bytes: [UInt8]) throws -> CInt {
    var name = Array("/tmp/dicom-test-XXXXXX".utf8CString)
    let descriptor = mkstemp(&name)
    unlink(name)
    try #require(descriptor >= 0)
    let written = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    try #require(written == bytes.count)
    return descriptor
}
