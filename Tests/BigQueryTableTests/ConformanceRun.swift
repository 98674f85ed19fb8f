import DICOM
import Glibc
import Testing

@testable import BigQueryTable

/// Rows of files beside what others read in them: writes the rows for a script in the directory Conformance, and runs it.
///
/// `DICOMEXPORT_PYTHON` is a Python that has pydicom 3, `DICOMEXPORT_PYDICOM_DATA` the directory of pydicom's test files, and
/// `DICOMEXPORT_PYDICOM_CHARSETS` that of its character sets.
enum ConformanceRun {
    static let python = variable("DICOMEXPORT_PYTHON")
    static let data = variable("DICOMEXPORT_PYDICOM_DATA")
    static let charsets = variable("DICOMEXPORT_PYDICOM_CHARSETS")
    static let hasFiles = python != nil && data != nil && charsets != nil
    static let needs: Comment = "packaging/setup says where a Python with pydicom, and pydicom's files, are"

    private static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Files of pydicom that are DICOM, or should be.
    static func pydicomFiles() throws -> [String] {
        try files(in: #require(data)) + files(in: #require(charsets))
    }

    static func files(in directory: String) throws -> [String] {
        let paths = try run("find '\(directory)' -type f -print | sort").output.split(separator: "\n").map(String.init)
        let others = [".py", ".pyc", ".txt", ".md", ".json", ".dump", ".icc", ".gz"]
        return paths.filter { path in !others.contains { path.hasSuffix($0) } }
    }

    /// Runs a script on the rows of these files; a difference is a failure of the test.
    static func compare(_ paths: [String], with script: String, limits: ReadLimits = ReadLimits()) throws {
        try #require(!paths.isEmpty)
        try withTemporaryFile(rows(of: paths, limits: limits)) { file in
            let result = try run("\(command(script)) '\(file)' 2>&1")
            #expect(result.status == 0, "\(result.output)")
            for line in result.output.split(separator: "\n") where line.hasPrefix("SKIPPED: ") { print(line) }
            print(result.output.split(separator: "\n").last.map(String.init) ?? "no output")
        }
    }

    /// A command that runs one of our scripts.
    static func command(_ script: String) throws -> String {
        let directory = #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        return "'\(try #require(python))' -B '\(directory)/Conformance/\(script)'"
    }

    static func withTemporaryFile(_ bytes: some Collection<UInt8>, _ body: (String) throws -> Void) throws {
        var name = Array("/tmp/dicomexport-rows.XXXXXX".utf8CString)
        close(mkstemp(&name))
        let file = string(name)
        defer { unlink(file) }
        try #require(TestFile.write(bytes, to: file))
        try body(file)
    }

    private static func string(_ name: [CChar]) -> String {
        String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// What a shell command prints, and its exit status.
    static func run(_ command: String) throws -> (output: String, status: CInt) {
        let pipe = try #require(popen(command, "r"))
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = fread(&chunk, 1, chunk.count, pipe)
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return (String(decoding: bytes, as: UTF8.self), pclose(pipe) >> 8)
    }
}
