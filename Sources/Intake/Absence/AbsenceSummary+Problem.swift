internal import StoreIndex

extension AbsenceSummary {
    /// Why the status is degraded, and the way out; nil if this is no reason.
    var problem: String? {
        switch kind {
        case .missing, .storeAway: nil
        case .held:
            """
            \(files) files were not found by a scan, more than holdDeletions lets go; their deletions are held (see \
            'dicom-stores failures'): if they were deleted on purpose, rescan with allowDeletions
            """
        case .unreadableFile: "\(files) files are out of reach, their rows stay: \(reason)"
        case .unreadDirectory:
            reason == AbsencePass.lostAndFound
                ? nil
                : """
                \(places) directories are out of reach, with \(files) known files, whose rows stay: \(reason)
                """
        case .mountAway:
            """
            \(files) files are out of reach, their rows stay: \(reason); if it does not come back, rescan with allowDeletions
            """
        }
    }
}
