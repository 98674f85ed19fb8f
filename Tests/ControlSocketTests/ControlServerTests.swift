import ControlSocket
import ControlSocketClient
import ControlTestSupport
import HealthcareAPI
import Synchronization
import Testing
import Vocabulary

@Suite(.timeLimit(.minutes(10))) struct ControlServerTests {
    private static let operations = ControlRoute.listOperations(StubService.dataset).path()

    @Test func `an operation is shown as Google shows it`() async throws {
        let service = StubService()
        service.put(StubService.operation(7))
        let answer = try await TestServer.with(service) { socket in
            try await RawClient.get("/v1/\(StubService.dataset)/operations/7", on: socket)
        }
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.contains("Content-Type: application/json; charset=UTF-8\r\n"))
        #expect(answer.contains(#"  "name": "projects/hospital/locations/site-a/datasets/radiology/operations/7""#))
        #expect(answer.contains(#""success": "12""#))
        #expect(answer.contains(#""createTime": "2023-11-14T22:13:20.123Z""#))
        #expect(!answer.contains("done"))
    }

    @Test func `the type of the metadata is of the caller's version`() async throws {
        let service = StubService()
        service.put(StubService.operation(7))
        let answer = try await TestServer.with(service) { socket in
            try await RawClient.get("/v1beta1/\(StubService.dataset)/operations/7", on: socket)
        }
        #expect(answer.contains("google.cloud.healthcare.v1beta1.OperationMetadata"))
    }

    @Test func `a list is handed out in pages`() async throws {
        let service = StubService()
        for id in 100..<125 { service.put(StubService.operation(id)) }
        let names = try await TestServer.with(service) { socket in
            let client = ControlClient(socket: socket)
            var names: [String] = []
            var token: String?
            repeat {
                let page = try await client.send(
                    .listOperations(StubService.dataset),
                    query: ["pageSize": "10", "pageToken": token],
                    as: ListOperationsResponse.self
                )
                names += (page.operations ?? []).map(\.name)
                token = page.nextPageToken
            } while token != nil
            return names
        }
        #expect(names.count == 25)
        #expect(Set(names).count == 25)
    }

    @Test func `stores, metrics, failures and instances are shown`() async throws {
        let service = StubService()
        let time = Timestamp(microseconds: 0)
        service.put(
            FailureRecord(id: "f1", code: "NOT_DICOM", reason: "r", path: "a b", firstTime: time, lastTime: time)
        )
        try await TestServer.with(service) { socket in
            let client = ControlClient(socket: socket)
            let stores = try await client.send(.listDicomStores(StubService.dataset), as: ListDicomStoresResponse.self)
            #expect(stores.dicomStores?.first?.name == StubService.store.description)
            let metrics = try await client.send(.dicomStoreMetrics(StubService.store), as: DicomStoreMetrics.self)
            #expect(metrics.blobStorageSizeBytes == 5_000_000_000)
            let failures = try await client.send(.failures(StubService.store), as: ListFailuresResponse.self)
            #expect(failures.failures?.first?.path == "a b")
            let instance = try await client.send(.instance(StubService.store, uid: "1.2"), as: InstanceRecord.self)
            #expect(instance.versions.first?.change == 7)
            let status = try await client.send(.status, as: ServiceStatus.self)
            #expect(status.stores.first?.streams.first?.success == 12)
        }
    }

    @Test func `a change is made in the caller's name`() async throws {
        let service = StubService()
        try await TestServer.with(service) { socket in
            let client = ControlClient(socket: socket)
            _ = try await client.send(.reload, body: EmptyMessage())
            _ = try await client.send(.rescan(StubService.store), body: RescanRequest(allowDeletions: true))
            _ = try await RawClient.post("/v1/\(StubService.dataset)/operations/5:cancel", "", on: socket)
        }
        let uid = AccessPolicy().serviceUser
        #expect(service.changes[0] == "reload  by \(uid)")
        #expect(service.changes[1] == "rescan with deletions \(StubService.store) by \(uid)")
        #expect(service.changes[2] == "cancel \(StubService.dataset)/operations/5 by \(uid)")
    }

    @Test(arguments: [
        ("GET", "/v1/\(StubService.store)x", 404, "NOT_FOUND"), ("GET", "/nothing", 404, "NOT_FOUND"),
        ("POST", "/v1/\(StubService.store):import", 501, "UNIMPLEMENTED"),
        ("DELETE", "/v1/\(StubService.store)", 501, "UNIMPLEMENTED"),
        ("GET", "/v1/\(StubService.dataset)/operations?pageSise=1", 400, "INVALID_ARGUMENT"),
        ("GET", "/v1/\(StubService.store)/instances/broken", 500, "INTERNAL"),
        ("GET", "/metrics", 501, "UNIMPLEMENTED"),
    ])
    func `an error has Google's body`(method: String, target: String, status: Int, name: String) async throws {
        let answer = try await TestServer.with(StubService()) { socket in
            try await RawClient.request(
                "\(method) \(target) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                on: socket
            )
        }
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
        #expect(answer.contains("\"code\": \(status)"))
        #expect(answer.contains("\"status\": \"\(name)\""))
        #expect(!answer.contains("Broken"))
    }

    @Test func `a client learns what the service refused`() async throws {
        let service = StubService()
        service.failReload(RPCStatus.failedPrecondition("batch.rows: must be positive"))
        try await TestServer.with(service) { socket in
            _ = await #expect {
                _ = try await ControlClient(socket: socket).send(.reload, body: EmptyMessage())
            } throws: { error in
                guard case ControlClient.Failure.refused(let status) = error else { return false }
                return status.message == "batch.rows: must be positive"
            }
        }
    }

    @Test func `requests on one connection are answered in order`() async throws {
        let service = StubService()
        for id in 1...3 { service.put(StubService.operation(id)) }
        let answers = try await TestServer.with(service) { socket in
            let client = try RawClient(socket)
            let path = "/v1/\(StubService.dataset)/operations/"
            try await client.send((1...3).map { "GET \(path)\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined())
            try await client.send("GET \(path)4 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return try await client.readToEnd()
        }
        let places = (1...3).map { answers.range(of: "/operations/\($0)\"")?.lowerBound }
        #expect(places.compactMap(\.self).count == 3)
        #expect(places.compactMap(\.self).sorted() == places.compactMap(\.self))
        #expect(answers.contains("HTTP/1.1 404 "))
    }

    @Test func `HEAD is GET without the body`() async throws {
        let answer = try await TestServer.with(StubService()) { socket in
            try await RawClient.request("HEAD /status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", on: socket)
        }
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.hasSuffix("\r\n\r\n"))
    }

    @Test func `a client that ends its side is still answered`() async throws {
        let answer = try await TestServer.with(StubService()) { socket in
            let client = try RawClient(socket)
            try await client.send("GET /status HTTP/1.1\r\nHost: x\r\n\r\n")
            client.finishSending()
            return try await client.readToEnd()
        }
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.contains("bq://hospital.radiology.instances"))
    }

    @Test func `nonsense is answered as a bad request`() async throws {
        let answer = try await TestServer.with(StubService()) { socket in
            try await RawClient.request("\u{1}\u{2}\u{3} nonsense\r\n\r\n", on: socket)
        }
        #expect(answer.hasPrefix("HTTP/1.1 400 "))
        #expect(answer.contains("INVALID_ARGUMENT"))
    }

    @Test func `a client that finds nobody says so`() async throws {
        await #expect {
            _ = try await ControlClient(socket: "/tmp/dicomexport-nobody.sock").send(.status)
        } throws: { error in
            guard case ControlClient.Failure.unreachable(let reason) = error else { return false }
            return reason.contains("No such file or directory")
        }
    }
}

extension String {
    fileprivate func range(of part: String) -> Range<String.Index>? { ranges(of: part).first }
}
