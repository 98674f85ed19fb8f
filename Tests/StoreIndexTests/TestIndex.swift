import Glibc
import SQLite
import StoreIndex
import TestSupport
import Vocabulary

typealias SQLiteFailure = SQLiteError

/// An index in a directory of its own, with one store, and files that exist only in it.
final class TestIndex {
    /// Whoever holds it keeps the files.
    let home: TemporaryDirectory
    let index: StateDatabase
    let store: Int64
    private static let now: Int64 = 1_000_000

    init() throws {
        home = try TemporaryDirectory("index")
        index = try StateDatabase(directory: home.path)
        store = try index.write { writer throws(SQLiteFailure) in
            try writer.store(named: "projects/p/locations/l/datasets/d/dicomStores/s", now: 5).id
        }
    }

    var directory: String { home.path }

    /// Records a look; `gone` are the paths that no longer hold their file.
    @discardableResult
    func see(
        _ path: String,
        _ outcome: Observation.Outcome,
        inode: UInt64,
        size: Int64 = 100,
        modified: Int64 = 1,
        gone: Set<String> = [],
        isBaseline: Bool = false
    ) throws -> Recorded {
        let stamp = FileStamp(device: 1, inode: inode, size: size, modified: modified, changed: modified)
        let seen = Observation(path: Array(path.utf8), stamp: stamp, examined: modified, outcome: outcome)
        let store = store
        return try index.write { writer throws(SQLiteFailure) in
            try writer.record(seen, store: store, now: Self.now, isBaseline: isBaseline) { record in
                gone.contains(String(decoding: record.path, as: UTF8.self)) ? .gone : .there
            }
        }
    }

    /// Follows an unchanged file to another path.
    func follow(_ path: String, to new: String) throws -> Recorded? {
        let store = store
        guard let record = try index.reader().file(Array(path.utf8), store: store) else { return nil }
        return try index.write { writer throws(SQLiteFailure) in
            try writer.follow(
                record,
                to: Array(new.utf8),
                stamp: record.stamp,
                mount: 0,
                store: store,
                now: Self.now
            ) { _ in .gone }
        }
    }

    func remove(_ path: String, gone: Set<String> = []) throws -> LogEntry? {
        let store = store
        return try index.write { writer throws(SQLiteFailure) in
            try writer.remove(Array(path.utf8), store: store, now: Self.now) { record in
                gone.contains(String(decoding: record.path, as: UTF8.self)) ? .gone : .there
            }
        }
    }

    func log() throws -> [String] {
        try index.reader().entries(of: store, after: 0, limit: 1000).map { entry in
            let end = entry.ended.map { _ in " ended" } ?? ""
            return "\(entry.kind) \(String(decoding: entry.path, as: UTF8.self)) \(entry.uids?.instance ?? "-")\(end)"
        }
    }

    func counts() throws -> [Int] {
        let counts = try index.reader().counts(of: store)
        return [counts.files, counts.live]
    }
}

extension Observation.Outcome {
    /// An instance whose header is told apart by `content`.
    static func instance(_ uid: String, _ content: UInt64 = 1) -> Self {
        .instance(
            InstanceIdentity(study: "1.1", series: "1.1.1", instance: uid),
            HeaderDigest(high: content, low: content)
        )
    }

    /// One of which something was passed over.
    static func damaged(_ uid: String) -> Self {
        .instance(
            InstanceIdentity(study: "1.1", series: "1.1.1", instance: uid),
            HeaderDigest(high: 9, low: 9),
            damage: Problem(
                code: 0,
                reason: "MALFORMED",
                message: "no value representation",
                offset: 400,
                tag: 0x0028_0004
            )
        )
    }

    static let malformed = Self.failed(
        Problem(code: 3, reason: "MALFORMED", message: "an element is longer than the file", offset: 132)
    )
    static let text = Self.skipped(Problem(code: 0, reason: "NOT_DICOM", message: "not a DICOM file", offset: 0))
    static let short = Self.incomplete(Problem(code: 15, reason: "TRUNCATED", message: "it ends early", offset: 99))
}
