import Testing

@testable import DICOM

/// What one attempt to read a data set keeps of going on behind damage.
@Suite struct RecoveryTests {
    @Test(arguments: [
        (0, true),
        (Recovery.mostEffort - 1, true),
        (Recovery.mostEffort, false),
        (Recovery.mostEffort * 2, false),
    ])
    func `no more is looked at than may be`(effort: Int, mayGoOn: Bool) {
        var recovery = Recovery()
        recovery.spend(effort / 2)
        recovery.spend(effort - effort / 2)
        #expect(recovery.mayGoOn == mayGoOn)
    }

    @Test(
        arguments: [
            ([], -1),
            ([0], 0),
            ([7, 9], 9),
            ([9, 7], 9),
        ] as [([Int], Int)]
    )
    func `reading goes on from no place before the last one`(places: [Int], last: Int) {
        var recovery = Recovery()
        for place in places { recovery.resumed(at: place) }
        #expect(recovery.resumedAt == last)
    }

    @Test func `a suspect element is met once`() {
        var recovery = Recovery()
        #expect([7, 8].map { recovery.takeSuspect(at: $0) } == [false, false])
        recovery.suspect(at: 8)
        #expect([7, 8, 8].map { recovery.takeSuspect(at: $0) } == [false, true, false])
        #expect(recovery.suspectAt == .max)
    }

    @Test(arguments: [true, false])
    func `a new attempt takes damage as the one before, and keeps nothing else`(isForgiving: Bool) {
        var recovery = Recovery(isForgiving: isForgiving)
        recovery.spend(Recovery.mostEffort)
        recovery.resumed(at: 7)
        recovery.suspect(at: 8)
        recovery.swept = SweptElements(count: 3, sequence: 1)
        recovery.hasPassedRows = true
        recovery.hasGuessed = true
        recovery.beginAgain()
        #expect(recovery.isForgiving == isForgiving)
        #expect(recovery.effort == 0)
        #expect(recovery.resumedAt == -1)
        #expect(recovery.suspectAt == .max)
        #expect(recovery.swept.count == 0)
        #expect(recovery.swept.sequence == -1)
        #expect(!recovery.hasPassedRows)
        #expect(!recovery.hasGuessed)
    }

    @Test(arguments: [(3, 3, 1), (4, 3, 1), (2, 0, -1)])
    func `elements are swept again only if some are gone`(count: Int, swept: Int, sequence: Int) {
        var elements = SweptElements(count: 3, sequence: 1)
        elements.limit(to: count)
        #expect(elements.count == swept)
        #expect(elements.sequence == sequence)
    }
}
