import ServiceRuntime
import StoreIndex
import Testing
import Vocabulary

@testable import Operations

/// What state.db keeps of a verification.
@Suite struct VerificationResultTests {
    @Test func `a result is read as it was stored, and lists no more than it may`() {
        var result = VerificationResult()
        result.change = 77
        result.agreeing = 1 << 40
        for kind in Difference.Kind.allCases {
            result.add(Difference(kind: kind))
            let uids = InstanceIdentity(study: "1.2", series: "", instance: "1.2.3")
            result.add(Difference(kind: kind, uids: uids, change: 5, inode: .max, path: [0xFF, 0x0A, 0x20]))
        }
        #expect(VerificationResult(stored: result.stored) == result)
        for _ in 0..<1000 { result.add(Difference(kind: .unreadable, path: [0x61])) }
        #expect(result.listed.count == VerificationResult.maximumListed)
        #expect(result.differing == Int64(1000 + 2 * Difference.Kind.allCases.count))
        #expect(VerificationResult(stored: result.stored) == result)
    }

    @Test(arguments: ["", "rubbish", "change x\ncount OTHER 1\ndifference - - - - - - -\ndifference zz", "count  5"])
    func `what is no result is read as one without differences`(text: String) {
        #expect(VerificationResult(stored: text).differing == 0)
    }
}
