import StoreIndex
import Testing
import Vocabulary

@testable import Intake

/// Which rescans the next scan answers.
@Suite struct OpenRescansTests {
    private static let here = StoreRecord.Root(device: 1, inode: 2, fileSystem: 3)

    private static func rescans(_ numbers: OperationID...) -> [StoredRescan] {
        numbers.map { StoredRescan(operation: $0) }
    }

    @Test func `what state.db has waits, unless a scan answers it already`() {
        var rescans = OpenRescans(Self.rescans(1))
        rescans.update(open: Self.rescans(1, 2, 3), running: Self.rescans(2))
        #expect(rescans.waiting == Self.rescans(1, 3))
        rescans.update(open: [], running: Self.rescans(2))
        #expect(rescans.waiting.isEmpty)
    }

    @Test func `a scan takes all, and what it did not answer comes first again`() {
        var rescans = OpenRescans(Self.rescans(1, 2))
        let taken = rescans.take()
        #expect(taken == Self.rescans(1, 2))
        #expect(rescans.waiting.isEmpty)
        rescans.update(open: Self.rescans(1, 2, 3), running: Self.rescans(1, 2))
        rescans.putBack(Self.rescans(1, 2))
        #expect(rescans.waiting == Self.rescans(1, 2, 3))
        rescans.remove(Self.rescans(2, 9))
        #expect(rescans.waiting == Self.rescans(1, 3))
    }

    @Test func `what was allowed in another directory, or in none, is told apart`() {
        let other = StoreRecord.Root(device: 1, inode: 9, fileSystem: 3)
        let requests = [
            StoredRescan(operation: 1), .init(operation: 2, allowance: .init(files: 5, root: Self.here)),
            .init(operation: 3, allowance: .init(files: 5, root: other)),
            .init(operation: 4, allowance: .init(files: 5, root: nil)),
        ]
        #expect(OpenRescans(requests).allowed(elsewhereThan: Self.here).map(\.operation) == [3, 4])
    }
}
