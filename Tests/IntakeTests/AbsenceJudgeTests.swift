import Operations
import ServiceRuntime
import StoreWatch
import Testing
import Vocabulary

@testable import Intake

/// Evidence in, verdict out.
@Suite struct AbsenceJudgeTests {
    /// Mounts 1 (the store's, stable), 2 (below it, stable), 3 (a network file system, never stable).
    private var trust: MountTrust {
        var trust = MountTrust()
        trust.add(1, sameAs: nil, isStable: true)
        trust.add(2, sameAs: nil, isStable: true)
        trust.add(3, sameAs: nil, isStable: false)
        return trust
    }

    private let witnesses: [Witness] = [.kernel, .scan, .look]

    @Test func `what is there is there, whoever says otherwise`() {
        for witness in witnesses {
            #expect(AbsenceJudge(mounts: trust).verdict(.there, by: witness, remembered: .mount(1)) == .there)
        }
    }

    @Test(arguments: [Errno.accessDenied, Errno(rawValue: 5), Errno(rawValue: 116), .fileNameTooLong])
    func `what cannot be looked at is out of reach, whoever says otherwise`(error: Errno) {
        for witness in witnesses {
            #expect(
                AbsenceJudge(mounts: trust).verdict(.unreachable(error), by: witness, remembered: .mount(1))
                    == .unreadable(error)
            )
        }
    }

    @Test func `on the file system that it was on, absence is a fact if the kernel told of it or somebody needs it`() {
        let judge = AbsenceJudge(mounts: trust)
        for mount in [MountKey.mount(1), .mount(2)] {
            #expect(judge.verdict(.absent(on: mount), by: .kernel, remembered: mount) == .gone)
            #expect(judge.verdict(.absent(on: mount), by: .look, remembered: mount) == .gone)
        }
    }

    @Test func `what a scan did not find is missing, until all that it did not find is seen together`() {
        #expect(
            AbsenceJudge(mounts: trust).verdict(.absent(on: .mount(1)), by: .scan, remembered: .mount(1)) == .missing
        )
    }

    @Test func `on another file system nothing is concluded`() {
        let judge = AbsenceJudge(mounts: trust)
        for witness in witnesses {
            for (remembered, current) in [(1, 2), (2, 1), (3, 1), (1, 3)] as [(Int64, Int64)] {
                #expect(
                    judge.verdict(.absent(on: .mount(current)), by: witness, remembered: .mount(remembered))
                        == .mountAway(.mount(remembered))
                )
            }
        }
    }

    @Test func `where an identity proves nothing, a known file that is found does`() {
        var trust = trust
        var judge = AbsenceJudge(mounts: trust)
        #expect(judge.verdict(.absent(on: .mount(3)), by: .scan, remembered: .mount(3)) == .mountAway(.mount(3)))
        #expect(judge.verdict(.absent(on: .mount(3)), by: .look, remembered: .mount(3)) == .mountAway(.mount(3)))
        // What the kernel told of happened on what is here now.
        #expect(judge.verdict(.absent(on: .mount(3)), by: .kernel, remembered: .mount(3)) == .gone)
        #expect(trust.found(.mount(3), on: .mount(3)) == nil)
        judge.mounts = trust
        #expect(judge.verdict(.absent(on: .mount(3)), by: .scan, remembered: .mount(3)) == .missing)
        #expect(judge.verdict(.absent(on: .mount(3)), by: .look, remembered: .mount(3)) == .gone)
    }

    @Test func `a new identity is learned by the files that are found, and stays learned`() {
        var trust = trust
        trust.add(4, sameAs: nil, isStable: true)
        #expect(!trust.isHere(.mount(1), on: .mount(4)))
        let news = trust.found(.mount(1), on: .mount(4))
        #expect(news?.mount == 4)
        #expect(news?.isSameAs == 1)
        #expect(trust.isHere(.mount(1), on: .mount(4)))
        // After a restart, with what was written down.
        var later = self.trust
        later.add(4, sameAs: 1, isStable: true)
        #expect(later.isHere(.mount(1), on: .mount(4)))
        #expect(later.isHere(.mount(4), on: .mount(1)))
        // Not if that proves nothing: another may have it by now.
        later.add(4, sameAs: 1, isStable: false)
        #expect(!later.isHere(.mount(1), on: .mount(4)))
        _ = later.found(.mount(1), on: .mount(4))
        #expect(later.isHere(.mount(1), on: .mount(4)))
    }

    @Test func `one known file is enough, and tells of the mount that it was found on, not of the next one like it`() {
        var trust = trust
        trust.add(4, sameAs: nil, isStable: false)
        #expect(!trust.isHere(.mount(3), on: .mount(4)))
        let news = trust.found(.mount(3), on: .mount(4))
        trust.add(4, sameAs: news?.isSameAs, isStable: false)
        #expect(trust.isHere(.mount(3), on: .mount(4)))
        #expect(trust.isHere(.mount(4), on: .mount(4)))
        // It went, and what came has the same identity: that is the same one only if something of it is found there.
        trust.add(5, sameAs: nil, isStable: false)
        #expect(!trust.isHere(.mount(3), on: .mount(5)))
        _ = trust.found(.mount(5), on: .mount(5))
        #expect(!trust.isHere(.mount(3), on: .mount(5)))
        #expect(!trust.isHere(.mount(4), on: .mount(5)))
    }

    @Test func `what turns out to be one mount is one by all of its names`() {
        var trust = trust
        for mount in [4, 5] as [Int64] { trust.add(mount, sameAs: nil, isStable: false) }
        for remembered in [3, 4] as [Int64] {
            guard let news = trust.found(.mount(remembered), on: .mount(5)) else { continue }
            trust.add(news.mount, sameAs: news.isSameAs, isStable: false)
        }
        for remembered in [3, 4, 5] as [Int64] {
            #expect(trust.name(of: .mount(remembered)) == trust.name(of: .mount(3)))
            #expect(trust.isHere(.mount(remembered), on: .mount(5)))
        }
    }

    @Test func `names that were written down in a circle end`() {
        var trust = trust
        trust.add(4, sameAs: 3, isStable: false)
        trust.add(3, sameAs: 4, isStable: false)
        #expect(!trust.isHere(.mount(3), on: .mount(1)))
    }

    @Test func `strangers on another file system prove nothing`() {
        var trust = trust
        trust.add(4, sameAs: nil, isStable: true)
        _ = trust.found(.mount(4), on: .mount(4))
        #expect(!trust.isHere(.mount(1), on: .mount(4)))
    }

    @Test func `files that were written down by their device are known by what is found as well`() {
        var trust = trust
        let judge = AbsenceJudge(mounts: trust)
        #expect(judge.verdict(.absent(on: .mount(1)), by: .scan, remembered: .device(7)) == .mountAway(.device(7)))
        #expect(trust.found(.device(7), on: .mount(1)) == nil)
        #expect(
            AbsenceJudge(mounts: trust).verdict(.absent(on: .mount(1)), by: .scan, remembered: .device(7)) == .missing
        )
        #expect(!trust.isHere(.device(8), on: .mount(1)))
    }
}
