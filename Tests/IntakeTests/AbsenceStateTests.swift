import Operations
import SQLite
import ServiceRuntime
import StoreIndex
import Testing
import Vocabulary

@testable import Intake

/// What a store's thread remembers of its absences instead of asking for them at every file.
@Suite struct AbsenceStateTests {
    let fixture: IntakeFixture

    init() throws { fixture = try IntakeFixture() }

    private func state() throws -> AbsenceState { try AbsenceState(fixture.reader, store: fixture.store.id) }

    private func note(_ path: String, _ kind: Absence.Kind, files: Int64 = 1, reason: String = "r") throws {
        try fixture.note(Absence(path: Array(path.utf8), kind: kind, reason: reason, files: files))
    }

    @Test func `where nothing was ever noted there is nothing`() throws {
        let state = try state()
        #expect(!state.isAny)
        #expect(state.summary.isEmpty)
        #expect(state.outOfReach == 0)
    }

    @Test(arguments: [Absence.Kind.missing, .held, .unreadableFile, .unreadDirectory, .mountAway, .storeAway])
    func `anything that is noted is something, whatever it is`(kind: Absence.Kind) throws {
        try note("a", kind)
        #expect(try state().isAny)
    }

    @Test func `a version that a stream passed over is something, without any absence`() throws {
        try fixture.put(["a": "1"])
        let version = try #require(try fixture.record("a").version)
        try fixture.index.write { writer throws(SQLiteError) in try writer.pass(version) }
        let state = try state()
        #expect(state.isAny)
        #expect(state.summary.isEmpty)
    }

    @Test func `what is noted is read again only after something was said to have changed`() throws {
        var state = try state()
        try note("a", .held, files: 3)
        state = try state.refreshed(fixture.reader)
        #expect(!state.isAny && state.files(.held) == 0)
        state.change()
        #expect(state.isAny)
        #expect(state.files(.held) == 0)
        state = try state.refreshed(fixture.reader)
        #expect(state.files(.held) == 3)
    }

    @Test func `a change that left nothing is over once it was read`() throws {
        var state = try state()
        state.change()
        #expect(state.isAny)
        state = try state.refreshed(fixture.reader)
        #expect(!state.isAny)
    }

    @Test func `files and places are counted by kind, over all reasons`() throws {
        try note("a", .unreadDirectory, files: 3)
        try note("b", .unreadDirectory, files: 4)
        try note("c", .unreadDirectory, files: 5, reason: "another")
        try note("d", .held)
        let state = try state()
        #expect(state.files(.unreadDirectory) == 12)
        #expect(state.places(.unreadDirectory) == 3)
        #expect(state.files(.held) == 1)
        #expect(state.places(.mountAway) == 0)
    }

    @Test func `out of reach is what cannot be got at, and not what is missing or held`() throws {
        let kinds: [(Absence.Kind, Int64)] = [
            (.missing, 1), (.held, 2), (.unreadableFile, 4), (.unreadDirectory, 8), (.mountAway, 16), (.storeAway, 32),
        ]
        for (kind, files) in kinds { try note("\(kind)", kind, files: files) }
        #expect(try state().outOfReach == 4 + 8 + 16 + 32)
    }

    @Test func `another store's absences are not this one's`() throws {
        let other = try fixture.index.write { writer throws(SQLiteError) in
            try writer.store(named: "another", now: 1).id
        }
        try note("a", .held)
        #expect(try !AbsenceState(fixture.reader, store: other).isAny)
    }
}
