import Glibc
import Testing

@testable import Configuration

/// Reading the file itself, and the file that is shipped.
@Suite struct FileTests {
    /// The repository's root, from this file's own path.
    private static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
        var template = Array("/tmp/dicomexportd-configuration-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        try #require(descriptor >= 0)
        let path = template.withUnsafeBufferPointer { buffer in buffer.baseAddress.map { String(cString: $0) } ?? "" }
        defer { unlink(path) }
        let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
        try #require(written == bytes.count)
        try body(path)
    }

    private func errors(at path: String) -> [String] {
        do throws(ConfigurationErrors) {
            _ = try ServiceConfiguration.load(path: path)
            return []
        } catch {
            #expect(error.file == path)
            return error.errors.map(\.description)
        }
    }

    @Test func `a file that is not there or not a file`() {
        #expect(errors(at: "/nonexistent/x.toml") == ["does not exist"])
        #expect(errors(at: "/tmp") == ["is a directory"])
    }

    @Test func `a file that is too large`() throws {
        let comment = [UInt8](repeating: UInt8(ascii: "#"), count: ServiceConfiguration.maximumFileSize)
        try withFile(comment) { path in #expect(errors(at: path) == []) }
        try withFile(comment + [UInt8(ascii: "#")]) { path in #expect(errors(at: path) == ["is larger than 1MiB"]) }
        #expect(errors(at: "/dev/zero") == ["is larger than 1MiB"])
    }

    @Test func `a file that is not UTF-8`() throws {
        try withFile(Array("a = 1\n# K\u{6F}ln\nb = '".utf8) + [0xFC, 0x27]) { path in
            #expect(errors(at: path) == ["line 3: is not UTF-8"])
        }
    }

    @Test func `errors name the file`() throws {
        try withFile(Array("a = 1\nb = 2".utf8)) { path in
            let errors = try #require(throws: ConfigurationErrors.self) { try ServiceConfiguration.load(path: path) }
            #expect(
                errors.description == "\(path): line 1: a: is not a known key\n\(path): line 2: b: is not a known key"
            )
        }
    }

    @Test func `the shipped file changes nothing`() throws {
        let configuration = try ServiceConfiguration.load(path: Self.root + "/config/dicomexportd.toml")
        #expect(configuration == ServiceConfiguration())
    }

    @Test func `every setting that the shipped file shows is right`() throws {
        var text = ""
        try withShippedLines { line in
            let isSetting = line.hasPrefix("#") && !line.hasPrefix("# ") && line != "#"
            text += (isSetting ? String(line.dropFirst()) : line) + "\n"
        }
        let configuration = try ServiceConfiguration.parse(text)
        let store = try #require(configuration.dicomStores.first)
        var defaults = StoreConfiguration(name: store.name, path: store.path)
        defaults.labels = ["site": "main"]
        defaults.rescanInterval = StoreConfiguration.localRescanInterval
        defaults.streams = [StreamConfiguration(tableURI: "bq://hospital.radiology.instances", backfill: true)]
        #expect(configuration.dicomStores == [defaults])
        var expected = ServiceConfiguration()
        expected.buckets = configuration.buckets
        expected.projects = configuration.projects
        expected.dicomStores = [defaults]
        expected.access = configuration.access
        #expect(configuration == expected)
        #expect(configuration.knownProjects == ["hospital", "research"])
        #expect(configuration.access.admins == ["dicom-admin"])
    }

    private func withShippedLines(_ body: (String) -> Void) throws {
        let file = try #require(fopen(Self.root + "/config/dicomexportd.toml", "re"))
        defer { fclose(file) }
        var buffer = [CChar](repeating: 0, count: 4096)
        while fgets(&buffer, CInt(buffer.count), file) != nil {
            let bytes = buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
            body(String(decoding: bytes, as: UTF8.self))
        }
    }
}
