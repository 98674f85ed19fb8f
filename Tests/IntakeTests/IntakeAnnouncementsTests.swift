import Operations
import StoreWatch
import Testing

@testable import Intake

/// Each thing is told once.
@Suite struct IntakeAnnouncementsTests {
    @Test func `overflows and polling are told of when they change`() {
        var announcements = IntakeAnnouncements(store: "s")
        let steps: [(overflows: Int, polling: String?, told: [String])] = [
            (0, nil, []), (2, "no watches left", ["overflow 2", "polling: no watches left"]),
            (2, "no watches left", []),
            (2, nil, ["polling: no more"]), (3, nil, ["overflow 3"]),
        ]
        for step in steps {
            var status = WatchStatus(root: .lost(""))
            status.overflows = step.overflows
            status.unwatchedReason = step.polling
            let told = announcements.events(of: status)
            #expect(told.map(\.words) == step.told)
        }
    }

    @Test func `files out of reach are told of when their number changes, and when there are none left`() {
        let counts: [(Int64, [String])] = [
            (0, []), (3, ["out of reach 3: r"]), (3, []), (2, ["out of reach 2: r"]), (0, ["in reach"]), (0, []),
        ]
        var announcements = IntakeAnnouncements(store: "s")
        for (files, told) in counts {
            let events = announcements.events(ofReach: files, reason: "r")
            #expect(events.map(\.words) == told)
        }
    }

    @Test(
        arguments: [
            (0, false, []), (5, false, ["held 5"]), (5, true, []), (0, true, ["released"]),
        ] as [(Int64, Bool, [String])]
    )
    func `held deletions are told of at their beginning and at their end`(files: Int64, wasHeld: Bool, told: [String]) {
        let announcements = IntakeAnnouncements(store: "s")
        #expect(announcements.events(ofHeld: files, wasHeld: wasHeld).map(\.words) == told)
    }
}

extension ServiceEvent {
    fileprivate var words: String {
        switch self {
        case .overflow("s", let count): "overflow \(count)"
        case .polling("s", let reason): "polling: \(reason ?? "no more")"
        case .outOfReach("s", let files, let reason): "out of reach \(files): \(reason)"
        case .inReach("s"): "in reach"
        case .deletionsHeld("s", let missing): "held \(missing)"
        case .deletionsReleased("s"): "released"
        default: "another event"
        }
    }
}
