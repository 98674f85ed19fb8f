import Operations
import ServiceRuntime
import TestSupport
import Testing
import Vocabulary

@testable import Intake

/// Which names of mounts are of one mount, and which of them are believed.
@Suite struct MountTrustTests {
    /// Mounts 1 and 2 are known by identities of their own, 3 and 4 by such as prove nothing.
    private func trust(sameAs: [Int64: Int64] = [:]) -> MountTrust {
        var trust = MountTrust()
        for mount in 1...4 as ClosedRange<Int64> {
            trust.add(mount, sameAs: sameAs[mount], isStable: mount < 3)
        }
        return trust
    }

    @Test(arguments: [MountKey.mount(1), .mount(3), .mount(99), .device(0), .device(.max)])
    func `whatever has a name is the same as itself`(key: MountKey) {
        #expect(trust().name(of: key) == key)
        #expect(trust().isSame(key, key))
    }

    @Test func `a number and a device are never the same by themselves`() {
        #expect(!trust().isSame(.mount(1), .device(1)))
        #expect(!trust().isSame(.device(1), .mount(1)))
        #expect(!trust().isSame(.device(1), .device(2)))
    }

    @Test(arguments: [(1, true), (2, true), (3, false), (4, false)] as [(Int64, Bool)])
    func `a mount is here at once only if its identity is its own`(mount: Int64, isHere: Bool) {
        #expect(trust().isHere(.mount(mount), on: .mount(mount)) == isHere)
    }

    @Test func `a device is never here by its number, which is given out anew`() {
        var trust = trust()
        #expect(!trust.isHere(.device(1), on: .device(1)))
        #expect(trust.found(.device(1), on: .mount(1)) == nil)
        #expect(trust.isHere(.device(1), on: .mount(1)))
        #expect(!trust.isHere(.device(1), on: .mount(2)))
    }

    @Test func `names lead through names to the first`() {
        let trust = trust(sameAs: [4: 3, 3: 2, 2: 1])
        for mount in 1...4 as ClosedRange<Int64> { #expect(trust.name(of: .mount(mount)) == .mount(1)) }
        #expect(trust.isSame(.mount(4), .mount(2)))
        #expect(trust.isHere(.mount(2), on: .mount(1)))
        // It has the name of one that can be relied on, but may be a stranger itself.
        #expect(!trust.isHere(.mount(1), on: .mount(4)))
        // It can be relied on itself, and is a name of one that can.
        #expect(trust.isHere(.mount(4), on: .mount(2)))
    }

    @Test func `what has the name of one that proves nothing is not relied on`() {
        let trust = trust(sameAs: [2: 3])
        #expect(trust.isSame(.mount(2), .mount(3)))
        #expect(!trust.isHere(.mount(2), on: .mount(2)))
        #expect(!trust.isHere(.mount(3), on: .mount(2)))
    }

    @Test(arguments: [[1: 1], [1: 2, 2: 1], [1: 2, 2: 3, 3: 4, 4: 1], [3: 4, 4: 3]] as [[Int64: Int64]])
    func `however names came to go round, asking for one ends`(names: [Int64: Int64]) {
        let trust = trust(sameAs: names)
        for mount in 1...4 as ClosedRange<Int64> {
            guard case .mount(let name) = trust.name(of: .mount(mount)) else {
                Issue.record("\(mount) is no mount any more")
                continue
            }
            #expect((1...4).contains(name))
        }
    }

    @Test func `a mount that is entered again without a name keeps the one that it has`() {
        var trust = trust(sameAs: [4: 1])
        trust.add(4, sameAs: nil, isStable: true)
        #expect(trust.name(of: .mount(4)) == .mount(1))
        #expect(trust.isHere(.mount(1), on: .mount(4)))
    }

    @Test func `finding a file where it was is no news`() {
        var trust = trust(sameAs: [4: 1])
        for (remembered, current) in [(3, 3), (4, 1), (1, 4)] as [(Int64, Int64)] {
            #expect(trust.found(.mount(remembered), on: .mount(current)) == nil)
        }
        #expect(trust.isHere(.mount(3), on: .mount(3)))
    }

    @Test func `news is of the first names on both sides`() {
        var trust = trust(sameAs: [4: 3, 2: 1])
        let news = trust.found(.mount(2), on: .mount(4))
        #expect(news?.mount == 3)
        #expect(news?.isSameAs == 1)
    }

    @Test func `a file that was found says something of that mount alone`() {
        var trust = trust()
        _ = trust.found(.mount(3), on: .mount(2))
        #expect(trust.isSame(.mount(3), .mount(2)))
        #expect(!trust.isSame(.mount(2), .mount(3)))
        #expect(!trust.isSame(.mount(3), .mount(1)))
        #expect(!trust.isHere(.mount(4), on: .mount(2)))
    }

    @Test(arguments: UInt64(1)...20)
    func `being the same by name is so in both directions and over any number of steps`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var trust = MountTrust()
        let mounts = Array(1...12 as ClosedRange<Int64>)
        for mount in mounts {
            // Always an earlier one, as state.db has it.
            let other = mount > 1 && Bool.random(using: &random) ? Int64.random(in: 1..<mount, using: &random) : nil
            trust.add(mount, sameAs: other, isStable: Bool.random(using: &random))
        }
        for one in mounts {
            #expect(trust.name(of: trust.name(of: .mount(one))) == trust.name(of: .mount(one)))
            for other in mounts {
                let isSame = trust.isSame(.mount(one), .mount(other))
                #expect(isSame == trust.isSame(.mount(other), .mount(one)))
                #expect(!trust.isHere(.mount(one), on: .mount(other)) || isSame)
                for third in mounts where isSame && trust.isSame(.mount(other), .mount(third)) {
                    #expect(trust.isSame(.mount(one), .mount(third)))
                }
            }
        }
    }
}
