internal import Glibc

/// A directory that goes with its last reference, unless `DICOMEXPORT_TEST_KEEP` is set.
package final class TemporaryDirectory: Sendable {
    package let path: String

    /// A short name: the paths of UNIX sockets end at 107 bytes.
    package init(_ name: String = "dx") throws {
        let parent = Environment.variable("TMPDIR") ?? "/tmp"
        var template = Array("\(parent)/\(name).XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TestFailure("mkdtemp in \(parent): \(Files.reason())") }
        path = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        if Environment.variable("DICOMEXPORT_TEST_KEEP") == nil { Files.removeTree(path) }
    }

    package static func / (directory: TemporaryDirectory, name: String) -> String {
        "\(directory.path)/\(name)"
    }
}
