import Operations
import ServiceRuntime
import TestSupport
import Testing
import Vocabulary

@testable import Intake

@Suite struct ChangeSetTests {
    @Test func `it holds what was put in and nothing else`() {
        var set = ChangeSet()
        let numbers: [ChangeNumber] = [0, 1, 63, 64, 32_767, 32_768, 1_000_000, 1_099_511_627_776]
        for number in numbers { set.insert(number) }
        for number in numbers { #expect(set.contains(number)) }
        for number: ChangeNumber in [2, 62, 65, 32_766, 32_769, 999_999, 2_199_023_255_552] {
            #expect(!set.contains(number))
        }
    }

    @Test func `an empty one holds nothing`() {
        for number: ChangeNumber in [0, 1, 32_768, .max] { #expect(!ChangeSet().contains(number)) }
    }

    @Test func `what is put in twice is in it once, and neighbours stay out`() {
        var set = ChangeSet()
        for _ in 0..<2 { set.insert(100_000) }
        #expect(set.contains(100_000))
        #expect(!set.contains(99_999) && !set.contains(100_001))
    }

    @Test(arguments: UInt64(1)...4) func `it holds what a set of numbers holds`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var (set, expected) = (ChangeSet(), Set<ChangeNumber>())
        for _ in 0..<2000 {
            let number = ChangeNumber(Int.random(in: 0..<200_000, using: &random))
            set.insert(number)
            expected.insert(number)
        }
        let wrong = (0..<200_000).map { ChangeNumber($0) }.first { set.contains($0) != expected.contains($0) }
        #expect(wrong == nil)
    }
}
