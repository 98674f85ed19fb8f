internal import Operations
internal import StoreIndex
internal import StoreWatch
internal import Vocabulary

/// The judgement of a scan that is through: index against what it came by, page by page.
struct AbsencePass {
    enum Stage {
        /// Files of the index that it did not come by are looked for.
        case comparing
        /// All that is missing is seen together.
        case deciding
        /// What is missing is concluded to be gone.
        case concluding
        /// What earlier scans left is forgotten.
        case tidying
    }

    let serial: ChangeNumber
    let head: ChangeNumber
    let report: ScanReport
    var seen: ChangeSet
    var requests: [StoredRescan]
    var stage = Stage.comparing
    /// The last path that was compared, or concluded.
    var last: [UInt8] = []
    var result = RescanResult()
    /// Directories and mounts of which nothing is said, each with its files.
    private(set) var regions: [Region: Absence] = [:]

    struct Region: Hashable {
        var path: [UInt8]
        var mount: Int64
    }

    init(_ scan: ScanState, _ report: ScanReport) {
        serial = scan.serial
        head = scan.head
        seen = scan.seen
        requests = scan.requests
        self.report = report
        result.files = Int64(report.files)
        for (path, error) in report.unread {
            add(
                Absence(
                    path: path.bytes,
                    kind: .unreadDirectory,
                    reason: Self.reason(path, error),
                    files: 0
                )
            )
        }
    }

    /// The directory above a path, or the path itself, that the scan could not read; the topmost one.
    func unreadDirectory(above path: StorePath) -> StorePath? {
        guard !report.unread.isEmpty else { return nil }
        var found: StorePath?
        var directory = path.parent
        while let next = directory {
            if report.unread[next] != nil { found = next }
            directory = next.parent
        }
        return found
    }

    /// Counts a file among those of which nothing is said because of a directory or a mount.
    mutating func count(in region: Region, or absence: @autoclosure () -> Absence) {
        regions[region, default: absence()].files += 1
    }

    private mutating func add(_ absence: Absence) {
        regions[Region(path: absence.path, mount: absence.mount)] = absence
    }

    /// Operations that may conclude what was held when they were asked for.
    var allowances: Set<OperationID> { Set(requests.filter { $0.allowance != nil }.map(\.operation)) }

    /// `lost+found` belongs to fsck(8), is root's alone, and holds nothing that anybody stored.
    static let lostAndFound = "lost+found, which is fsck's: nothing of it is of interest"

    private static func reason(_ path: StorePath, _ error: Errno) -> String {
        path.name.elementsEqual("lost+found".utf8) ? lostAndFound : "the directory cannot be read: \(error)"
    }
}
