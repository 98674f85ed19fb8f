import Glibc
import TestSupport

/// Does to a store with disks below it, one step after the other, what gateways, people and machines do.
final class AbsencePlayer {
    let daemon: Daemon
    let disks: StoreDisks
    private(set) var model = AbsenceModel()
    private(set) var history: [String] = []
    private(set) var isRunning = false
    /// A directory in which a disk is mounted was renamed. What was deleted from it at the same time is out of reach for good.
    var hasMovedDisks = false
    private var random: SeededGenerator
    private let wrapper: [String]
    private let hasRights: Bool
    private var number = 0
    private var directories: [String] = []
    /// What cannot be read at present.
    private var closed: Set<String> = []
    /// The disks, and the store's own file system, of which the service has a watch on every directory.
    private var watched: Set<Int> = []
    private static let own = -1

    init(_ daemon: Daemon, _ namespace: MountNamespace, random: SeededGenerator) throws {
        self.daemon = daemon
        self.random = random
        // Who is not root cannot get at what it has closed either.
        hasRights = geteuid() == 0 && ChildProcess.exists("setpriv")
        wrapper = namespace.enter + (hasRights ? Daemon.withoutOverride : [])
        disks = try StoreDisks(namespace, store: daemon.store)
        for parent in [""] + disks.disks.map({ $0.point + "/" }) {
            for name in ["p", "q", "r"] { try makeDirectory(parent + name) }
        }
        directories.append("rack")
        for _ in 0..<140 { try arrive() }
    }

    // MARK: The service

    func start(waits: Bool = true) throws {
        if !isRunning { try daemon.launch(wrapper: wrapper) }
        isRunning = true
        if waits { try daemon.waitUntilReady() }
    }

    private func end(byKill isKilled: Bool) throws {
        guard isRunning else { return }
        if isKilled {
            try daemon.kill()
        } else {
            try daemon.waitUntilReady()
            try daemon.stop()
        }
        isRunning = false
        watched = []
        model.doubt()
    }

    // MARK: States

    /// Everything is mounted and may be read, and the service runs.
    func bringToRest() throws {
        note("rest")
        try disks.mountAll()
        for path in closed.sorted() { try setRights(path, isClosed: false) }
        try start()
    }

    /// A scan has been through that was asked for after the last step.
    func confirm() {
        model.confirm { self.isInReach($0) }
        watched = Set([Self.own] + disks.disks.indices.filter { disks.isInReach($0) })
    }

    func giveUpWhatIsAway() {
        note("what is away is given up")
        model.hide { path in
            !disks.isInReach(path) && !closed.contains { path.hasPrefix($0 + "/") && disks.disk(of: $0) == nil }
        }
    }

    private func isInReach(_ path: String) -> Bool {
        disks.isInReach(path) && !closed.contains { path == $0 || path.hasPrefix($0 + "/") }
    }

    /// Whether the kernel tells the service of what happens at a path.
    private func isTold(_ path: String) -> Bool {
        isRunning && watched.contains(disks.disk(of: path) ?? Self.own) && isInReach(path)
    }

    // MARK: Steps

