import HealthcareAPI
import Testing
import Vocabulary

@Suite struct ControlRouteTests {
    static let dataset = DatasetName(project: "hospital", location: "site-a", dataset: "radiology")
    static let store = DicomStoreName(dataset: dataset, store: "gate.way")
    static let operation = OperationName(dataset: dataset, id: "42")
    static let all: [ControlRoute] = [
        .status, .metrics, .reload, .listOperations(dataset), .operation(operation), .cancelOperation(operation),
        .listDicomStores(dataset), .dicomStore(store), .dicomStoreMetrics(store), .exportDicomData(store),
        .rescan(store),
        .verify(store), .instance(store, uid: "1.2.840.1"), .failures(store),
    ]

    @Test(arguments: all)
    func `what the client asks for is what the server matches`(route: ControlRoute) throws {
        let match = try ControlRoute.match(method: route.method.rawValue, path: route.path())
        #expect(match.route == route)
        #expect(match.version == .v1)
    }

    @Test(arguments: APIVersion.allCases)
    func `every version is answered`(version: APIVersion) throws {
        let match = try ControlRoute.match(method: "GET", path: "/\(version.rawValue)/\(Self.store)")
        #expect(match.route == .dicomStore(Self.store))
        #expect(match.version == version)
    }

    @Test func `a colon may be percent-encoded`() throws {
        let match = try ControlRoute.match(method: "POST", path: "/v1/\(Self.store)%3Aexport")
        #expect(match.route == .exportDicomData(Self.store))
    }

    @Test(arguments: [
        ("POST", "\(store):import", "datasets.dicomStores.import"),
        ("PATCH", "\(store)", "datasets.dicomStores.patch"),
        ("POST", "\(dataset)/dicomStores", "datasets.dicomStores.create"),
        ("GET", "\(store)/dicomWeb/studies/1.2/series", "datasets.dicomStores.studies.searchForSeries"),
        (
            "GET", "\(store)/dicomWeb/studies/1.2:getStudyMetrics",
            "datasets.dicomStores.dicomWeb.studies.getStudyMetrics"
        ),
        ("GET", "\(dataset)", "datasets.get"),
        ("GET", "\(dataset):getIamPolicy", "datasets.getIamPolicy"),
        ("GET", "projects/p/locations", "list"),
        ("GET", "\(dataset)/fhirStores/f/fhir/Binary/b", "datasets.fhirStores.fhir.Binary-read"),
        ("GET", "\(dataset)/fhirStores/f/fhir/Patient/b", "datasets.fhirStores.fhir.read"),
    ])
    func `the rest of Google's methods is named in the refusal`(method: String, path: String, name: String) {
        let status = #expect(throws: RPCStatus.self) { try ControlRoute.match(method: method, path: "/v1/" + path) }
        #expect(status?.code == .unimplemented)
        #expect(status?.message.contains(" healthcare.projects.locations.\(name) ") == true)
    }

    @Test(arguments: [
        ("GET", "/"), ("GET", "/v2/\(store)"), ("GET", "/v1"), ("GET", "/v1/\(store)/"),
        ("GET", "/v1/\(store)/nothing"),
        ("POST", "/v1/\(store):nothing"), ("DELETE", "/v1/\(operation)"), ("POST", "/status"), ("GET", "/reload"),
        ("GET", "/v1/projects/a%2Fb/locations/l/datasets/d/operations"),
        ("GET", "/v1/projects//locations/l/datasets/d/operations"),
        ("GET", "/v1/\(store)/instances/"), ("GET", "/v1/projects/p%0A/locations/l/datasets/d/operations"),
    ])
    func `what is nobody's is not found`(method: String, path: String) {
        let status = #expect(throws: RPCStatus.self) { try ControlRoute.match(method: method, path: path) }
        #expect(status?.code == .notFound)
    }

    @Test(arguments: ["/v1/%", "/v1/%4", "/v1/%zz", "/v1/%ff"])
    func `a path that cannot be decoded is refused`(path: String) {
        let status = #expect(throws: RPCStatus.self) { try ControlRoute.match(method: "GET", path: path) }
        #expect(status?.code == .invalidArgument)
    }

    @Test func `who may only read may not change anything`() {
        for route in Self.all where route.method == .post { #expect(route.requiredRole > .viewer) }
        for route in Self.all where route.method == .get { #expect(route.requiredRole == .viewer) }
        #expect(ControlRoute.reload.requiredRole == .admin)
        #expect(ControlRoute.rescan(Self.store).requiredRole == .admin)
    }

    @Test func `a query is encoded and decoded`() throws {
        let target = ControlRoute.listOperations(Self.dataset).target(query: [
            "filter": "a=\"b c\"&+%", "pageToken": nil,
        ])
        let query = try #require(target.split(separator: "?").last)
        #expect(try QueryParameters(query, allowed: ["filter"])["filter"] == "a=\"b c\"&+%")
        #expect(!target.contains("pageToken"))
    }
}
