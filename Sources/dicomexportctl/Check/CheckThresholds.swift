/// From where on a figure is worth a warning, and from where on it is critical; nil if never.
struct Threshold: Hashable, Sendable {
    var warning: Int64?
    var critical: Int64?

    /// What a figure means of which more is worse.
    func severity(of value: Int64) -> HealthCheck.Severity {
        if let critical, value >= critical { return .critical }
        if let warning, value >= warning { return .warning }
        return .ok
    }

    /// As performance data has it.
    var text: String { "\(warning.map(String.init) ?? "");\(critical.map(String.init) ?? "")" }
}

/// What `check` measures the status by.
struct CheckThresholds: Hashable, Sendable {
    /// Changes that wait for a table, of the worst stream.
    var pending = Threshold()
    /// Seconds for which the oldest of them has waited.
    var lag = Threshold(warning: 600, critical: 3600)
    /// Files without a row that are new within the last hour.
    var failures = Threshold(warning: 1)
    var held = Threshold(warning: 1)
    var outOfReach = Threshold(warning: 1)
    /// Seconds since the last scan ended.
    var scanAge = Threshold()
    /// Free bytes, where less is worse; nil is the service's minimum, and twice that for a warning.
    var free = Threshold()
}
