import Operations
import ServiceRuntime
import Testing
import Vocabulary

@testable import Intake
@testable import StoreIndex

/// What the status counts of a store's absences.
@Suite struct IntakeSnapshotTests {
    private func summary(_ kind: Absence.Kind, _ files: Int64, _ reason: String = "r") -> AbsenceSummary {
        AbsenceSummary(kind: kind, reason: reason, mount: 0, places: 1, files: files, since: 0)
    }

    @Test func `files are counted over all reasons of the kinds that are asked for`() {
        var snapshot = IntakeSnapshot()
        snapshot.absences = [
            summary(.held, 3), summary(.unreadableFile, 5), summary(.unreadableFile, 7, "other"),
            summary(.mountAway, 11),
        ]
        #expect(snapshot.files { $0 == .held } == 3)
        #expect(snapshot.files { $0 == .unreadableFile } == 12)
        #expect(snapshot.files { $0 != .held } == 23)
        #expect(snapshot.files { _ in true } == 26)
        #expect(snapshot.files { $0 == .storeAway } == 0)
    }

    @Test func `before anything is known nothing is said to be well or absent`() {
        let snapshot = IntakeSnapshot()
        #expect(snapshot.files { _ in true } == 0)
        #expect(snapshot.scanEnded == nil)
        #expect(!snapshot.baselineIsDone)
    }
}
