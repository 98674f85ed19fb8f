import ControlSocket
import Glibc

/// A client that sends what it is told, well-formed or not, and reads to the end.
package final class RawClient: Sendable {
    private let descriptor: CInt

    package init(_ path: String) throws {
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, length) }
        }
        guard result == 0 else {
            let number = errno
            close(descriptor)
            throw SocketError("connect", number)
        }
        // A test that waits for what never comes must fail, not hang; one on a machine that is busy must not.
        var timeout = timeval(tv_sec: 600, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Sends all of it; false if the peer no longer takes it.
    @discardableResult
    package func send(_ text: String) async throws -> Bool {
        try await blocking { self.sendAll(text) }
    }

    private func sendAll(_ text: String) -> Bool {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            bytes = bytes.dropFirst(count)
        }
        return true
    }

    package func finishSending() { shutdown(descriptor, CInt(SHUT_WR)) }

    /// What comes until the peer closes.
    package func readToEnd() async throws -> String {
        try await blocking {
            var text: [UInt8] = []
            while let part = self.readPart() { text += part }
            return String(decoding: text, as: UTF8.self)
        }
    }

    /// What comes until it holds `mark`.
    package func read(until mark: String) async throws -> String {
        try await blocking {
            var text = ""
            while !text.contains(mark), let part = self.readPart() { text += String(decoding: part, as: UTF8.self) }
            return text
        }
    }

    private func readPart() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer.prefix(count)) : nil
    }

    /// A request and its answer, on a connection of its own.
    package static func get(_ target: String, on path: String) async throws -> String {
        try await request("GET \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", on: path)
    }

    package static func post(_ target: String, _ body: String, on path: String) async throws -> String {
        let head =
            "POST \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: \(body.utf8.count)"
        return try await request(head + "\r\n\r\n" + body, on: path)
    }

    package static func request(_ text: String, on path: String) async throws -> String {
        let client = try RawClient(path)
        try await client.send(text)
        return try await client.readToEnd()
    }
}
