import Glibc
import TestSupport

/// DCMTK's `storescp`, writing what it receives into a directory.
final class StoreReceiver {
    private let process: ChildProcess
    private let port: Int
    /// DCMTK's, at both ends: otherwise each instance waits 80 ms for acknowledgements.
    static let environment = ["TCP_NODELAY": "1"]

    init(into directory: String, log: String) throws {
        port = try Self.freePort()
        process = try ChildProcess(
            ["storescp", "--fork", "--output-directory", directory, "\(port)"],
            output: log,
            environment: Self.environment
        )
        try eventually("storescp listens") {
            try ChildProcess(["echoscu", "localhost", "\(port)"], output: log).waitForEnd() == .exited(0)
        }
    }

    /// Starts one association that sends all files of a directory.
    func send(_ directory: String, log: String) throws -> ChildProcess {
        try ChildProcess(
            ["storescu", "--scan-directories", "localhost", "\(port)", directory],
            output: log,
            environment: Self.environment
        )
    }

    static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 ? getsockname(descriptor, address, &length) : -1
            }
        }
        try Files.check(result, "a port")
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

/// DCMTK's `dcmdump` as the second opinion on UIDs.
enum Dump {
    /// Study, series and instance of every file below a directory.
    static func identifiers(in directory: String) throws -> [[String]] {
        let text = try ChildProcess.run([
            "dcmdump", "--quiet", "--scan-directories", "--recurse", "--print-short",
            "--search", "0008,0018", "--search", "0020,000d", "--search", "0020,000e", directory,
        ])
        var found: [[String]] = []
        var current: [String: String] = [:]
        for line in text.split(separator: "\n") {
            guard let open = line.firstIndex(of: "["), let end = line.firstIndex(of: "]") else { continue }
            current[String(line.prefix(11))] = String(line[line.index(after: open)..<end])
            guard current.count == 3 else { continue }
            found.append(["(0020,000d)", "(0020,000e)", "(0008,0018)"].map { current[$0] ?? "" })
            current = [:]
        }
        return found
    }
}

extension Dump {
    /// The marks (PatientComments) of files that the tests have written, without a DICOM reader: the value of (0010,4000).
    static func marks(of paths: [String]) throws -> [String] {
        try paths.map { path in
            let bytes = try Files.read(path)
            let head: [UInt8] = [0x10, 0x00, 0x00, 0x40, 0x4C, 0x54]
            guard let at = (0..<bytes.count - 8).first(where: { bytes[$0..<$0 + 6].elementsEqual(head) }) else {
                throw TestFailure("no mark in \(path)")
            }
            let length = Int(bytes[at + 6]) | Int(bytes[at + 7]) << 8
            return String(
                decoding: bytes[at + 8..<at + 8 + length].reversed().drop { $0 == 0x20 }.reversed(),
                as: UTF8.self
            )
        }
    }
}
