import ControlSocketClient
import Glibc
import HealthcareAPI
import NIOCore
import TestSupport
import Testing

/// A queue of connections that others have filled.
@Suite(.timeLimit(.minutes(10))) struct CrowdedSocketTests {
    /// A socket with the shortest queue, which is full; nobody accepts.
    private struct CrowdedSocket {
        let directory: TemporaryDirectory
        let listener: CInt
        let crowd: [CInt]
        var path: String { directory / "control.sock" }

        init() throws {
            directory = try TemporaryDirectory("crowd")
            let path = directory / "control.sock"
            listener = Self.socket()
            #expect(Self.call(bind, listener, path) == 0 && listen(listener, 0) == 0)
            var connected: [CInt] = []
            var client = Self.socket()
            while Self.call(connect, client, path) == 0 {
                connected.append(client)
                client = Self.socket()
            }
            #expect(errno == EAGAIN)
            Glibc.close(client)
            crowd = connected
        }

        func close() { for descriptor in crowd + [listener] { Glibc.close(descriptor) } }

        private static func socket() -> CInt {
            Glibc.socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
        }

        private static func call(
            _ function: (CInt, UnsafePointer<sockaddr>?, socklen_t) -> CInt,
            _ descriptor: CInt,
            _ path: String
        ) -> CInt {
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            return withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    function(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
        }
    }

    @Test func `who finds no place in the queue is told so, not of a code`() async throws {
        let socket = try CrowdedSocket()
        defer { socket.close() }
        var client = ControlClient(socket: socket.path)
        client.timeout = .milliseconds(200)
        let crowded = client
        let failure = await #expect(throws: ControlClient.Failure.self) { _ = try await crowded.send(.status) }
        #expect("\(String(describing: failure))".contains("is busy: no place in its queue"))
    }

    @Test func `a place in the queue is waited for`() async throws {
        let socket = try CrowdedSocket()
        defer { socket.close() }
        let listener = socket.listener
        let count = socket.crowd.count
        let client = ControlClient(socket: socket.path)
        let asking = Task { () async throws -> [UInt8] in try await client.send(.metrics) }
        // Accepts the crowd, which asks nothing, and then whoever has waited.
        let worker = Task.detached {
            var accepted: [CInt] = []
            while accepted.count <= count {
                var waiting = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
                poll(&waiting, 1, -1)
                let descriptor = accept(listener, nil, nil)
                if descriptor >= 0 { accepted.append(descriptor) }
            }
            let response = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok".utf8)
            var request = [UInt8](repeating: 0, count: 4096)
            _ = read(accepted[count], &request, request.count)
            _ = write(accepted[count], response, response.count)
            for descriptor in accepted { close(descriptor) }
        }
        #expect(try await asking.value == Array("ok".utf8))
        await worker.value
    }
}
