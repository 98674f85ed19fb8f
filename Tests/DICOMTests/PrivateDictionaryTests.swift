import Testing

@testable import DICOM

/// What the private dictionary has, and how it is asked.
@Suite struct PrivateDictionaryTests {
    private func fact(_ tag: UInt32, _ name: String) -> PrivateDictionary.Fact? {
        Array(name.utf8).withUnsafeBytes { PrivateDictionary.creator(named: $0) }
            .flatMap { PrivateDictionary.fact(for: ElementTag(tag), of: $0) }
    }

    @Test func `elements are found by creator, group and low byte`() {
        #expect(PrivateDictionary.count > 9_000)
        #expect(fact(0x0029_1008, "SIEMENS CSA HEADER")?.vr == .CS)
        #expect(fact(0x0029_FF08, "SIEMENS CSA HEADER")?.vr == .CS)
        #expect(fact(0x0029_10FE, "SIEMENS CSA HEADER") == nil)
        #expect(fact(0x0043_1001, "GEMS_PARM_01")?.vr == .SS)
        #expect(fact(0x0045_1001, "GEMS_PARM_01") == nil)
        #expect(fact(0x0027_10A3, "FDMS 1.0")?.vr == .usOrSS)
    }

    @Test func `a creator is found by its whole name`() {
        for name in ["SIEMENS CSA HEADE", "SIEMENS CSA HEADER ", "siemens csa header", "", "~", "\0"] {
            #expect(fact(0x0029_1008, name) == nil)
        }
        // Creators that differ in case are others: so it says in PS3.5 7.8.1, they identify.
        #expect(fact(0x0009_1008, "SPI Release 1")?.vr == .CS)
        #expect(fact(0x0009_1008, "SPI RELEASE 1") == nil)
    }

    @Test func `an entry of one block or group comes before one of any`() {
        // 01F11026 is FD, 01F1xx26 DS.
        #expect(fact(0x01F1_1026, "ELSCINT1")?.vr == .FD)
        #expect(fact(0x01F1_1126, "ELSCINT1")?.vr == .DS)
        #expect(fact(0x01F9_1002, "ELSCINT1")?.vr == .DS)
        #expect(fact(0x01F9_1102, "ELSCINT1") == nil)
        // 60xxxx10.
        #expect(fact(0x6001_1010, "PAPYRUS 3.0")?.vr == .US)
        #expect(fact(0x60FF_2010, "PAPYRUS 3.0")?.vr == .US)
        #expect(fact(0x6101_1010, "PAPYRUS 3.0") == nil)
        // 00190001, which is no tag of a private element.
        #expect(fact(0x0019_1001, "CANON_MEC_MR3^10")?.vr == .UL)
    }

    @Test func `a multiplicity admits the numbers of values that PS3.5 6.4 says`() throws {
        let numbers: [(String, yes: [Int], no: [Int])] = [
            ("1", [1], [0, 2]), ("3", [3], [1, 2, 6]), ("1-5", [1, 5], [0, 6]), ("1-n", [1, 70_000], [0]),
            ("2-n", [2, 3, 5], [0, 1]), ("2-2n", [2, 4, 70_000], [0, 1, 3]), ("256", [256], [255]),
        ]
        for (text, yes, no) in numbers {
            let multiplicity = try #require(Multiplicity(text.utf8))
            #expect(yes.allSatisfy(multiplicity.admits) && !no.contains(where: multiplicity.admits), "\(text)")
        }
        for text in ["", "n", "-", "1-", "-n", "0", "2-1", "1-n-n", "1-2-3", "x", "1n-2", "99999"] {
            #expect(Multiplicity(text.utf8) == nil, "\(text)")
        }
    }
}
