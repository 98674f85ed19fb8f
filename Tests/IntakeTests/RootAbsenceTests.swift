import Operations
import Testing

@testable import Intake

/// Whether the store's directory is there, and what is told of that.
@Suite struct RootAbsenceTests {
    @Test func `it is told once that the directory is away, and the status has the reason of now`() {
        var root = RootAbsence(store: "s")
        #expect(root.problem == nil)
        let told = ["no such directory", "permission denied"].flatMap { root.lose($0) }
        #expect(told.map(\.name) == ["lost: no such directory"])
        #expect(root.problem?.contains("permission denied") == true)
    }

    @Test(
        arguments: [
            (false, true, []), (false, false, ["another"]), (true, true, ["found"]),
            (true, false, ["found", "another"]),
        ] as [(Bool, Bool, [String])]
    )
    func `a directory that stands there is told of if it was away, and if it is another`(
        wasAway: Bool,
        isKnown: Bool,
        told: [String]
    ) {
        var root = RootAbsence(store: "s")
        if wasAway { _ = root.lose("r") }
        let found = root.find(isKnown: isKnown)
        #expect(found.map(\.name) == told)
        #expect(root.problem == nil && root.reason == nil)
    }
}

extension ServiceEvent {
    fileprivate var name: String {
        switch self {
        case .rootLost("s", let reason): "lost: \(reason)"
        case .rootFound("s"): "found"
        case .rootChanged("s"): "another"
        default: "another event"
        }
    }
}
