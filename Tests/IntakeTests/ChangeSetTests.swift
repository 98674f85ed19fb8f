import ServiceRuntime
import Testing

@testable import Intake

@Suite struct ChangeSetTests {
    @Test func `it holds what was put in and nothing else`() {
        var set = ChangeSet()
        let numbers: [Int64] = [0, 1, 63, 64, 32_767, 32_768, 1_000_000, 1 << 40]
        for number in numbers { set.insert(number) }
        for number in numbers { #expect(set.contains(number)) }
        for number: Int64 in [2, 62, 65, 32_766, 32_769, 999_999, 1 << 41] { #expect(!set.contains(number)) }
    }
}
