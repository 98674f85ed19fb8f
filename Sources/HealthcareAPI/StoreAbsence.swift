/// Files of a store that are not to be found, or to be read, and that are not taken for deleted ones: part of ``StoreStatus`` and
/// of ``DicomStore``.
package struct StoreAbsence: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable {
        /// A scan did not find them, and they are too many to be let go: a rescan with `allowDeletions` does.
        case heldDeletion = "HELD_DELETION"
        case unreadableFile = "UNREADABLE"
        case unreadDirectory = "UNREAD_DIRECTORY"
        /// The file system that they were on is not mounted where it was.
        case fileSystemAway = "FILE_SYSTEM_AWAY"
        case storeAway = "STORE_AWAY"
    }

    package var kind: Kind
    /// For people; holds no path.
    package var reason: String
    /// The kind of file system, where it matters.
    package var fileSystem: String?
    /// Files of the index.
    @Int64Text package var files: Int64
    /// Since when, the earliest.
    package var since: Timestamp

    package init(kind: Kind, reason: String, fileSystem: String? = nil, files: Int64, since: Timestamp) {
        self.kind = kind
        self.reason = reason
        self.fileSystem = fileSystem
        self._files = Int64Text(wrappedValue: files)
        self.since = since
    }
}
