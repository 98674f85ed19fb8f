import DICOM
import DICOMTestSupport
import Glibc
import Testing

/// One damage at a time, at every place of data sets that hold whatever could be taken for something else.
///
/// `DICOMEXPORT_TEST_SWEEP=1` takes each place instead of every ninth.
@Suite struct DamageSweepTests {
    static let step = getenv("DICOMEXPORT_TEST_SWEEP") == nil ? 9 : 1
    /// What would be a wrong column of the row.
    static let wrong: Set = ["no element", "of an item", "identity made up", "longer or shorter"]

    @Test(arguments: DamageSweep.specimens().map(\.name))
    func `damage makes no value of what belongs elsewhere`(name: String) throws {
        let bytes = try #require(DamageSweep.specimens().first { $0.name == name }).bytes
        let sweep = try DamageSweep(bytes)
        var (places, leaks) = (0, 0)
        for (number, kind) in DamageSweep.Kind.all.enumerated() {
            for at in stride(from: sweep.first + number % Self.step, to: sweep.last, by: Self.step) {
                // Nothing tells how many bytes a value without structure has.
                guard !sweep.isHeaderOfBytes(at, kind) else { continue }
                let findings = sweep.findings(kind, at: at).filter { Self.wrong.contains($0.fault) }
                if kind.isPhaseKept {
                    (places, leaks) = (places + 1, leaks + (findings.isEmpty ? 0 : 1))
                } else {
                    #expect(findings.isEmpty)
                }
            }
        }
        // Where the beginning of one header is cut together with the end of another one, nothing is left that tells.
        #expect(leaks * 10 <= places, "\(leaks) of \(places)")
    }
}
