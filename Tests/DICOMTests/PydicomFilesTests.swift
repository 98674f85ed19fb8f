import DICOM
import Glibc
import Testing

/// The test files that pydicom brings along, if `DICOMEXPORT_PYDICOM_DATA` names their directory (data/test_files of the
/// Python package; the character sets are beside it).
@Suite struct PydicomFilesTests {
    static let directory: String? = {
        guard let path = getenv("DICOMEXPORT_PYDICOM_DATA").map({ String(cString: $0) }), !path.isEmpty else {
            print("skipped: PydicomFilesTests, because DICOMEXPORT_PYDICOM_DATA is not set")
            return nil
        }
        return path
    }()

    static func files(_ directory: String) -> [String] {
        guard let handle = opendir(directory) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".dcm") || name.hasPrefix("DICOMDIR") { names.append("\(directory)/\(name)") }
        }
        return names.sorted()
    }

    @Test(.enabled(if: directory != nil))
    func `every file is read, or refused for the right reason`() throws {
        let directory = try #require(Self.directory)
        var refused: [String: ParseError.Reason] = [:]
        var read = 0
        var dataSet = DataSet()
        let folders = [directory, "\(directory)/../charset_files", "\(directory)/dicomdirtests"]
        for path in folders.flatMap(Self.files) {
            let descriptor = open(path, O_RDONLY)
            defer { close(descriptor) }
            do throws(ParseError) {
                try dataSet.read(from: descriptor, size: Int(lseek(descriptor, 0, SEEK_END)))
                RobustnessTests.check(dataSet, size: 0)
                read += 1
            } catch {
                refused[String(path.split(separator: "/").last ?? "")] = error.reason
            }
        }
        print("pydicom's files: \(read) read, \(refused.count) refused")
        #expect(read >= 90)
        for (name, reason) in refused {
            switch name {
            case "rtplan_truncated.dcm": #expect(reason == .truncated)
            case "no_meta.dcm": #expect(reason == .notDICOM)
            default: #expect(name.hasPrefix("DICOMDIR") && reason == .notAnInstance, "\(name)")
            }
        }
    }

    @Test(
        .enabled(if: directory != nil),
        arguments: [
            ("chrArab", "قباني^لنزار"), ("chrFren", "Buc^Jérôme"), ("chrGerm", "Äneas^Rüdiger"),
            ("chrGreek", "Διονυσιος"),
            ("chrH31", "Yamada^Tarou=山田^太郎=やまだ^たろう"), ("chrH32", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"),
            ("chrHbrw", "שרון^דבורה"), ("chrI2", "Hong^Gildong=洪^吉洞=홍^길동"), ("chrJapMulti", "やまだ^たろう"),
            ("chrJapMultiExplicitIR6", "やまだ^たろう"), ("chrKoreanMulti", "김희중"), ("chrRuss", "Люкceмбypг"),
            ("chrX1", "Wang^XiaoDong=王^小東="), ("chrX2", "Wang^XiaoDong=王^小东="),
        ]
    )
    func `names come out in every character set`(file: String, expected: String) throws {
        let directory = try #require(Self.directory)
        let descriptor = open("\(directory)/../charset_files/\(file).dcm", O_RDONLY)
        defer { close(descriptor) }
        var dataSet = DataSet()
        try dataSet.read(from: descriptor, size: Int(lseek(descriptor, 0, SEEK_END)))
        let found = (dataSet.element(.specificCharacterSet), dataSet.element(ElementTag(0x0010_0010)))
        let (terms, name) = try (#require(found.0), #require(found.1))
        var text: [UInt8] = []
        CharacterSetCache().named(dataSet.value(of: terms)).decode(
            dataSet.value(of: name),
            as: .name,
            appendingTo: &text
        )
        while text.last == 0x20 { text.removeLast() }
        let decoded = String(decoding: text, as: UTF8.self)
        #expect(decoded == expected)
    }
}
