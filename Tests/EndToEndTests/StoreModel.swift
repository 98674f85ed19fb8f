/// What a test has done to a store, and so what a table may and must hold: the promise, as a second implementation of it.
struct StoreModel {
    /// The mark of the version that lies at each path now.
    private(set) var present: [String: String] = [:]
    /// How often a path came to hold a version, by writing, copying, linking or renaming.
    private var occurrences: [String: [String: Int]] = [:]
    /// Versions that were under another name at some time: their rows may bear the old one.
    private var renamed: Set<String> = []
    private var instances: [String: String] = [:]

    mutating func write(_ mark: String, instance: String, at path: String) {
        instances[mark] = instance
        put(mark, at: path)
    }

    mutating func copy(_ path: String, to new: String) {
        if let mark = present[path] { put(mark, at: new) }
    }

    mutating func rename(_ path: String, to new: String) {
        guard let mark = present.removeValue(forKey: path) else { return }
        renamed.insert(mark)
        put(mark, at: new)
    }

    mutating func renameDirectory(_ path: String, to new: String) {
        for old in present.keys.filter({ $0.hasPrefix(path + "/") }).sorted() {
            rename(old, to: new + old.dropFirst(path.count))
        }
    }

    func instance(at path: String) -> String? { present[path].flatMap { instances[$0] } }

    func paths(of instance: String) -> [String] { present.keys.filter { self.instance(at: $0) == instance } }

    /// A path may be said to hold its version anew, though it always did.
    mutating func mayReturn(_ path: String) {
        lose(path)
        if let mark = present[path] { occurrences[mark, default: [:]][path, default: 0] += 1 }
    }

    mutating func remove(_ path: String) {
        lose(path)
        present[path] = nil
    }

    private mutating func put(_ mark: String, at path: String) {
        lose(path)
        present[path] = mark
        occurrences[mark, default: [:]][path, default: 0] += 1
    }

    /// A path no longer holds its instance. Another one that does may become the latest version, and have a row for that.
    private mutating func lose(_ path: String) {
        guard let mark = present[path], let instance = instances[mark] else { return }
        for (other, copy) in present where other != path && instances[copy] == instance {
            occurrences[copy, default: [:]][other, default: 0] += 1
        }
    }

    /// What the rows lack yet: empty once everything that is there has its row, and what is gone is said to be gone.
    func missing(in rows: [Row]) -> [String] {
        let found = Dictionary(grouping: rows.filter { $0.type == "CREATE" }, by: { $0.mark ?? "" })
        var missing: [String] = []
        for (mark, paths) in Dictionary(grouping: present.keys, by: { present[$0] ?? "" }) {
            let rows = found[mark, default: []]
            if rows.count < paths.count { missing.append("\(mark) at \(paths) has \(rows.count) rows") }
            guard !renamed.contains(mark) else { continue }
            for path in paths where !rows.contains(where: { $0.path == path }) {
                missing.append("\(mark) at \(path) has no row")
            }
        }
        let live = Set(present.values.compactMap { instances[$0] })
        for (instance, last) in latest(rows) where (last.type == "CREATE") != live.contains(instance) {
            missing.append("\(instance) is \(live.contains(instance) ? "there" : "gone"), its last row is \(last.type)")
        }
        let marks = Set(present.values)
        for (instance, last) in latest(rows) where last.type == "CREATE" && live.contains(instance) {
            if let mark = last.mark, !marks.contains(mark) {
                missing.append("\(instance) has \(mark) in its last row, which no file holds")
            }
        }
        return missing.sorted()
    }

    /// What the rows should not hold: a row too many, or one of nothing that was ever there.
    func surplus(in rows: [Row]) -> [String] {
        var surplus: [String] = []
        for (mark, found) in Dictionary(grouping: rows.filter { $0.type == "CREATE" }, by: { $0.mark ?? "" }) {
            guard let places = occurrences[mark] else {
                surplus.append("\(mark) was never written")
                continue
            }
            if found.count > places.values.reduce(0, +) {
                surplus.append("\(mark) has \(found.count) rows for \(places)")
            }
            for (path, rows) in Dictionary(grouping: found, by: \.path) where rows.count > places[path] ?? 0 {
                surplus.append("\(mark) at \(path) has \(rows.count) rows for \(places[path] ?? 0) versions")
            }
            for row in found where row.instance != instances[mark] {
                surplus.append("\(mark) is \(instances[mark] ?? ""), its row says \(row.instance)")
            }
        }
        // A deletion follows something that was there: never two in a row.
        var last: [String: String] = [:]
        for row in rows.sorted(by: { $0.updated < $1.updated }) {
            if row.type == "DELETE", last[row.instance] == "DELETE" {
                surplus.append("\(row.instance) is deleted twice")
            }
            last[row.instance] = row.type
        }
        if Set(rows.map(\.updated)).count != rows.count { surplus.append("two rows have the same LastUpdated") }
        return surplus.sorted()
    }

    /// Of each instance the row with the greatest LastUpdated.
    private func latest(_ rows: [Row]) -> [String: Row] {
        var latest: [String: Row] = [:]
        for row in rows where latest[row.instance].map({ $0.updated < row.updated }) ?? true {
            latest[row.instance] = row
        }
        return latest
    }
}
