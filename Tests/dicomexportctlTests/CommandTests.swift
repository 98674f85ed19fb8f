import ControlTestSupport
import Glibc
import HealthcareAPI
import Synchronization
import Testing
import Vocabulary

/// The real command against a real socket.
@Suite(.timeLimit(.minutes(10))) struct CommandTests {
    /// The directory that the test runner was built into holds the command as well.
    private static let command: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/dicomexportctl"
    }()

    private func run(_ arguments: [String], on service: StubService = StubService()) async throws -> ChildProcess {
        try await TestServer.with(service) { socket in
            try await ChildProcess.run([Self.command] + arguments, environment: ["DICOMEXPORT_SOCKET": socket])
        }
    }

    private static let flags = ["--dataset=radiology", "--location=site-a", "--project=hospital"]

    @Test func `describe writes YAML as gcloud does`() async throws {
        let service = StubService()
        var operation = StubService.operation(7)
        operation.done = true
        operation.metadata.counter = ProgressCounter(success: 12)
        operation.response = HealthcareOperation.emptyResponse
        service.put(operation)
        let result = try await run(["operations", "describe", "7"] + Self.flags, on: service)
        #expect(
            result.output == """
                done: true
                metadata:
                  '@type': type.googleapis.com/google.cloud.healthcare.v1.OperationMetadata
                  apiMethodName: google.cloud.healthcare.v1.dicom.DicomService.ExportDicomData_bq
                  counter:
                    success: '12'
                  createTime: '2023-11-14T22:13:20.123Z'
                  logsUrl: journalctl DICOMEXPORT_OPERATION=7
                name: projects/hospital/locations/site-a/datasets/radiology/operations/7
                response:
                  '@type': type.googleapis.com/google.protobuf.Empty

                """
        )
        #expect(result.status == 0)
        #expect(result.error.isEmpty)
    }

    @Test func `list writes a table as gcloud does, of all pages`() async throws {
        let service = StubService()
        for id in 1000..<2101 { service.put(StubService.operation(id)) }
        var last = StubService.operation(2101)
        last.done = true
        service.put(last)
        let result = try await run(["operations", "list"] + Self.flags, on: service)
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 1103)
        #expect(lines.first == "ID    LOCATION  DONE")
        #expect(lines[1] == "1000  site-a")
        #expect(lines.last == "2101  site-a    True")
    }

    @Test func `a limit and a filter are kept`() async throws {
        let service = StubService()
        for id in 1...9 { service.put(StubService.operation(id)) }
        let limited = try await run(
            ["operations", "list", "--limit=3", "--format=value(name.basename())"],
            on: service
        )
        #expect(limited.output == "1\n2\n3\n")
        let filtered = try await run(["operations", "list", "--filter=done=true"], on: service)
        #expect(filtered.output.isEmpty)
        #expect(filtered.error == "Listed 0 items.\n")
        #expect(filtered.status == 0)
    }

    @Test func `stores are listed with gcloud's columns`() async throws {
        let result = try await run(["dicom-stores", "list"])
        let lines = result.output.split(separator: "\n")
        #expect(lines.first == "ID       LOCATION  TOPIC  BULKIMPORT  BQDESTINATION")
        #expect(lines.last == "gateway  site-a                       bq://hospital.radiology.instances")
    }

    @Test(arguments: [
        ("yaml", "---\nlabels:\n  site: main\n"), ("json", "[\n  {\n    \"labels\": {\n"),
        ("csv", "id,location,topic,bulkimport,bqdestination\ngateway,site-a,,,bq://hospital.radiology.instances\n"),
        ("csv(labels.site:label=WHERE)", "where\nmain\n"), ("value(labels.site,name.segment(1))", "main\thospital\n"),
        ("table(labels.site)", "site\nmain\n"),
    ])
    func `a list has every format`(format: String, beginning: String) async throws {
        let result = try await run(["dicom-stores", "list", "--format=\(format)"])
        #expect(result.output.hasPrefix(beginning), "\(result.output)")
    }

    @Test(arguments: [
        ["gateway"], [], ["gateway", "--dataset=radiology", "--location=site-a", "--project=hospital"],
        ["\(StubService.store)"], ["gateway", "--dataset", "\(StubService.dataset)"],
    ])
    func `a store is known by its id, its name, or by being the only one`(arguments: [String]) async throws {
        let result = try await run(["dicom-stores", "describe"] + arguments)
        #expect(result.output.contains("name: \(StubService.store)\n"))
        #expect(result.status == 0)
    }

    @Test func `metrics, failures and locate ask for what they say`() async throws {
        let service = StubService()
        let time = Timestamp(microseconds: 0)
        service.put(
            FailureRecord(
                id: "f1",
                code: "TRUNCATED",
                reason: "ends early",
                offset: 132,
                tag: "(0008,0018)",
                path: "a\u{1B}[31mb\nc",
                firstTime: time,
                lastTime: time
            )
        )
        let metrics = try await run(["dicom-stores", "metrics", "gateway"])
        #expect(metrics.output.contains("instanceCount: '12'\n"))
        let failures = try await run(["dicom-stores", "failures"], on: service)
        #expect(failures.output.contains("f1  TRUNCATED  ends early  132     (0008,0018)"))
        // What a terminal would obey never gets into a table, and a cell stays on its line.
        #expect(failures.output.contains("a\\u{1b}[31mb c\n"))
        let located = try await run([
            "dicom-stores", "locate", "gateway", "1.2.3", "--format=value(versions[0].change)",
        ])
        #expect(located.output == "7\n")
    }

    @Test func `status is for people, and for scripts with a format`() async throws {
        let people = try await run(["status"])
        #expect(
            people.output.contains("dicomexportd 0.0 is degraded (pid 1, since 1970-01-01T00:00:00Z, memory 21.2 MiB)")
        )
        #expect(people.output.contains("! \(StubService.store): 2 deletions are held"))
        #expect(people.output.contains("stream to bq://hospital.radiology.instances: current"))
        let script = try await run(["--format", "value(stores[0].streams[0].success)", "status"])
        #expect(script.output == "12\n")
    }

    @Test func `a rescan waits for its operation`() async throws {
        let service = StubService()
        let result = try await run(["dicom-stores", "rescan", "gateway", "--allow-deletions"], on: service)
        #expect(service.changes == ["rescan with deletions \(StubService.store) by \(geteuid())"])
        #expect(
            result.error == "Request issued for: [gateway]\n"
                + "Waiting for operation [\(StubService.dataset)/operations/99] to complete...done.\n"
        )
        #expect(result.output.hasPrefix("done: true\n"))
    }

    @Test func `an export asks for what the flags say, and shows the name of its operation`() async throws {
        let service = StubService()
        let result = try await run(
            ["dicom-stores", "export", "bq", "gateway", "--bq-table=bq://p.d.t", "--write-disposition=write-append"]
                + ["--filter-config-gcs-uri=gs://b/o", "--schema-json", "--include-source-store"] + Self.flags,
            on: service
        )
        let name = "\(StubService.dataset)/operations/77"
        #expect(result.output == "name: \(name)\n")
        #expect(
            result.error == "Request issued for: [gateway]\nWaiting for operation [\(name)] to complete...done.\n"
        )
        #expect(
            service.changes == [
                #"export {"bigqueryDestination":{"includeSourceStore":true,"schemaJson":{},"tableUri":"bq://p.d.t","#
                    + #""writeDisposition":"WRITE_APPEND"},"filterConfig":{"resourcePathsGcsUri":"gs://b/o"}} "#
                    + "of \(StubService.store) by \(geteuid())"
            ]
        )
    }

    @Test func `an export that is not waited for shows its operation as it is`() async throws {
        let result = try await run([
            "dicom-stores", "export", "bq", "--bq-table=bq://p.d.t", "--overwrite-table", "--async",
        ])
        #expect(result.error.hasSuffix("Check operation [\(StubService.dataset)/operations/77] for status.\n"))
        #expect(result.output.contains("pending: '3'"))
        #expect(!result.output.contains("done"))
    }

    @Test func `wait sees an operation through to its end`() async throws {
        let asked = Mutex(0)
        let service = StubService { service in
            let count = asked.withLock { count in
                count += 1
                return count
            }
            var operation = StubService.operation(5)
            operation.done = count >= 3
            operation.error = count >= 3 ? RPCStatus(.alreadyExists, "the table exists") : nil
            service.put(operation)
        }
        let result = try await run(["operations", "wait", "5"], on: service)
        #expect(result.status == 3)
        #expect(
            result.error.hasSuffix(
                "ERROR: (dicomexportctl.operations.wait) {\n  \"code\": 6,\n  \"message\": \"the table exists\"\n}\n"
            )
        )
        #expect(asked.withLock { $0 } == 3)
    }

    @Test func `a stream cannot be waited for`() async throws {
        let service = StubService()
        service.put(StubService.operation(1, method: OperationMetadata.streamMethod))
        let result = try await run(["operations", "wait", "1"], on: service)
        #expect(result.status == 1)
        #expect(result.error.contains("is a stream"))
    }

    @Test func `cancel and reload change, and say nothing on standard output`() async throws {
        let service = StubService()
        let cancelled = try await run(["operations", "cancel", "5"], on: service)
        let reloaded = try await run(["reload"], on: service)
        #expect(cancelled.output + reloaded.output == "")
        #expect(cancelled.status + reloaded.status == 0)
        #expect(service.changes.count == 2)
    }

    @Test func `a reload that is refused fails with the reason`() async throws {
        let service = StubService()
        service.failReload(RPCStatus.failedPrecondition("batch.rows: must be positive"))
        let result = try await run(["reload"], on: service)
        #expect(result.status == 1)
        #expect(result.error == "ERROR: (dicomexportctl.reload) FAILED_PRECONDITION: batch.rows: must be positive\n")
    }

    @Test(arguments: [
        ["nonsense"], ["operations"], ["dicom-stores"], ["operations", "describe"],
        ["operations", "list", "--limit=0"],
        ["status", "--format=value"], ["status", "--format=value(a"], ["dicom-stores", "locate"],
        ["completion", "tcsh"],
        ["dicom-stores", "describe", "no-such-store"], ["dicom-stores", "describe", "a/b"],
        ["operations", "list", "--dataset=x"],
    ])
    func `wrong usage is status 2, and nothing on standard output`(arguments: [String]) async throws {
        let result = try await run(arguments)
        #expect(result.status == 2)
        #expect(result.output.isEmpty)
        #expect(!result.error.isEmpty)
    }

    @Test func `what is not there is status 1`() async throws {
        let result = try await run(["operations", "describe", "404"])
        #expect(result.status == 1)
        #expect(result.error.hasPrefix("ERROR: (dicomexportctl.operations.describe) NOT_FOUND: Operation "))
    }

    @Test func `a service that is not there is status 4`() async throws {
        let result = try await ChildProcess.run([Self.command, "status", "--socket=/tmp/dicomexport-nobody.sock"])
        #expect(result.status == 4)
        #expect(result.error.contains("/tmp/dicomexport-nobody.sock: No such file or directory"))
    }

    @Test(arguments: [["--help"], ["help", "operations", "list"], ["--version"], ["status", "-h"]])
    func `help goes to standard output and is no failure`(arguments: [String]) async throws {
        let result = try await ChildProcess.run([Self.command] + arguments)
        #expect(result.status == 0)
        #expect(result.output.contains("dicomexportctl"))
        #expect(result.error.isEmpty)
    }

    @Test(arguments: [("bash", "complete "), ("zsh", "#compdef dicomexportctl"), ("fish", "complete -c ")])
    func `a shell gets its completion`(shell: String, mark: String) async throws {
        let result = try await ChildProcess.run([Self.command, "completion", shell])
        #expect(result.status == 0)
        #expect(result.output.contains(mark))
        #expect(result.output.contains("dicom-stores"))
    }

    @Test(arguments: [
        (["check"], 1, "DICOMEXPORTD WARNING - gateway: 2 deletions are held|"),
        (["check", "--warning-held=3", "--format=json"], 1, "DICOMEXPORTD WARNING - gateway: 2 deletions are held|"),
        (["check", "--critical-held=2"], 2, "DICOMEXPORTD CRITICAL - gateway: 2 deletions are held|"),
        (
            ["check", "--socket=/tmp/dicomexport-nobody.sock"], 2,
            "DICOMEXPORTD CRITICAL - cannot reach the service"
        ),
        (["check", "--warning-held=many"], 3, ""),
    ])
    func `check exits as a plugin does`(arguments: [String], status: Int32, line: String) async throws {
        let result = try await run(arguments)
        #expect(result.status == status)
        #expect(result.output.hasPrefix(line))
    }
}
