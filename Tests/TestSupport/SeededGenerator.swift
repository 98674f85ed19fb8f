/// SplitMix64: the same seed gives the same test.
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    package let seed: UInt64

    package init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    /// The seed that `DICOMEXPORT_TEST_SEED` names, or `standard`, or a new one.
    package static func fromEnvironment(or standard: UInt64? = nil) -> SeededGenerator {
        let named = Environment.variable("DICOMEXPORT_TEST_SEED").flatMap { UInt64($0) }
        return SeededGenerator(seed: named ?? standard ?? UInt64.random(in: 1...UInt64(UInt32.max)))
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
