/// Where an instance is now, and what was made of it.
package struct InstanceRecord: Codable, Hashable, Sendable {
    /// One file, as the log has it: the newest first.
    package struct Version: Codable, Hashable, Sendable {
        @Int64Text package var change: Int64
        /// `CREATE`, `DELETE`, or the code of a failure.
        package var outcome: String
        package var time: Timestamp
        /// Relative to the store's directory. Left out for callers who may not see paths.
        package var path: String?
        @Int64Text package var size: Int64

        package init(change: Int64, outcome: String, time: Timestamp, path: String?, size: Int64) {
            self._change = Int64Text(wrappedValue: change)
            self.outcome = outcome
            self.time = time
            self.path = path
            self._size = Int64Text(wrappedValue: size)
        }
    }

    package var studyInstanceUID: String
    package var seriesInstanceUID: String
    package var sopInstanceUID: String
    /// Whether a file of the store holds it now.
    package var isLive: Bool
    /// The file that holds it now, with the store's directory in front. Left out for callers who may not see paths.
    package var path: String?
    package var versions: [Version]

    package init(
        studyInstanceUID: String,
        seriesInstanceUID: String,
        sopInstanceUID: String,
        isLive: Bool,
        path: String?,
        versions: [Version] = []
    ) {
        self.studyInstanceUID = studyInstanceUID
        self.seriesInstanceUID = seriesInstanceUID
        self.sopInstanceUID = sopInstanceUID
        self.isLive = isLive
        self.path = path
        self.versions = versions
    }
}
