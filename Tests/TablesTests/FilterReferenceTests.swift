import Operations
import Pipeline
import ServiceRuntime
import Testing
import Vocabulary

@testable import Intake
@testable import Tables

/// Names of filter files, as somebody might write them who wants out of the bucket.
@Suite struct FilterReferenceTests {
    @Test(arguments: [
        ("gs://b/o", "b", "o"), ("gs://my-bucket.example/a/b/c.txt", "my-bucket.example", "a/b/c.txt"),
        ("gs://b/with space", "b", "with space"), ("gs://b/...", "b", "..."), ("gs://b/.hidden", "b", ".hidden"),
        ("gs://b/a..b/..c/d..", "b", "a..b/..c/d.."), ("gs://b/größe/中文", "b", "größe/中文"),
        ("gs://../o", "..", "o"), ("gs://b/gs:", "b", "gs:"), ("gs://b/%2e%2e", "b", "%2e%2e"),
        ("gs://b/a\\b", "b", "a\\b"), ("gs://b/\u{7F}", "b", "\u{7F}"),
    ])
    func `bucket and object are what stands there`(uri: String, bucket: String, object: String) throws {
        let filter = try FilterReference(uri: uri)
        #expect(filter.bucket == bucket && filter.object == object)
        #expect(filter.uri == uri)
    }

    @Test(arguments: [
        "", "g", "gs:", "gs:/", "gs://", "gs:///", "gs:///o", "gs://b", "gs://b/", "b/o", "/b/o", "GS://b/o",
        "Gs://b/o",
        " gs://b/o", "gs:/b/o", "http://b/o", "file:///etc/passwd", "bq://p.d.t",
    ])
    func `what names no object of a bucket is refused in those words`(uri: String) {
        let refusal = #expect(throws: OperationRefusal.self) { try FilterReference(uri: uri) }
        #expect(refusal?.code == .invalidArgument)
        #expect(refusal?.message == "resourcePathsGcsUri must be gs://BUCKET/OBJECT.")
    }

    @Test(arguments: [
        "..", ".", "../o", "./o", "a/..", "a/.", "a/../b", "a/./b", "a/../../../etc/passwd", "/o", "/", "a//b", "a/",
        "//", "a\nb", "a\u{0}", "\t", "a\r", "\u{1F}", "a/\u{0}/b",
    ])
    func `an object that could lead out of its bucket is refused, and the bucket is named`(object: String) {
        let refusal = #expect(throws: OperationRefusal.self) { try FilterReference(uri: "gs://bucket/\(object)") }
        #expect(refusal?.code == .invalidArgument)
        #expect(refusal?.message.contains("'bucket'") == true)
    }

    @Test(arguments: ["x", "/xy", "é"])
    func `a name of an object has 1024 bytes at most, not characters`(part: String) throws {
        let longest = String(repeating: "a", count: 1024 - part.utf8.count) + part
        #expect(try FilterReference(uri: "gs://b/\(longest)").object.utf8.count == 1024)
        #expect(throws: OperationRefusal.self) { try FilterReference(uri: "gs://b/a\(longest)") }
    }

    @Test func `a slash with a mark on it is no slash`() throws {
        // As a character it is another one; as bytes it is a slash, and a name that begins with a mark.
        #expect(throws: OperationRefusal.self) { try FilterReference(uri: "gs://b/..\u{2F}\u{338}/o/..") }
        let refusal = #expect(throws: OperationRefusal.self) { try FilterReference(uri: "gs://b\u{2F}\u{338}o") }
        #expect(refusal?.code == .invalidArgument)
    }
}
