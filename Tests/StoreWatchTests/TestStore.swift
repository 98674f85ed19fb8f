import CLinux
import Glibc
import StoreWatch
import TestSupport

/// A real directory that is removed at the end, and the things that writers do in it.
final class TestStore: Sendable {
    let path: String
    private let base: TemporaryDirectory

    init() throws {
        base = try TemporaryDirectory("storewatch")
        path = base / "store"
        try check(Glibc.mkdir(path, 0o755))
    }

    /// A path beside the store, in the same file system.
    func outside(_ name: String) -> String { base / name }
    func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : self.path + "/" + path }

    func write(_ path: String, _ text: String = "content") throws {
        let file = try open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK)
        try file.append(text)
    }

    func open(_ path: String, _ flags: CInt) throws -> OpenFile {
        OpenFile(Descriptor(owning: try check(Glibc.open(absolute(path), flags | O_CLOEXEC, 0o644))))
    }

    func makeDirectory(_ path: String) throws { try check(mkdir(absolute(path), 0o755)) }

    func makeDirectories(_ path: String) throws {
        var made = ""
        for part in path.split(separator: "/") {
            made += made.isEmpty ? String(part) : "/" + part
            guard mkdir(absolute(made), 0o755) == 0 || errno == EEXIST else { throw Errno.current }
        }
    }

    func remove(_ path: String) throws { try check(unlink(absolute(path))) }
    func removeDirectory(_ path: String) throws { try check(rmdir(absolute(path))) }
    func removeTree(_ path: String) throws { try Command.run("/bin/rm", ["-rf", absolute(path)]) }
    func link(_ old: String, _ new: String) throws { try check(Glibc.link(absolute(old), absolute(new))) }
    func symlink(to target: String, _ path: String) throws { try check(Glibc.symlink(target, absolute(path))) }
    func makePipe(_ path: String) throws { try check(mkfifo(absolute(path), 0o644)) }
    func rename(_ old: String, _ new: String) throws { try check(Glibc.rename(absolute(old), absolute(new))) }

    func exchange(_ one: String, _ other: String) throws {
        try check(linux_renameat2(AT_FDCWD, absolute(one), AT_FDCWD, absolute(other), linux_RENAME_EXCHANGE))
    }

    func hasFile(_ path: StorePath) -> Bool {
        var status = stat()
        return lstat(absolute(path.description), &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// The regular files that are there and not ignored, as `find` sees them.
    func files() -> Set<StorePath> { Set(entries().filter(\.isRegular).map(\.path)) }

    /// The directories that are there and not ignored, with the root.
    func directories() -> Set<StorePath> { Set(entries().filter { !$0.isRegular }.map(\.path)).union([.root]) }

    private func entries() -> [(path: StorePath, isRegular: Bool)] {
        let ignore = IgnorePatterns(WatchOptions().ignore)
        var found: [(StorePath, Bool)] = []
        var pending = [""]
        while let directory = pending.popLast() {
            guard let stream = opendir(absolute(directory)) else { continue }
            defer { closedir(stream) }
            while let entry = readdir(stream) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name == "." || name == ".." { continue }
                let path = directory.isEmpty ? name : directory + "/" + name
                var status = stat()
                guard lstat(absolute(path), &status) == 0, !ignore.ignores(StorePath(path)) else { continue }
                if status.st_mode & S_IFMT == S_IFDIR { pending.append(path) }
                let isRegular = status.st_mode & S_IFMT == S_IFREG
                if isRegular || status.st_mode & S_IFMT == S_IFDIR { found.append((StorePath(path), isRegular)) }
            }
        }
        return found
    }
}

/// A file that a writer has open.
final class OpenFile {
    private var file: Descriptor?

    init(_ file: consuming Descriptor) { self.file = consume file }

    var descriptor: CInt {
        switch file {
        case .some(let open): open.rawValue
        case .none: -1
        }
    }

    func append(_ text: String) throws { try check(Glibc.write(descriptor, text, text.utf8.count)) }
    func close() { file = nil }
}

@discardableResult
func check<Result: SignedInteger>(_ result: Result) throws(Errno) -> Result {
    guard result >= 0 else { throw .current }
    return result
}

extension StorePath: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) { self.init(text) }
}
