import HealthcareAPI

/// What a monitoring system is told of a status: how grave it is, why, and the figures. A value.
struct HealthCheck: Hashable, Sendable {
    /// As the exit status of a plugin.
    enum Severity: Int32, Comparable, Sendable {
        case ok, warning, critical, unknown

        var word: String {
            switch self {
            case .ok: "OK"
            case .warning: "WARNING"
            case .critical: "CRITICAL"
            case .unknown: "UNKNOWN"
            }
        }

        static func < (one: Severity, other: Severity) -> Bool { one.rawValue < other.rawValue }
    }

    struct Finding: Hashable, Sendable {
        var severity: Severity
        var text: String
    }

    private(set) var findings: [Finding] = []
    private var summary = ""
    private var figures: [String] = []

    /// One finding instead of a status.
    init(_ severity: Severity, _ text: String) { findings = [Finding(severity: severity, text: text)] }

    /// Judges a status. `now`: What ages are reckoned to.
    init(_ status: ServiceStatus, _ thresholds: CheckThresholds = CheckThresholds(), now: Timestamp) {
        if status.state == .starting || status.state == .stopping {
            note(.warning, "the service is \(status.state.rawValue)")
        }
        let streams = status.stores.flatMap(\.streams)
        summary = "\(status.stores.count) stores, \(streams.count) streams"
        judgeStorage(status.storage, thresholds)
        for store in status.stores { judge(store, thresholds, now) }
        for stream in streams { judge(stream, thresholds, now) }
        add("rows", streams.reduce(0) { $0 + $1.success }, "c")
        add("failures", status.stores.reduce(0) { $0 + $1.failures })
        add("new_failures", status.stores.reduce(0) { $0 + $1.newFailures }, thresholds.failures)
        add("held", status.stores.reduce(0) { $0 + $1.heldDeletions }, thresholds.held)
        add("out_of_reach", status.stores.reduce(0) { $0 + $1.outOfReachFiles }, thresholds.outOfReach)
        add("pending", streams.map(\.pending).max() ?? 0, thresholds.pending)
        add("lag", (streams.map { $0.lag(at: now) }.max() ?? 0) / 1_000_000, "s", thresholds.lag)
        // A store's own reasons are told with it.
        for reason in status.reasons where !status.stores.contains(where: { reason.hasPrefix($0.name) }) {
            note(.warning, reason)
        }
        if findings.isEmpty, status.state == .degraded { note(.warning, status.reasons.first ?? "degraded") }
    }

    var severity: Severity { findings.map(\.severity).max() ?? .ok }

    /// `DICOMEXPORTD WARNING - …|…`
    var line: String {
        let graveFirst = findings.sorted { $0.severity > $1.severity }.map(\.text)
        let text = graveFirst.isEmpty ? summary : graveFirst.joined(separator: "; ")
        let plain = text.map { $0.isNewline || $0 == "\t" ? " " : $0 == "|" ? "/" : $0 }
        return "DICOMEXPORTD \(severity.word) - \(String(plain))"
            + (figures.isEmpty ? "" : "|" + figures.joined(separator: " "))
    }

    // MARK: What is wrong

    private mutating func judgeStorage(_ storage: StorageStatus?, _ thresholds: CheckThresholds) {
        guard let storage, !storage.fileSystems.isEmpty else { return }
        let minimum = storage.minimumFreeBytes
        let critical = thresholds.free.critical ?? minimum
        let warning = thresholds.free.warning ?? (minimum > .max / 2 ? .max : minimum * 2)
        for place in storage.fileSystems {
            guard place.freeBytes < max(warning, critical) else { continue }
            let severity = place.freeBytes < critical ? Severity.critical : .warning
            note(severity, "\(StatusText.size(place.freeBytes)) free in \(place.directory)")
        }
        let least = storage.fileSystems.map(\.freeBytes).min() ?? 0
        add("free", least, "B", Threshold(warning: warning, critical: critical), isRange: true)
    }

    private mutating func judge(_ store: StoreStatus, _ thresholds: CheckThresholds, _ now: Timestamp) {
        let told = findings.count
        let name = store.name.split(separator: "/").last.map(String.init) ?? store.name
        let isAway = store.absences.contains { $0.kind == .storeAway || $0.kind == .fileSystemAway }
        let reach = thresholds.outOfReach.severity(of: store.outOfReachFiles)
        if isAway {
            note(.critical, "\(name): a file system is away, \(store.outOfReachFiles) files out of reach")
        } else if reach > .ok {
            note(reach, "\(name): \(store.outOfReachFiles) files out of reach")
        }
        if store.unreadDirectories > 0, store.state == .degraded {
            note(.warning, "\(name): \(store.unreadDirectories) directories cannot be read")
        }
        note(thresholds.held.severity(of: store.heldDeletions), "\(name): \(store.heldDeletions) deletions are held")
        note(
            thresholds.failures.severity(of: store.newFailures),
            "\(name): \(store.newFailures) files without a row in the last hour"
        )
        if let end = store.scan.endTime, store.scan.state != .running {
            let age = max(0, now.microseconds - end.microseconds) / 1_000_000
            note(thresholds.scanAge.severity(of: age), "\(name): the last scan ended \(age) s ago")
            add("scan_age_\(name)", age, "s", thresholds.scanAge)
        }
        // The streams' own reasons are told with them.
        let own = store.reasons.filter { reason in !store.streams.contains { reason.hasPrefix($0.tableUri) } }
        if findings.count == told, let reason = own.first { note(.warning, "\(name): \(reason)") }
    }

    private mutating func judge(_ stream: StreamStatus, _ thresholds: CheckThresholds, _ now: Timestamp) {
        let reason = stream.reason.map { ": " + $0 } ?? ""
        switch stream.state {
        case .stopped: note(.critical, "\(stream.tableUri) stopped\(reason)")
        case .waiting: note(.warning, "\(stream.tableUri) waits\(reason)")
        case .current, .behind: break
        }
        let lag = stream.lag(at: now) / 1_000_000
        note(thresholds.lag.severity(of: lag), "\(stream.tableUri) is \(lag) s behind")
        note(thresholds.pending.severity(of: stream.pending), "\(stream.tableUri): \(stream.pending) pending")
    }

    private mutating func note(_ severity: Severity, _ text: String) {
        if severity > .ok { findings.append(Finding(severity: severity, text: text)) }
    }

    // MARK: Performance data

    /// `isRange`: Less is worse, which a range with a colon says.
    private mutating func add(
        _ label: String,
        _ value: Int64,
        _ unit: String = "",
        _ threshold: Threshold = Threshold(),
        isRange: Bool = false
    ) {
        let plain = String(label.map { $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0)) ? $0 : "_" })
        let limits =
            isRange
            ? "\(threshold.warning.map { "\($0):" } ?? "");\(threshold.critical.map { "\($0):" } ?? "")"
            : threshold.text
        figures.append("\(plain)=\(value)\(unit);\(limits);0")
    }

    private mutating func add(_ label: String, _ value: Int64, _ threshold: Threshold) {
        add(label, value, "", threshold)
    }
}