    func step() throws {
        number += 1
        let isFull = model.paths.count > 190
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<14: if isFull { try removeAny() } else { try arrive() }
        case 14..<22: try overwrite()
        case 22..<30: try resend()
        case 30..<36: if isFull { try removeAny() } else { try copy() }
        case 36..<48: try removeAny()
        case 48..<55: try renameAny()
        case 55..<59: try renameDirectory()
        case 59..<62: try moveDirectory()
        case 62..<66: try removeDirectory()
        case 66..<70: if model.paths.count < 150 { for _ in 0..<20 { try arrive() } }
        case 70..<83: try changeMounts()
        case 83..<90: try changeRights()
        case 90..<96: try changeService()
        default:
            // The instant of what comes next is what is random here.
            usleep(UInt32.random(in: 0..<100_000, using: &random))
        }
    }

    private func note(_ event: String) {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        history.append("\(number) \(now.tv_sec % 60).\(now.tv_nsec / 1000 + 1_000_000) \(event)")
    }

    private func anyFile() -> String? { model.paths.randomElement(using: &random) }

    private func anyDirectory() -> String { directories.randomElement(using: &random) ?? "" }

    private func freePath() -> String {
        number += 1
        return "\(anyDirectory())/f\(number)"
    }

    private func version(of instance: String) -> InstanceFile {
        number += 1
        var file = InstanceFile(instance, mark: "v\(number)")
        file.pixels = 2 * Int.random(in: 100..<600, using: &random)
        return file
    }

    private func anyInstance() -> String { "1.2.3.\(Int.random(in: 0..<250, using: &random))" }

    private func write(_ file: InstanceFile, to path: String) throws {
        note("write \(file.instance) \(file.mark) to \(path)")
        if Bool.random(using: &random) {
            try Files.write(file.bytes, to: disks.place(path))
        } else {
            try Files.writeAndRename(file.bytes, to: disks.place(path))
            closed.remove(path)
        }
        model.write(file.mark, instance: file.instance, at: path, isTold: isTold(path))
    }

    private func arrive() throws { try write(version(of: anyInstance()), to: freePath()) }

    private func overwrite() throws {
        guard let path = anyFile(), let instance = model.files.instance(at: path) else { return }
        let isOther = Int.random(in: 0..<5, using: &random) == 0
        try write(version(of: isOther ? anyInstance() : instance), to: path)
    }

    private func resend() throws {
        guard let path = anyFile(), let instance = model.files.instance(at: path) else { return }
        try write(version(of: instance), to: freePath())
        try remove(path)
    }

    private func copy() throws {
        guard let path = anyFile() else { return }
        try copy(path, to: freePath())
    }

    private func copy(_ path: String, to new: String) throws {
        note("copy \(path) to \(new)")
        try Files.copy(disks.place(path), to: disks.place(new))
        model.copy(path, to: new, isTold: isTold(new))
    }

    private func removeAny() throws { if let path = anyFile() { try remove(path) } }

    private func remove(_ path: String) throws {
        note("remove \(path)")
        try Files.remove(disks.place(path))
        closed.remove(path)
        model.remove(path)
    }

    private func renameAny() throws {
        guard let path = anyFile() else { return }
        let new = freePath()
        // Between file systems a move is a copy.
        guard (try? Files.rename(disks.place(path), to: disks.place(new))) != nil else {
            try copy(path, to: new)
            return try remove(path)
        }
        note("rename \(path) to \(new)")
        if closed.remove(path) != nil { closed.insert(new) }
        let isElsewhere = disks.disk(of: path) != disks.disk(of: new)
        model.rename(path, to: new, isTold: isElsewhere ? isTold(new) : nil)
        if !isTold(new) { model.doubt { $0 == new } }
        // Out of the store, as far as the service can see.
        let isHidden = closed.contains { new.hasPrefix($0 + "/") } || isElsewhere && !disks.isInReach(new)
        model.hide { $0 == new && isHidden }
    }

    // MARK: Directories

    private func makeDirectory(_ path: String) throws {
        note("make \(path)")
        try Files.makeDirectory(disks.place(path))
        directories.append(path)
    }

    private func renameDirectory() throws {
        let old = anyDirectory()
        let parent = old.split(separator: "/").dropLast().joined(separator: "/")
        let new = (parent.isEmpty ? "" : parent + "/") + "d\(number)"
        note("rename directory \(old) to \(new)")
        try Files.rename(disks.place(old), to: disks.place(new))
        func moved(_ path: String) -> String {
            path == old || path.hasPrefix(old + "/") ? new + path.dropFirst(old.count) : path
        }
        model.renameDirectory(old, to: new)
        if disks.renamed(old, to: new) { hasMovedDisks = true }
        directories = directories.map(moved)
        closed = Set(closed.map(moved))
        model.doubt { $0.hasPrefix(new + "/") }
        model.hide { path in path.hasPrefix(new + "/") && closed.contains { path.hasPrefix($0 + "/") } }
    }

    /// Directories that can be removed: nothing is mounted in them.
    private func anyPlainDirectory() -> String? {
        directories.filter { path in !disks.disks.contains { $0.point.hasPrefix(path + "/") } }
            .randomElement(using: &random)
    }

    private func moveDirectory() throws {
        guard let old = anyPlainDirectory() else { return }
        let parent = ([""] + disks.disks.map { $0.point + "/" }).randomElement(using: &random) ?? ""
        let new = "\(parent)m\(number)"
        try makeDirectory(new)
        for path in model.paths where path.hasPrefix(old + "/") {
            try copy(path, to: "\(new)/\(path.dropFirst(old.count + 1))")
        }
        try removeDirectory(old)
    }

    private func removeDirectory() throws {
        guard let path = anyPlainDirectory() else { return }
        try removeDirectory(path)
        // A new one under the same name.
        try makeDirectory(path)
    }

    private func removeDirectory(_ path: String) throws {
        for file in model.paths where file.hasPrefix(path + "/") { try remove(file) }
        note("remove directory \(path)")
        try Files.check(rmdir(disks.place(path)), "rmdir \(path)")
        directories.removeAll { $0 == path }
        closed.remove(path)
    }

    // MARK: What comes and goes

    private func changeMounts() throws {
        let disk = Int.random(in: disks.disks.indices, using: &random)
        let what = Int.random(in: 0..<10, using: &random)
        note("mounts of \(disks.disks[disk].point): \(what)")
        watched.remove(disk)
        model.doubt { disks.disk(of: $0) == disk }
        switch what {
        case 0..<2: try disks.unmount(disk, isLazy: false)
        case 2: try disks.unmount(disk, isLazy: true)
        case 3: try disks.cover(disk)
        case 4..<6:
            for _ in 0..<3 where disks.isInReach(disk) {
                try disks.unmount(disk, isLazy: true)
                try disks.mount(disk)
            }
        default: try disks.mount(disk)
        }
    }

    private func changeRights() throws {
        guard hasRights else { return }
        if let path = closed.sorted().randomElement(using: &random), Bool.random(using: &random) {
            return try setRights(path, isClosed: false)
        }
        let path = Bool.random(using: &random) ? anyFile() : anyDirectory()
        if let path { try setRights(path, isClosed: true) }
    }

    private func setRights(_ path: String, isClosed: Bool) throws {
        note("\(isClosed ? "close" : "open") \(path)")
        let mode: mode_t = isClosed ? 0 : directories.contains(path) ? 0o755 : 0o644
        try Files.check(chmod(disks.place(path), mode), "chmod \(path)")
        if isClosed { closed.insert(path) } else { closed.remove(path) }
        model.doubt { $0 == path || $0.hasPrefix(path + "/") }
        // What is below it has to be watched anew.
        if directories.contains(path) {
            watched.remove(disks.disk(of: path) ?? Self.own)
            for (position, disk) in disks.disks.enumerated() where disk.point.hasPrefix(path + "/") {
                watched.remove(position)
            }
        }
    }

    private func changeService() throws {
        guard isRunning else {
            note("start")
            return try start(waits: Bool.random(using: &random))
        }
        let isKilled = Bool.random(using: &random)
        note(isKilled ? "kill" : "stop")
        try end(byKill: isKilled)
        guard Bool.random(using: &random) else { return }
        note("start")
        try start(waits: Bool.random(using: &random))
    }
}
