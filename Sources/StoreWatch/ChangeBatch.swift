/// What one call of `next` returns, in order, each path once: the last that happened to it counts.
struct ChangeBatch {
    struct Entry {
        var change: Change
        /// A file may have been known at this path before: if there is none now, that has to be said.
        var mayReplace: Bool
    }

    private struct Key: Hashable {
        var path: StorePath
        var isDirectory: Bool
    }

    private var entries: [Entry?] = []
    private var positions: [Key: Int] = [:]
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    mutating func changed(_ path: StorePath, mayReplace: Bool) {
        let before = remove(Key(path: path, isDirectory: false))
        let wasGone = if case .gone = before?.change { true } else { false }
        append(
            Entry(change: .changed(path), mayReplace: mayReplace || wasGone || before?.mayReplace == true),
            Key(path: path, isDirectory: false)
        )
    }

    mutating func gone(_ path: StorePath) {
        let key = Key(path: path, isDirectory: false)
        _ = remove(key)
        append(Entry(change: .gone(path), mayReplace: true), key)
    }

    mutating func directoryGone(_ path: StorePath) {
        let key = Key(path: path, isDirectory: true)
        _ = remove(key)
        append(Entry(change: .directoryGone(path), mayReplace: true), key)
    }

    /// Notes that a file's attributes were set; says nothing beside an event of its content.
    mutating func touched(_ path: StorePath) {
        let key = Key(path: path, isDirectory: false)
        guard positions[key] == nil else { return }
        append(Entry(change: .touched(path, FileStatus.none), mayReplace: false), key)
    }

    /// A scan's finding says less than an event about the same file; but it moves the event to where the scan is, so that
    /// the file counts as seen by it.
    ///
    /// Findings come after the events of a batch, and a scan makes each once, so they need no position.
    mutating func found(_ path: StorePath, _ status: FileStatus) {
        guard positions.isEmpty || positions[Key(path: path, isDirectory: false)] == nil else {
            return changed(path, mayReplace: false)
        }
        append(.found(path, status))
    }

    /// Adds what needs no look and replaces nothing.
    mutating func append(_ change: Change) {
        entries.append(Entry(change: change, mayReplace: false))
        count += 1
    }

    /// Drops what is about paths: it came from a directory that is no longer the store.
    mutating func removePaths() {
        entries.removeAll { $0?.change.isAboutPath ?? true }
        count = entries.count
        positions = [:]
    }

    /// The changes, after a fresh look at each path that an event named.
    ///
    /// - Parameters:
    ///   - glance: what is there now; throws what `fstatat` says.
    ///   - isWatched: whether a directory's path leads to the directory that the events are of.
    /// - Returns: what is left to say, in order.
    func changes(
        glance: (StorePath) throws(Errno) -> FileStatus,
        isWatched: (StorePath) -> Bool
    ) -> [Change] {
        var directory: (path: StorePath, isWatched: Bool)?
        return entries.compactMap { entry in
            switch entry?.change {
            case .changed(let path), .gone(let path):
                let change = Self.look(at: path, mayReplace: entry?.mayReplace == true, glance)
                guard case .gone = change, let parent = path.parent else { return change }
                if directory?.path != parent { directory = (parent, isWatched(parent)) }
                // Elsewhere by now: what is not there is for those to say who went there.
                return directory?.isWatched == true ? change : nil
            case .touched(let path, _):
                guard let status = try? glance(path), status.isRegular else { return nil }
                return .touched(path, status)
            case let change: return change
            }
        }
    }

    private static func look(
        at path: StorePath,
        mayReplace: Bool,
        _ glance: (StorePath) throws(Errno) -> FileStatus
    ) -> Change? {
        do throws(Errno) {
            if try glance(path).isRegular { return .changed(path) }
        } catch {
            // It is there but cannot be described: whoever opens it will learn and say why.
            guard error.meansAbsent else { return .changed(path) }
        }
        return mayReplace ? .gone(path) : nil
    }

    private mutating func append(_ entry: Entry, _ key: Key) {
        positions[key] = entries.count
        entries.append(entry)
        count += 1
    }

    private mutating func remove(_ key: Key) -> Entry? {
        guard let position = positions.removeValue(forKey: key) else { return nil }
        defer { entries[position] = nil }
        count -= 1
        return entries[position]
    }
}

extension Change {
    fileprivate var isAboutPath: Bool {
        switch self {
        case .changed, .gone, .directoryGone, .found, .touched: true
        case .scanBegan, .scanEnded, .rootLost, .rootChanged: false
        }
    }
}
