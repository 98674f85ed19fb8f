/// A store as it is now: part of ``ServiceStatus``.
package struct StoreStatus: Codable, Hashable, Sendable {
    /// What the watch on the store's directory has and has not.
    package struct Watch: Codable, Hashable, Sendable {
        @Int64Text package var watches: Int64
        /// Directories for which no watch could be had; they are scanned instead.
        @Int64Text package var unwatchedDirectories: Int64
        /// How often the kernel's queue overflowed.
        @Int64Text package var overflows: Int64
        /// Why the store is polled, if it is.
        package var polling: String?

        package init(watches: Int64 = 0, unwatchedDirectories: Int64 = 0, overflows: Int64 = 0, polling: String? = nil)
        {
            self._watches = Int64Text(wrappedValue: watches)
            self._unwatchedDirectories = Int64Text(wrappedValue: unwatchedDirectories)
            self._overflows = Int64Text(wrappedValue: overflows)
            self.polling = polling
        }
    }

    package struct Scan: Codable, Hashable, Sendable {
        package enum State: String, Codable, Hashable, Sendable {
            case idle, running
            /// The last one could not read everything.
            case incomplete
        }

        package var state: State
        /// Why it runs, or ran.
        package var reason: String?
        package var startTime: Timestamp?
        package var endTime: Timestamp?
        @Int64Text package var files: Int64
        @Int64Text package var directories: Int64
        /// Places that could not be read.
        @Int64Text package var errors: Int64

        package init(
            state: State = .idle,
            reason: String? = nil,
            startTime: Timestamp? = nil,
            endTime: Timestamp? = nil,
            files: Int64 = 0,
            directories: Int64 = 0,
            errors: Int64 = 0
        ) {
            self.state = state
            self.reason = reason
            self.startTime = startTime
            self.endTime = endTime
            self._files = Int64Text(wrappedValue: files)
            self._directories = Int64Text(wrappedValue: directories)
            self._errors = Int64Text(wrappedValue: errors)
        }
    }

    /// The full resource name.
    package var name: String
    /// The directory.
    package var path: String
    package var state: ServiceStatus.State
    package var reasons: [String]
    /// What is to be known, and needs nobody.
    package var notes: [String]?
    /// Files that are known, and instances that are live.
    @Int64Text package var files: Int64
    @Int64Text package var instances: Int64
    @Int64Text package var failures: Int64
    /// The failures by their codes.
    package var failureCodes: [StatusCount]?
    /// Of the failures those that were first seen within the last hour.
    @Int64Text package var newFailures: Int64
    /// Files that are rows although they are damaged: something of each is missing.
    @Int64Text package var damaged: Int64
    /// The last change number of the log.
    @Int64Text package var change: Int64
    /// How far the times of new rows are ahead of the clock, which was wrong once.
    package var clockAheadSeconds: Int64?
    package var watch: Watch
    package var scan: Scan
    /// Files that a scan missed and that are not concluded to be gone.
    @Int64Text package var heldDeletions: Int64
    /// Files that are known and cannot be got at; their rows stay.
    @Int64Text package var outOfReachFiles: Int64
    @Int64Text package var unreadDirectories: Int64
    /// What these are, why and since when; the most files first.
    package var absences: [StoreAbsence]
    package var streams: [StreamStatus]

    package init(
        name: String,
        path: String,
        state: ServiceStatus.State = .running,
        reasons: [String] = [],
        notes: [String]? = nil,
        files: Int64 = 0,
        instances: Int64 = 0,
        failures: Int64 = 0,
        failureCodes: [StatusCount]? = nil,
        newFailures: Int64 = 0,
        damaged: Int64 = 0,
        change: Int64 = 0,
        clockAheadSeconds: Int64? = nil,
        watch: Watch = Watch(),
        scan: Scan = Scan(),
        heldDeletions: Int64 = 0,
        outOfReachFiles: Int64 = 0,
        unreadDirectories: Int64 = 0,
        absences: [StoreAbsence] = [],
        streams: [StreamStatus] = []
    ) {
        self.name = name
        self.path = path
        self.state = state
        self.reasons = reasons
        self.notes = notes
        self._files = Int64Text(wrappedValue: files)
        self._instances = Int64Text(wrappedValue: instances)
        self._failures = Int64Text(wrappedValue: failures)
        self.failureCodes = failureCodes
        self._newFailures = Int64Text(wrappedValue: newFailures)
        self._damaged = Int64Text(wrappedValue: damaged)
        self._change = Int64Text(wrappedValue: change)
        self.clockAheadSeconds = clockAheadSeconds
        self.watch = watch
        self.scan = scan
        self._heldDeletions = Int64Text(wrappedValue: heldDeletions)
        self._outOfReachFiles = Int64Text(wrappedValue: outOfReachFiles)
        self._unreadDirectories = Int64Text(wrappedValue: unreadDirectories)
        self.absences = absences
        self.streams = streams
    }
}

extension StoreStatus {
    /// Since when files are absent in one of some ways, in seconds since 1970; 0 if none are.
    func since(_ isMeant: (StoreAbsence.Kind) -> Bool) -> Int64 {
        absences.filter { isMeant($0.kind) }.map { $0.since.microseconds / 1_000_000 }.min() ?? 0
    }
}
