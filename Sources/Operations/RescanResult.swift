/// What a rescan has found and done.
package struct RescanResult: Hashable, Sendable {
    /// Files that are there.
    package var files: Int64 = 0
    /// Files that are concluded to be gone.
    package var deletions: Int64 = 0
    /// Of those, files that were held and were allowed to be concluded.
    package var allowed: Int64 = 0
    /// Files whose deletions are held now.
    package var held: Int64 = 0
    /// Files that are known and cannot be got at.
    package var outOfReach: Int64 = 0
    package var unreadDirectories: Int64 = 0

    package init() {}

    /// The names on the wire, each with its figure.
    package var figures: [(name: String, value: Int64)] {
        [
            ("files", files), ("deletions", deletions), ("allowedDeletions", allowed), ("heldDeletions", held),
            ("outOfReachFiles", outOfReach), ("unreadDirectories", unreadDirectories),
        ]
    }

    /// The text in which state.db keeps it.
    package var stored: String { figures.map { "\($0.name) \($0.value)" }.joined(separator: "\n") }

    /// Reads what ``stored`` has written; what it cannot read is left out.
    package init(stored text: String) {
        var values: [Substring: Int64] = [:]
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: " ")
            if fields.count == 2 { values[fields[0]] = Int64(fields[1]) }
        }
        files = values["files"] ?? 0
        deletions = values["deletions"] ?? 0
        allowed = values["allowedDeletions"] ?? 0
        held = values["heldDeletions"] ?? 0
        outOfReach = values["outOfReachFiles"] ?? 0
        unreadDirectories = values["unreadDirectories"] ?? 0
    }
}
