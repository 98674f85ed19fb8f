internal import Vocabulary

/// A directory that is served as a DICOM store: one entry of `dicomStores`.
package struct StoreConfiguration: Equatable, Sendable {
    /// What a stream does when an instance's file goes away.
    package enum Deletions: String, CaseIterable, Sendable {
        /// Append a row of Type DELETE. The default.
        case append
        /// Append nothing; the index forgets the instance all the same.
        case ignore
    }

    /// How much of a store may be found missing by one scan before its deletions are held.
    package enum HoldDeletions: Equatable, Sendable {
        /// More than so many percent of the live instances are held.
        case share(percent: Int)
        /// Never held.
        case off
    }

    /// The full resource name, `projects/P/locations/L/datasets/D/dicomStores/S`.
    package var name: String
    /// The directory: absolute, in plain form.
    package var path: String
    /// The labels that the API shows.
    package var labels: [String: String] = [:]
    /// Patterns of names of files and directories that are not looked at.
    package var ignore = ["*.part", "*.tmp", ".*"]
    /// How long a file that gives no close event (a hard link) must stay untouched before it is read.
    package var settle = Duration.seconds(2)
    /// How long a truncated file is taken for one that is still being written.
    package var incompleteTimeout = Duration.seconds(300)
    /// The time between two scans; zero for none, nil for the default of the file system that the store is on.
    package var rescanInterval: Duration?
    /// What a stream does when an instance's file goes away.
    package var deletions = Deletions.append
    /// When deletions that a scan found are held until somebody has looked.
    package var holdDeletions = HoldDeletions.share(percent: 20)
    /// The character set of data sets that name none, or an unknown one.
    package var defaultCharacterSet = "ISO_IR 100"
    /// The tables that follow this store.
    package var streams: [StreamConfiguration] = []

    /// The time between two scans where the configuration is silent: on local file systems, and on network ones, which
    /// report no changes that other machines make.
    package static let localRescanInterval = Duration.seconds(3600), networkRescanInterval = Duration.seconds(60)
}

extension StoreConfiguration {
    /// Reads one store; nil if it has no usable name or path.
    init?(_ reader: inout TableReader) {
        let name = Self.name(in: &reader)
        let path = reader.contains("path") ? reader.path("path") : reader.requiredString("path")
        labels = Self.labels(in: &reader)
        ignore = Self.patterns(in: &reader) ?? ignore
        settle = reader.duration("settle", default: settle, in: .zero ... .seconds(3600))
        incompleteTimeout = reader.duration(
            "incompleteTimeout",
            default: incompleteTimeout,
            in: .seconds(1) ... .seconds(7 * 86_400)
        )
        rescanInterval = Self.rescanInterval(in: &reader)
        deletions = reader.choice("deletions", default: deletions)
        holdDeletions = Self.holdDeletions(in: &reader) ?? holdDeletions
        if let term = reader.string("defaultCharacterSet") {
            if !CharacterSetTerm.all.contains(term) {
                let reason = "\"\(term.printable)\" is not a defined term of Specific Character Set, such as ISO_IR 192"
                reader.report("defaultCharacterSet", reason)
            }
            defaultCharacterSet = term
        }
        var streamReaders = reader.tables("streamConfigs")
        if streamReaders.count > StreamConfiguration.maximumPerStore {
            let maximum = StreamConfiguration.maximumPerStore
            reader.report("streamConfigs", "has \(streamReaders.count) entries; a store may have at most \(maximum)")
        }
        streams = streamReaders.indices.compactMap { StreamConfiguration(&streamReaders[$0]) }
        reader.reportUnknownKeys()
        guard let name, let path else { return nil }
        self.name = name
        self.path = path
    }

    private static func name(in reader: inout TableReader) -> String? {
        guard let name = reader.requiredString("name") else { return nil }
        guard DicomStoreName(name)?.isWellFormed == true else {
            let shape = "projects/PROJECT/locations/LOCATION/datasets/DATASET/dicomStores/STORE"
            reader.report("name", "\"\(name.printable)\" is not of the form \(shape)")
            return nil
        }
        return name
    }

    private static func labels(in reader: inout TableReader) -> [String: String] {
        guard var table = reader.table("labels") else { return [:] }
        if table.keys.count > LabelRules.maximumCount {
            reader.report(
                "labels",
                "has \(table.keys.count) entries; a store may have at most \(LabelRules.maximumCount)"
            )
        }
        var labels: [String: String] = [:]
        for key in table.keys {
            if let flaw = LabelRules.flaw(inKey: key) { table.report(key, flaw) }
            guard let value = table.string(key) else { continue }
            if let flaw = LabelRules.flaw(inValue: value) { table.report(key, flaw) }
            labels[key] = value
        }
        return labels
    }

    private static func patterns(in reader: inout TableReader) -> [String]? {
        let patterns = reader.strings("ignore")
        for (name, text) in patterns ?? [] where text.isEmpty {
            reader.problems.report(name, "must not be empty")
        }
        return patterns?.map(\.text)
    }

    /// A share in whole percent, which nobody can misread as a fraction, or `off`.
    private static func holdDeletions(in reader: inout TableReader) -> HoldDeletions? {
        guard let text = reader.string("holdDeletions") else { return nil }
        if text == "off" { return .off }
        guard let (percent, unit) = text.splitQuantity(), unit == "%" else {
            let reason = "\"\(text.printable)\" is neither a whole percentage, such as \"20%\", nor \"off\""
            reader.report("holdDeletions", reason)
            return nil
        }
        guard (1...100).contains(percent) else {
            reader.report("holdDeletions", "must be between 1% and 100%, or \"off\", not \(percent)%")
            return nil
        }
        return .share(percent: percent)
    }

    /// Zero, or long enough that scans do not become the service's main work.
    private static func rescanInterval(in reader: inout TableReader) -> Duration? {
        guard reader.contains("rescanInterval") else {
            _ = reader.node("rescanInterval")
            return nil
        }
        let interval = reader.duration("rescanInterval", default: .zero, in: .zero ... .seconds(30 * 86_400))
        if interval > .zero, interval < .seconds(1) {
            reader.report("rescanInterval", "must be 0s (never) or at least 1s")
        }
        return interval
    }
}
