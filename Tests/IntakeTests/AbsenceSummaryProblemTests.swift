import Operations
import ServiceRuntime
import Testing
import Vocabulary

@testable import Intake
@testable import StoreIndex

/// What the status says of absences, and what of them is no reason to say anything.
@Suite struct AbsenceSummaryProblemTests {
    private func problem(
        _ kind: Absence.Kind,
        reason: String = "the reason",
        places: Int64 = 2,
        files: Int64 = 5
    ) -> String? {
        AbsenceSummary(kind: kind, reason: reason, mount: 1, places: places, files: files, since: 3).problem
    }

    @Test(arguments: [Absence.Kind.missing, .storeAway])
    func `what is under way, or is said of the store itself, is no problem of its own`(kind: Absence.Kind) {
        #expect(problem(kind) == nil)
    }

    @Test func `what is held says how many, why, where they are listed, and the way out`() {
        #expect(
            problem(.held, files: 21)
                == """
                21 files were not found by a scan, more than holdDeletions lets go; their deletions are held (see \
                'dicom-stores failures'): if they were deleted on purpose, rescan with allowDeletions
                """
        )
    }

    @Test func `files that cannot be read say so with their reason`() {
        #expect(problem(.unreadableFile) == "5 files are out of reach, their rows stay: the reason")
    }

    @Test func `directories say how many they are, and how many files are known in them`() {
        #expect(
            problem(.unreadDirectory)
                == "2 directories are out of reach, with 5 known files, whose rows stay: the reason"
        )
    }

    @Test func `what belongs to the file system check is of no interest, as a directory only`() {
        #expect(problem(.unreadDirectory, reason: AbsencePass.lostAndFound) == nil)
        #expect(problem(.unreadableFile, reason: AbsencePass.lostAndFound) != nil)
    }

    @Test func `a mount that is away says what to do if it does not come back`() {
        #expect(
            problem(.mountAway)
                == """
                5 files are out of reach, their rows stay: the reason; if it does not come back, rescan with allowDeletions
                """
        )
    }
}
