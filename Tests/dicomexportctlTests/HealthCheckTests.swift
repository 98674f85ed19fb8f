import HealthcareAPI
import Testing

@testable import dicomexportctl

/// What a monitoring system is told of a status.
@Suite struct HealthCheckTests {
    private static let now = Timestamp(microseconds: 1_700_000_000_000_000)

    private static func status(_ change: (inout ServiceStatus) -> Void = { _ in }) -> ServiceStatus {
        let stream = StreamStatus(tableUri: "bq://p.d.t", operation: "o", state: .current, success: 12)
        var status = ServiceStatus(
            state: .running,
            version: "1",
            pid: 1,
            since: Timestamp(microseconds: 0),
            warehouse: .init(root: "/w"),
            storage: StorageStatus(fileSystems: [.init(directory: "/w", freeBytes: 1000)], minimumFreeBytes: 100),
            stores: [
                StoreStatus(
                    name: "projects/p/locations/l/datasets/d/dicomStores/gateway",
                    path: "/s",
                    scan: .init(endTime: Timestamp(microseconds: now.microseconds - 90_000_000)),
                    streams: [stream]
                )
            ]
        )
        change(&status)
        return status
    }

    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var severity: HealthCheck.Severity
        var text: String
        var change: @Sendable (inout ServiceStatus) -> Void
    }

    private static func away(_ kind: StoreAbsence.Kind) -> @Sendable (inout ServiceStatus) -> Void {
        { status in
            status.state = .degraded
            status.stores[0].state = .degraded
            status.stores[0].outOfReachFiles = 4
            status.stores[0].absences = [.init(kind: kind, reason: "r", files: 4, since: now)]
            status.stores[0].reasons = ["4 files are out of reach"]
        }
    }

    static let cases = [
        Case(testDescription: "all is well", severity: .ok, text: "1 stores, 1 streams") { _ in },
        Case(
            testDescription: "a store that is not mounted",
            severity: .critical,
            text: "gateway: a file system is away, 4 files out of reach",
            change: away(.storeAway)
        ),
        Case(
            testDescription: "files that cannot be read",
            severity: .warning,
            text: "gateway: 4 files out of reach",
            change: away(.unreadableFile)
        ),
        Case(testDescription: "a stream that stopped", severity: .critical, text: "bq://p.d.t stopped: c") { status in
            status.stores[0].streams[0].state = .stopped
            status.stores[0].streams[0].reason = "c"
        },
        Case(
            testDescription: "a dataset that is malformed",
            severity: .warning,
            text: "bq://p.d.t waits: database disk image is malformed"
        ) { status in
            status.state = .degraded
            status.stores[0].reasons = ["bq://p.d.t: database disk image is malformed"]
            status.stores[0].streams[0].state = .waiting
            status.stores[0].streams[0].reason = "database disk image is malformed"
        },
        Case(testDescription: "too little room", severity: .critical, text: "99 bytes free in /w") { status in
            status.storage?.fileSystems[0].freeBytes = 99
        },
        Case(testDescription: "soon too little room", severity: .warning, text: "199 bytes free in /w") { status in
            status.storage?.fileSystems[0].freeBytes = 199
        },
        Case(testDescription: "held deletions", severity: .warning, text: "gateway: 3 deletions are held") { status in
            status.state = .degraded
            status.stores[0].heldDeletions = 3
            status.stores[0].reasons = ["3 held"]
        },
        Case(
            testDescription: "failures rise",
            severity: .warning,
            text: "gateway: 2 files without a row in the last hour"
        ) { status in
            status.stores[0].failures = 9
            status.stores[0].newFailures = 2
        },
        Case(testDescription: "old failures", severity: .ok, text: "1 stores") { status in
            status.stores[0].failures = 9
        },
        Case(testDescription: "a stream far behind", severity: .critical, text: "bq://p.d.t is 3600 s behind") {
            status in
            status.stores[0].streams[0].pending = 1
            status.stores[0].streams[0].pendingSince = Timestamp(microseconds: now.microseconds - 3_600_000_000)
        },
        Case(testDescription: "another reason", severity: .warning, text: "gateway: 5 directories have no watch") {
            status in
            status.state = .degraded
            status.stores[0].reasons = ["5 directories have no watch"]
        },
        Case(testDescription: "a reason of the service", severity: .warning, text: "upgrade") { status in
            status.state = .degraded
            status.reasons = ["upgrade"]
        },
        Case(
            testDescription: "a reason of the service beside another",
            severity: .warning,
            text: "gateway: 3 deletions are held; upgrade"
        ) { status in
            status.state = .degraded
            status.stores[0].heldDeletions = 3
            status.reasons = ["\(status.stores[0].name): 3 held", "upgrade"]
        },
        Case(testDescription: "a service that starts", severity: .warning, text: "the service is starting") { status in
            status.state = .starting
        },
        Case(testDescription: "a polled store", severity: .ok, text: "1 stores") { status in
            status.stores[0].watch.polling = "a network file system"
        },
    ]

    @Test(arguments: cases)
    func `a status is as grave as the gravest of what it says`(one: Case) {
        let check = HealthCheck(Self.status(one.change), now: Self.now)
        #expect(check.severity == one.severity)
        #expect(check.line.hasPrefix("DICOMEXPORTD \(one.severity.word) - \(one.text)"))
    }

    @Test(
        arguments: [
            (9, .ok), (10, .warning), (19, .warning), (20, .critical), (.max, .critical),
        ] as [(Int64, HealthCheck.Severity)]
    )
    func `a threshold holds from its value on`(value: Int64, severity: HealthCheck.Severity) {
        #expect(Threshold(warning: 10, critical: 20).severity(of: value) == severity)
        #expect(Threshold().severity(of: value) == .ok)
    }

    @Test func `figures follow the bar, with their limits`() throws {
        var thresholds = CheckThresholds()
        thresholds.pending = Threshold(warning: 5, critical: 7)
        thresholds.scanAge = Threshold(warning: 100)
        let line = HealthCheck(Self.status(), thresholds, now: Self.now).line
        #expect(
            line == """
                DICOMEXPORTD OK - 1 stores, 1 streams|free=1000B;200:;100:;0 scan_age_gateway=90s;100;;0 rows=12c;;;0 \
                failures=0;;;0 new_failures=0;1;;0 held=0;1;;0 out_of_reach=0;1;;0 pending=0;5;7;0 lag=0s;600;3600;0
                """
        )
    }

    @Test func `a reason can break neither the line nor the bar`() {
        let check = HealthCheck(.critical, "a|b\nc\td")
        #expect(check.line == "DICOMEXPORTD CRITICAL - a/b c d")
    }

    @Test func `the gravest is said first`() {
        let status = Self.status { status in
            status.stores[0].heldDeletions = 3
            status.stores[0].streams[0].state = .stopped
        }
        #expect(
            HealthCheck(status, now: Self.now).line.hasPrefix("DICOMEXPORTD CRITICAL - bq://p.d.t stopped; gateway: 3")
        )
    }
}
