import HealthcareAPI

/// The status of the service for people.
enum StatusText {
    static func text(_ status: ServiceStatus) -> String {
        var lines = [
            "dicomexportd \(status.version) is \(status.state.rawValue) "
                + "(pid \(status.pid), since \(status.since), memory \(size(status.memoryBytes)))"
        ]
        lines += status.reasons.map { "  ! \($0)" }
        lines += (status.notes ?? []).map { "  \($0)" }
        lines.append("warehouse \(status.warehouse.root)")
        lines += status.warehouse.projects.sorted { $0.key < $1.key }.map { "  project \($0.key) in \($0.value)" }
        for store in status.stores { lines += [""] + self.lines(store) }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func lines(_ store: StoreStatus) -> [String] {
        var lines = ["store \(store.name)", "  \(store.state.rawValue), directory \(store.path)"]
        lines += store.reasons.map { "  ! \($0)" }
        lines += (store.notes ?? []).map { "  \($0)" }
        let damaged = store.damaged > 0 ? " (\(store.damaged) damaged)" : ""
        lines.append(
            "  \(store.files) files, \(store.instances) instances\(damaged), \(store.failures) failures, change \(store.change)"
        )
        lines.append("  \(watch(store.watch)); \(scan(store.scan))")
        if store.heldDeletions > 0 {
            lines.append(
                "  ! \(store.heldDeletions) deletions are held; dicom-stores rescan --allow-deletions lets them go"
            )
        }
        for stream in store.streams {
            lines.append("  stream to \(stream.tableUri): \(stream.state.rawValue)")
            if let reason = stream.reason { lines.append("    ! \(reason)") }
            if let note = stream.note { lines.append("    \(note)") }
            lines.append(
                "    \(stream.success) rows, \(stream.failure) failures, \(stream.pending) pending"
            )
            lines.append("    operation \(stream.operation)")
        }
        return lines
    }

    private static func watch(_ watch: StoreStatus.Watch) -> String {
        if let reason = watch.polling { return "polled: \(reason)" }
        var text = "\(watch.watches) directories watched"
        if watch.unwatchedDirectories > 0 { text += ", \(watch.unwatchedDirectories) not" }
        if watch.overflows > 0 { text += ", \(watch.overflows) overflows" }
        return text
    }

    private static func scan(_ scan: StoreStatus.Scan) -> String {
        let found = "\(scan.files) files in \(scan.directories) directories"
        let why = scan.reason.map { " (\($0))" } ?? ""
        switch scan.state {
        case .running: return "scanning\(why): \(found) so far"
        case .incomplete: return "last scan\(why) incomplete: \(scan.errors) places could not be read"
        case .idle: return scan.endTime.map { "last scan\(why) ended \($0): \(found)" } ?? "no scan yet"
        }
    }

    /// `21.3 MiB`
    static func size(_ bytes: Int64) -> String {
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
        var value = Double(bytes)
        var unit = 0
        while value >= 1024, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        guard unit > 0 else { return "\(bytes) bytes" }
        let tenths = Int64(value * 10)
        return "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
