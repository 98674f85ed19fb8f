import HealthcareAPI
import Testing
import Vocabulary

@Suite struct ListFilterTests {
    private let fields = ["labels.site": "main", "labels.kind": "test room", "done": "true"]

    @Test(arguments: [
        ("", true), ("labels.site=main", true), ("labels.site = other", false), ("labels.site!=other", true),
        ("labels.none=x", false), ("NOT labels.none=x", true), ("labels.kind=\"test room\"", true),
        ("labels.site=other OR done=true", true), ("labels.site=main AND done=false", false),
        ("labels.site=other AND done=true OR done=true", true),
        ("labels.site=other AND (done=true OR done=true)", false),
        ("labels.site=main done=true", true), ("-done=true", false), ("NOT (done=true AND labels.site=main)", false),
        ("labels.site:main", true),
    ])
    func `a filter chooses`(filter: String, expected: Bool) throws {
        #expect(try ListFilter(filter).matches { fields[$0] } == expected)
    }

    @Test(arguments: [
        "labels.site", "=", "a=", "a=b AND", "(a=b", "a=b)", "NOT", "a=\"b", "OR a=b", "a==b",
    ])
    func `a filter that makes no sense is refused`(filter: String) {
        let status = #expect(throws: RPCStatus.self) { try ListFilter(filter) }
        #expect(status?.code == .invalidArgument)
    }

    @Test func `nesting without end is refused`() {
        #expect(throws: RPCStatus.self) { try ListFilter(String(repeating: "(", count: 5000)) }
        #expect(throws: RPCStatus.self) { try ListFilter(String(repeating: "NOT ", count: 5000)) }
    }
}
