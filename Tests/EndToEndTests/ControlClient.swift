import Glibc
import TestSupport

/// One HTTP request over a UNIX socket, blocking, without any code of the product.
struct ControlClient {
    struct Answer {
        var status: Int
        var body: [UInt8]

        var json: JSON {
            get throws { try JSON(body) }
        }
    }

    let socketPath: String

    func send(_ method: String, _ path: String, body: String = "") throws -> Answer {
        let descriptor = try connect()
        defer { close(descriptor) }
        var request = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        if method != "GET" { request += "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n" }
        try Files.append(Array((request + "\r\n" + body).utf8)[...], to: descriptor)
        var received: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = part.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 else { throw TestFailure("reading the answer: \(Files.reason())") }
            guard count > 0 else { break }
            received += part[..<count]
        }
        return try Self.parse(received)
    }

    private func connect() throws -> CInt {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw TestFailure("socket: \(Files.reason())") }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array(socketPath.utf8)
        guard path.count < MemoryLayout.size(ofValue: address.sun_path) else {
            close(descriptor)
            throw TestFailure("too long for a socket: \(socketPath)")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        // A service that is stopped or stuck must not hang the tests.
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else {
            let reason = Files.reason()
            close(descriptor)
            throw TestFailure("connect: \(reason)")
        }
        return descriptor
    }

    private static func parse(_ bytes: [UInt8]) throws -> Answer {
        let separator = Array("\r\n\r\n".utf8)
        guard let end = (0..<max(0, bytes.count - 3)).first(where: { Array(bytes[$0..<$0 + 4]) == separator }) else {
            throw TestFailure("no whole answer: \(String(decoding: bytes.prefix(200), as: UTF8.self))")
        }
        let head = String(decoding: bytes[..<end], as: UTF8.self).lowercased()
        guard let status = head.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw TestFailure("no status: \(head)")
        }
        var body = Array(bytes[(end + 4)...])
        if head.contains("transfer-encoding: chunked") { body = try unchunk(body) }
        return Answer(status: status, body: body)
    }

    private static func unchunk(_ bytes: [UInt8]) throws -> [UInt8] {
        var rest = bytes[...]
        var body: [UInt8] = []
        while let newline = rest.firstIndex(of: 0x0A) {
            let line = String(decoding: rest[rest.startIndex..<newline], as: UTF8.self)
            guard let size = Int(line.prefix { $0.isHexDigit }, radix: 16), size > 0 else { return body }
            rest = rest[(newline + 1)...]
            guard rest.count >= size + 2 else { break }
            body += rest.prefix(size)
            rest = rest.dropFirst(size + 2)
        }
        throw TestFailure("a chunked answer that ends too early")
    }
}
