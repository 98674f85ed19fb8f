internal import SQLite
internal import StoreIndex
internal import Vocabulary

/// What a store's thread remembers of its absences, so that it asks state.db only when something may have changed.
struct AbsenceState {
    private(set) var summary: [AbsenceSummary]
    /// Whether anything may be noted: nearly always nothing is, and nothing has to be forgotten.
    private(set) var isAny: Bool
    private var isStale = false
    private let store: StoreID

    init(_ reader: IndexReader, store: StoreID) throws(SQLiteError) {
        self.store = store
        summary = try reader.absenceSummary(of: store)
        let counts = try reader.absenceCounts(of: store)
        isAny = counts.absences > 0 || counts.passed > 0
    }

    /// Something was noted or forgotten.
    mutating func change() {
        isAny = true
        isStale = true
    }

    /// As state.db has it now.
    func refreshed(_ reader: IndexReader) throws(SQLiteError) -> AbsenceState {
        isStale ? try AbsenceState(reader, store: store) : self
    }

    func files(_ kind: Absence.Kind) -> Int64 { summary.filter { $0.kind == kind }.reduce(0) { $0 + $1.files } }
    func places(_ kind: Absence.Kind) -> Int64 { summary.filter { $0.kind == kind }.reduce(0) { $0 + $1.places } }

    /// Files that cannot be got at, whatever the reason.
    var outOfReach: Int64 {
        files(.unreadableFile) + files(.unreadDirectory) + files(.mountAway) + files(.storeAway)
    }
}
