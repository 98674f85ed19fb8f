import ControlSocket
import ControlTestSupport
import Glibc
import HealthcareAPI
import Testing

@Suite(.timeLimit(.minutes(10))) struct AccessTests {
    /// Groups that no user of the test machine needs to be in.
    private static let policy = AccessPolicy(groups: [.admin: [7001], .operatorRole: [7002], .viewer: [7003]])

    @Test(
        arguments: [
            (0, 0, [], Role.admin), (5001, 7001, [], .admin), (5001, 5001, [7001], .admin),
            (5001, 5001, [7002], .operatorRole),
            (5001, 7003, [5001], .viewer), (5001, 7003, [7002], .operatorRole), (5001, 5001, [1, 2, 3], nil),
            (7001, 5001, [], nil),
        ] as [(UInt32, UInt32, [UInt32], Role?)]
    )
    func `the highest role of any group counts`(uid: UInt32, gid: UInt32, groups: [UInt32], role: Role?) {
        let peer = PeerCredentials(pid: 1, uid: uid, gid: gid, groups: groups)
        #expect(Self.policy.role(of: peer) == role)
    }

    @Test func `the user that runs the service is an admin`() {
        let policy = AccessPolicy(serviceUser: 4711)
        #expect(policy.role(of: PeerCredentials(pid: 1, uid: 4711, gid: 4711)) == .admin)
    }

    @Test func `group names are resolved, and unknown ones are told`() {
        let policy = AccessPolicy(admins: ["root"], operators: ["no-such-group"], viewers: ["7003"])
        #expect(policy.groups[.admin] == [0])
        #expect(policy.groups[.viewer] == [7003])
        #expect(policy.unknownGroups == ["no-such-group"])
    }

    private struct Attempt: Sendable {
        var gid: Int
        var groups: String
        var target: String
        var status: Int
    }

    /// What callers of three groups, and of none, get; told by the kernel, so that it takes root to pretend.
    @Test(.enabled(if: geteuid() == 0, "needs root to run clients as others"))
    func `what a caller may do is decided by its groups`() async throws {
        let store = StubService.store
        let attempts = [
            Attempt(gid: 5001, groups: "--clear-groups", target: "GET /status", status: 403),
            Attempt(gid: 7003, groups: "--clear-groups", target: "GET /status", status: 200),
            Attempt(
                gid: 5001,
                groups: "--groups=5002,7003",
                target: "GET /v1/\(StubService.dataset)/operations",
                status: 200
            ),
            Attempt(
                gid: 7003,
                groups: "--clear-groups",
                target: "POST /v1/\(StubService.dataset)/operations/1:cancel",
                status: 403
            ),
            Attempt(gid: 7003, groups: "--clear-groups", target: "POST /reload", status: 403),
            Attempt(gid: 7003, groups: "--clear-groups", target: "POST /v1/\(store):export", status: 403),
            Attempt(gid: 7003, groups: "--clear-groups", target: "POST /v1/\(store):verify", status: 403),
            Attempt(gid: 5001, groups: "--clear-groups", target: "POST /v1/\(store):export", status: 403),
            // Let in, and then refused for its empty body.
            Attempt(gid: 5001, groups: "--groups=5002,7002", target: "POST /v1/\(store):export", status: 400),
            Attempt(
                gid: 7002,
                groups: "--clear-groups",
                target: "POST /v1/\(StubService.dataset)/operations/1:cancel",
                status: 200
            ),
            Attempt(gid: 7002, groups: "--clear-groups", target: "POST /v1/\(store):rescan", status: 403),
            Attempt(gid: 7002, groups: "--clear-groups", target: "POST /reload", status: 403),
            Attempt(gid: 5001, groups: "--groups=7001", target: "POST /reload", status: 200),
            Attempt(gid: 7001, groups: "--clear-groups", target: "POST /v1/\(store):rescan", status: 200),
        ]
        let service = StubService()
        try await TestServer.with(service, access: Self.policy) { socket in
            for attempt in attempts {
                let words = attempt.target.split(separator: " ").map { String($0) }
                let result = try await ChildProcess.run(
                    [
                        "setpriv", "--reuid=5001", "--regid=\(attempt.gid)", attempt.groups, "--", "curl", "-sS", "-i",
                        "-X",
                    ]
                        + [words[0], "--unix-socket", socket, "http://localhost\(words[1])"]
                )
                #expect(result.output.hasPrefix("HTTP/1.1 \(attempt.status) "), "\(attempt): \(result)")
                if attempt.status == 403 { #expect(result.output.contains("PERMISSION_DENIED")) }
            }
        }
        #expect(service.changes.allSatisfy { $0.hasSuffix(" by 5001") })
        #expect(service.changes.count == 3)
    }

    @Test(.enabled(if: geteuid() == 0, "needs root to run clients as others"))
    func `a viewer sees no paths`() async throws {
        try await TestServer.with(StubService(), access: Self.policy) { socket in
            let url = "http://localhost/v1/\(StubService.store)/instances/1.2"
            let command = ["--", "curl", "-sS", "--unix-socket", socket, url]
            let viewer = try await ChildProcess.run(
                ["setpriv", "--reuid=5001", "--regid=7003", "--clear-groups"] + command
            )
            #expect(viewer.output.contains("\"outcome\": \"CREATE\""))
            #expect(!viewer.output.contains("DOE"))
            let operatorRole = try await ChildProcess.run(
                ["setpriv", "--reuid=5001", "--regid=7002", "--clear-groups"] + command
            )
            #expect(operatorRole.output.contains("DOE^JANE.dcm"))
        }
    }
}
