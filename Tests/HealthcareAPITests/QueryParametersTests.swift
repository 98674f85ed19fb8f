import HealthcareAPI
import Testing
import Vocabulary

@Suite struct QueryParametersTests {
    @Test func `what every method of Google's takes is taken`() throws {
        let query = "alt=json&%24.xgafv=1&callback=&fields=name&key=k&access_token=t&oauth_token=t&quotaUser=u"
        let parameters = try QueryParameters(
            query + "&prettyPrint=false&uploadType=media&upload_protocol=raw",
            allowed: []
        )
        guard case .compact = parameters.layout else {
            Issue.record("prettyPrint=false is compact")
            return
        }
    }

    @Test func `an unknown parameter is refused with Google's words`() {
        let status = #expect(throws: RPCStatus.self) { try QueryParameters("pageSise=5", allowed: ["pageSize"]) }
        #expect(status?.code == .invalidArgument)
        #expect(
            status?.message == "Invalid JSON payload received. Unknown name \"pageSise\": Cannot bind query parameter. "
                + "Field 'pageSise' could not be found in request message."
        )
        #expect(status?.details.first?["fieldViolations"]?.elements.count == 1)
    }

    @Test(arguments: [("", 100), ("pageSize=7", 7), ("page_size=7", 7), ("pageSize=0", 100), ("pageSize=5000", 1000)])
    func `a page has a size within bounds`(query: String, size: Int) throws {
        #expect(try QueryParameters(query, allowed: ["pageSize"]).page().size == size)
    }

    @Test(arguments: ["-1", "x", "99999999999"])
    func `a size that is none is refused`(size: String) throws {
        let query = try QueryParameters("pageSize=\(size)", allowed: ["pageSize"])
        #expect(throws: RPCStatus.self) { try query.page() }
    }

    @Test func `other representations than JSON are refused`() {
        #expect(throws: RPCStatus.self) { try QueryParameters("alt=media", allowed: []) }
    }

    @Test func `pages follow each other without gap or repetition`() {
        let names = (0..<25).map { "n\($0 + 100)" }
        var seen: [String] = []
        var token: String?
        repeat {
            let page = names.shuffled().page(PageRequest(size: 10, token: token)) { $0 }
            seen += page.elements
            token = page.nextToken
        } while token != nil
        #expect(seen == names)
    }
}
