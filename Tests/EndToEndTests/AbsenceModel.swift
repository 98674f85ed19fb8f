/// What has been done to a store that a service may not see all of, and so which deletions a table may and must hold.
///
/// An instance has disappeared when the last file of it went that the service knew of, wherever that was: only then, and once for
/// each time, there may be a row of Type DELETE.
struct AbsenceModel {
    /// What the service knows of a file.
    enum Knowledge {
        /// A scan that was asked for has been through with the file in reach.
        case sure
        /// It came in a directory that the service watches: it is told before anything that happens later.
        case told
        /// It may have been seen or not.
        case open
    }

    private(set) var files = StoreModel()
    private var knowledge: [String: Knowledge] = [:]
    private var disappearances: [String: Int] = [:]

    var paths: [String] { files.present.keys.sorted() }

    // MARK: What is done

    mutating func write(_ mark: String, instance: String, at path: String, isTold: Bool) {
        let former = files.instance(at: path)
        files.write(mark, instance: instance, at: path)
        if former == instance { return }
        knowledge[path] = isTold ? .told : .open
        if let former { lost(former) }
    }

    mutating func copy(_ path: String, to new: String, isTold: Bool) {
        files.copy(path, to: new)
        knowledge[new] = isTold ? .told : .open
    }

    /// `isTold`: What is known of it at its new place, if that is on another file system.
    mutating func rename(_ path: String, to new: String, isTold: Bool? = nil) {
        files.rename(path, to: new)
        knowledge[new] = knowledge.removeValue(forKey: path)
        if let isTold { knowledge[new] = isTold ? .told : .open }
        if isTold == false, let instance = files.instance(at: new) { lost(instance) }
    }

    mutating func renameDirectory(_ path: String, to new: String) {
        files.renameDirectory(path, to: new)
        for old in knowledge.keys.filter({ $0.hasPrefix(path + "/") }) {
            knowledge[new + old.dropFirst(path.count)] = knowledge.removeValue(forKey: old)
        }
    }

    mutating func remove(_ path: String) {
        let former = files.instance(at: path)
        files.remove(path)
        knowledge[path] = nil
        if let former { lost(former) }
    }

    /// Files are where the service cannot know them to be: they were moved in a directory that may not be searched, or an
    /// administrator has said that they will not come back. If they do, they are new.
    mutating func hide(_ isHidden: (String) -> Bool) {
        let hidden = paths.filter(isHidden)
        for path in hidden {
            knowledge[path] = .open
            files.mayReturn(path)
        }
        for instance in Set(hidden.compactMap { files.instance(at: $0) }) { lost(instance) }
    }

    private mutating func lost(_ instance: String) {
        let isKnown = files.paths(of: instance).contains { knowledge[$0] != .open }
        if !isKnown { disappearances[instance, default: 0] += 1 }
    }

    // MARK: What is known of it

    /// The service no longer surely learns of what came last before anything else.
    mutating func doubt(_ isDoubtful: (String) -> Bool = { _ in true }) {
        let doubtful = knowledge.filter { $0.value == .told && isDoubtful($0.key) }.keys
        for path in doubtful { knowledge[path] = .open }
        // What went before it may have been the last that the service knew of.
        for instance in Set(doubtful.compactMap { files.instance(at: $0) }) { lost(instance) }
    }

    mutating func confirm(_ isInReach: (String) -> Bool = { _ in true }) {
        for path in knowledge.keys where isInReach(path) { knowledge[path] = .sure }
    }

    // MARK: What rows say

    /// Deletions that nothing has justified.
    func falseDeletions(among deletions: [String: Int]) -> [String] {
        deletions.filter { $0.value > disappearances[$0.key, default: 0] }.keys.sorted()
    }

    /// Instances whose last row says that they are there, and of which no file is.
    func undeleted(in rows: [Row]) -> (absent: Int, live: Int) {
        let live = Set(Dictionary(rows.map { ($0.instance, $0.type) }) { $1 }.filter { $0.value == "CREATE" }.keys)
        let there = Set(files.present.keys.compactMap { files.instance(at: $0) })
        return (live.subtracting(there).count, live.count)
    }
}
