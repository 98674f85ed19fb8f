import ControlSocket
import ControlTestSupport
import Glibc
import HealthcareAPI
import Logging
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct ShutdownTests {
    private static func server(_ socket: ListeningSocket, _ service: StubService) -> ControlServer {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        // Nothing here may need to be cut off.
        return ControlServer(
            listener: socket,
            service: service,
            access: { AccessPolicy() },
            limits: TestServer.patient,
            logger: logger
        )
    }

    @Test func `a request that runs is answered before the end, and an idle connection is closed at once`() async throws
    {
        let started = AsyncStream.makeStream(of: Void.self)
        let proceed = AsyncStream.makeStream(of: Void.self)
        let service = StubService { _ in
            started.continuation.finish()
            for await _ in proceed.stream {}
        }
        service.put(StubService.operation(1))
        try await TestServer.withDirectory { directory in
            let path = directory + "/control.sock"
            let server = Self.server(try ListeningSocket(path: path), service)
            let answer = Mutex<Task<String, any Error>?>(nil)
            try await TestServer.run(server) {
                let idle = try RawClient(path)
                try await idle.send("GET /status HTTP/1.1\r\nHost: x\r\n\r\n")
                let head = try await idle.read(until: "stores")
                #expect(head.hasPrefix("HTTP/1.1 200 "))
                let task = Task.detached {
                    try await RawClient.get("/v1/\(StubService.dataset)/operations/1", on: path)
                }
                answer.withLock { $0 = task }
                for await _ in started.stream {}
                // The idle connection ends when the shutdown begins; only then the service goes on.
                Task.detached {
                    _ = try? await idle.readToEnd()
                    proceed.continuation.finish()
                }
            }
            let text = try await answer.withLock { $0 }?.value
            #expect(text?.hasPrefix("HTTP/1.1 200 ") == true)
            #expect(access(path, F_OK) != 0)
        }
    }

    @Test func `a leftover socket is replaced`() async throws {
        try await TestServer.withDirectory { directory in
            let path = directory + "/control.sock"
            do {
                // Bound and closed, but not removed: what a killed service leaves behind.
                let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
                var address = sockaddr_un()
                address.sun_family = sa_family_t(AF_UNIX)
                withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
                let length = socklen_t(MemoryLayout<sockaddr_un>.size)
                let bound = withUnsafePointer(to: &address) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
                }
                #expect(bound == 0)
                close(descriptor)
            }
            let server = Self.server(try ListeningSocket(path: path), StubService())
            let answer = try await TestServer.run(server) { try await RawClient.get("/status", on: path) }
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test func `a socket that another server answers is left alone`() async throws {
        try await TestServer.with(StubService()) { path in
            let error = #expect(throws: SocketError.self) { try ListeningSocket(path: path) }
            #expect(error?.what.contains("another server") == true)
            let answer = try await RawClient.get("/status", on: path)
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test func `a file that is not a socket is left alone`() async throws {
        try await TestServer.withDirectory { directory in
            let path = directory + "/control.sock"
            close(open(path, O_CREAT | O_WRONLY, 0o600))
            #expect(throws: SocketError.self) { try ListeningSocket(path: path) }
            #expect(access(path, F_OK) == 0)
        }
    }

    @Test func `a path that is too long is refused`() {
        let error = #expect(throws: SocketError.self) {
            try ListeningSocket(path: "/tmp/" + String(repeating: "x", count: 104))
        }
        #expect(error?.what.contains("107 bytes") == true)
    }

    @Test func `a socket that was handed over is served, and its file stays`() async throws {
        try await TestServer.withDirectory { directory in
            let path = directory + "/control.sock"
            let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            let length = socklen_t(MemoryLayout<sockaddr_un>.size)
            _ = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
            }
            #expect(throws: SocketError.self) { try ListeningSocket(inherited: descriptor) }
            listen(descriptor, 8)
            // A client that came before the service did.
            let early = try RawClient(path)
            try await early.send("GET /status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            let server = Self.server(try ListeningSocket(inherited: descriptor), StubService())
            let answer = try await TestServer.run(server) { try await early.readToEnd() }
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
            #expect(access(path, F_OK) == 0)
        }
    }
}
