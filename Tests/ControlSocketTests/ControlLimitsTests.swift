import ControlSocket
import ControlTestSupport
import HealthcareAPI
import NIOCore
import Testing
import Vocabulary

@Suite(.timeLimit(.minutes(10))) struct ControlLimitsTests {
    private static let request = "GET /status HTTP/1.1\r\nHost: x\r\n\r\n"

    /// Connections that are known to be open, since each has been answered.
    private static func open(_ count: Int, on socket: String) async throws -> [RawClient] {
        var clients: [RawClient] = []
        for _ in 0..<count {
            let client = try RawClient(socket)
            try await client.send(request)
            let head = try await client.read(until: "stores")
            #expect(head.hasPrefix("HTTP/1.1 200 "))
            clients.append(client)
        }
        return clients
    }

    @Test func `one user has eight connections and not nine`() async throws {
        try await TestServer.with(StubService()) { socket in
            var clients = try await Self.open(8, on: socket)
            let refused = try await RawClient.get("/status", on: socket)
            #expect(refused.hasPrefix("HTTP/1.1 429 "))
            #expect(refused.contains("RESOURCE_EXHAUSTED"))
            clients.removeLast().finishSending()
            // The server notices the end at its own pace.
            var answer = ""
            while !answer.hasPrefix("HTTP/1.1 200 ") { answer = try await RawClient.get("/status", on: socket) }
        }
    }

    @Test func `refused callers beyond what can be listened to are cut off, and the server goes on`() async throws {
        var limits = TestServer.patient
        limits.lingering = 0
        limits.connectionsPerUser = 1
        let refusals = RefusalCount()
        try await TestServer.with(StubService(), limits: limits, refusals: refusals) { socket in
            let client = try await Self.open(1, on: socket)[0]
            for _ in 0..<10 {
                let refused = try await RawClient.get("/status", on: socket)
                #expect(refused.isEmpty)
            }
            try await client.send(Self.request)
            let head = try await client.read(until: "stores")
            #expect(head.hasPrefix("HTTP/1.1 200 "))
            #expect(refusals.byCode == [.resourceExhausted: 10, .permissionDenied: 0])
        }
    }

    @Test func `sixty-four connections are served and not one more`() async throws {
        var limits = TestServer.patient
        limits.connectionsPerUser = 1000
        try await TestServer.with(StubService(), limits: limits) { socket in
            let clients = try await Self.open(64, on: socket)
            let refused = try await RawClient.get("/status", on: socket)
            #expect(refused.hasPrefix("HTTP/1.1 429 "))
            #expect(clients.count == 64)
        }
    }

    enum Excess: CaseIterable {
        case oneField, manyFields, target, hugeTarget

        var request: String {
            let filler = String(repeating: "x", count: 17 << 10)
            let fields = (0..<400).map { "X\($0): \(filler.prefix(60))\r\n" }.joined()
            return switch self {
            case .oneField: "GET /status HTTP/1.1\r\nHost: x\r\nX: \(filler)\r\n\r\n"
            case .manyFields: "GET /status HTTP/1.1\r\n\(fields)\r\n"
            case .target: "GET /\(filler) HTTP/1.1\r\nHost: x\r\n\r\n"
            case .hugeTarget: "GET /\(String(repeating: filler, count: 200)) HTTP/1.1\r\nHost: x\r\n\r\n"
            }
        }
    }

    @Test(arguments: Excess.allCases)
    func `headers and targets beyond 16 KiB are refused`(excess: Excess) async throws {
        let answer = try await TestServer.with(StubService()) { try await RawClient.request(excess.request, on: $0) }
        #expect(answer.hasPrefix("HTTP/1.1 431 "))
        #expect(answer.contains("Request headers exceed the limit: 16384 bytes."))
    }

    @Test func `headers within 16 KiB are taken`() async throws {
        let request =
            "GET /status HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: \(String(repeating: "x", count: 15 << 10))\r\n\r\n"
        let answer = try await TestServer.with(StubService()) { try await RawClient.request(request, on: $0) }
        #expect(answer.hasPrefix("HTTP/1.1 200 "))
    }

    @Test func `a body of 1 MiB is taken and one byte more is not`() async throws {
        let target = ControlRoute.reload.path()
        try await TestServer.with(StubService()) { socket in
            let fits = try await RawClient.post(
                target,
                "{" + String(repeating: " ", count: (1 << 20) - 2) + "}",
                on: socket
            )
            #expect(fits.hasPrefix("HTTP/1.1 200 "))
            let tooLarge = try await RawClient.post(
                target,
                "{" + String(repeating: " ", count: (1 << 20) - 1) + "}",
                on: socket
            )
            #expect(tooLarge.hasPrefix("HTTP/1.1 413 "))
            #expect(tooLarge.contains("INVALID_ARGUMENT"))
        }
    }

    @Test func `a body that does not tell its length is bounded as well`() async throws {
        let chunk = "10000\r\n" + String(repeating: " ", count: 65_536) + "\r\n"
        let answer = try await TestServer.with(StubService()) { socket in
            let client = try RawClient(socket)
            try await client.send("POST /reload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in 0..<64 {
                guard try await client.send(chunk) else { break }
            }
            return try await client.readToEnd()
        }
        #expect(answer.hasPrefix("HTTP/1.1 413 "))
    }

    @Test func `a client that waits to be told to go on is told`() async throws {
        let answer = try await TestServer.with(StubService()) { socket in
            let client = try RawClient(socket)
            try await client.send(
                "POST /reload HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
            )
            let head = try await client.read(until: "\r\n\r\n")
            #expect(head.hasPrefix("HTTP/1.1 100 "))
            try await client.send("{}")
            return try await client.readToEnd()
        }
        #expect(answer.hasPrefix("HTTP/1.1 200 "))
    }

    @Test(arguments: ["", "GET /sta", "POST /reload HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n{"])
    func `a client that does not finish its request is cut off`(beginning: String) async throws {
        var limits = ControlLimits()
        limits.idle = .milliseconds(200)
        let answer = try await TestServer.with(StubService(), limits: limits) { socket in
            let client = try RawClient(socket)
            try await client.send(beginning)
            return try await client.readToEnd()
        }
        #expect(answer.isEmpty)
    }

    @Test func `a client that drips bytes is cut off as well`() async throws {
        var limits = ControlLimits()
        limits.idle = .milliseconds(300)
        try await TestServer.with(StubService(), limits: limits) { socket in
            let client = try RawClient(socket)
            try await client.send("GET /status HTTP/1.1\r\nX: ")
            // Ends when the server no longer takes the bytes; the suite's time limit is what fails otherwise.
            while try await client.send("x") { try await Task.sleep(for: .milliseconds(20)) }
        }
    }

    @Test func `sixty-four clients that drip bytes are cut off, and then others are served`() async throws {
        var limits = ControlLimits()
        limits.connectionsPerUser = 1000
        limits.idle = .milliseconds(300)
        try await TestServer.with(StubService(), limits: limits) { socket in
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for _ in 0..<64 {
                    let client = try RawClient(socket)
                    try await client.send("POST /reload HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
                    tasks.addTask {
                        while try await client.send(" ") { try await Task.sleep(for: .milliseconds(20)) }
                    }
                }
                try await tasks.waitForAll()
            }
            // The server notices the last of the ends at its own pace.
            var answer = ""
            while !answer.hasPrefix("HTTP/1.1 200 ") { answer = try await RawClient.get("/status", on: socket) }
        }
    }

    @Test(arguments: ["Content-Length: \(1 << 30)", "Content-Length: 1\(String(repeating: "0", count: 30))"])
    func `a body of 1 GiB is refused before it is sent`(length: String) async throws {
        let answer = try await TestServer.with(StubService()) { socket in
            let client = try RawClient(socket)
            try await client.send("POST /reload HTTP/1.1\r\nHost: x\r\n\(length)\r\n\r\n")
            return try await client.readToEnd()
        }
        #expect(answer.hasPrefix("HTTP/1.1 4"), "\(answer)")
    }

    @Test func `a caller is told when the service does not answer in time`() async throws {
        var limits = ControlLimits()
        limits.request = .milliseconds(200)
        limits.shutdown = .milliseconds(200)
        let service = StubService { _ in try await Task.sleep(for: .seconds(3600)) }
        let answer = try await TestServer.with(service, limits: limits) { socket in
            try await RawClient.get("/v1/\(StubService.dataset)/operations/1", on: socket)
        }
        #expect(answer.hasPrefix("HTTP/1.1 504 "))
        #expect(answer.contains("DEADLINE_EXCEEDED"))
    }
}
