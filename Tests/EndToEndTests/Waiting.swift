import Glibc

struct TestFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Looks again and again until there is a value, and fails at the limit: how these tests wait for another process.
@discardableResult
func eventually<T>(_ fact: String, within limit: Duration = .seconds(30), _ look: () throws -> T?) throws -> T {
    let end = ContinuousClock.now + limit
    while true {
        if let found = try look() { return found }
        guard ContinuousClock.now < end else { throw TestFailure("not within \(limit): \(fact)") }
        usleep(3000)
    }
}

func eventually(_ fact: String, within limit: Duration = .seconds(30), _ holds: () throws -> Bool) throws {
    let _: Bool = try eventually(fact, within: limit) { try holds() ? true : nil }
}

/// Says, in the form that `packaging/test` gathers, that a test cannot run on this host.
func skip(_ reason: String) {
    print("SKIPPED: \(reason)")
}

/// SplitMix64: the same seed gives the same test.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    let seed: UInt64

    init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    /// The seed that `DICOMEXPORT_TEST_SEED` names, or `standard`, or a new one.
    static func fromEnvironment(or standard: UInt64? = nil) -> SeededGenerator {
        let named = ChildProcess.variable("DICOMEXPORT_TEST_SEED").flatMap { UInt64($0) }
        return SeededGenerator(seed: named ?? standard ?? UInt64.random(in: 1...UInt64(UInt32.max)))
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
