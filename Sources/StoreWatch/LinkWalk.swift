internal import CLinux
import Glibc

/// Follows an absolute path part by part, as the kernel does, and stops at each symbolic link before it is followed.
struct LinkWalk: ~Copyable {
    /// Where the walk has stopped.
    struct Stop {
        /// The directory that it is in, which is open until the next step.
        var directory: DirectoryTree.Identity
        /// It is at a link; otherwise the way ends here, before the end of the path. The next step tries once more, so that
        /// what comes between a look and a watch is not missed.
        var isLink: Bool
    }

    /// As many as the kernel follows.
    static let maximumLinks = 40

    /// The names that the walk looked for, by the directory in which it did.
    private(set) var names: [DirectoryTree.Identity: Set<StorePath>] = [:]
    private var current: Descriptor?
    /// The parts to come, the next one last.
    private var rest: [StorePath]
    private var links = 0
    private var isAtLink = false
    private var hasEnded = false

    init(_ path: StorePath) {
        current = try? Self.openRoot()
        rest = Self.parts(path.bytes)
    }

    /// The open directory of the last stop.
    var directory: CInt {
        switch current {
        case .some(let open): open.rawValue
        case .none: -1
        }
    }

    /// Follows the link of the last stop, if it was at one, and goes on to the next; nil at the end.
    mutating func next() -> Stop? {
        do throws(Errno) {
            if isAtLink {
                isAtLink = false
                try follow()
            }
            while let part = rest.last {
                let status = try FileStatus(of: directory)
                let here = DirectoryTree.Identity(device: status.device, inode: status.inode)
                names[here, default: []].insert(part)
                do throws(Errno) {
                    current = try open(part)
                    rest.removeLast()
                } catch {
                    if error.rawValue == ENOTDIR, links < Self.maximumLinks {
                        links += 1
                        isAtLink = read(part) != nil
                        // A file, or what was a link a moment ago: to look again is cheap, and counted.
                        guard isAtLink else { continue }
                    } else {
                        guard !hasEnded else { return nil }
                        hasEnded = true
                    }
                    return Stop(directory: here, isLink: isAtLink)
                }
            }
            return nil
        } catch {
            rest = []
            return nil
        }
    }

    /// Puts what the link says in its place. One that was replaced by something else meanwhile is looked at again.
    private mutating func follow() throws(Errno) {
        guard let part = rest.last, let target = read(part) else { return }
        rest.removeLast()
        if target.first == StorePath.separator { current = try Self.openRoot() }
        rest += Self.parts(target)
    }

    private func open(_ part: StorePath) throws(Errno) -> Descriptor {
        while true {
            // ENOTDIR for a link, too. O_PATH asks for no right but that to search.
            let flags = linux_O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
            let result = part.withCString { Glibc.openat(directory, $0, flags) }
            if result >= 0 { return Descriptor(owning: result) }
            guard errno == EINTR else { throw .current }
        }
    }

    private func read(_ part: StorePath) -> [UInt8]? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
            guard let text = buffer.baseAddress else { return nil }
            let count = part.withCString { readlinkat(directory, $0, text, buffer.count) }
            guard count > 0, count < buffer.count else { return nil }
            return buffer[..<count].map { UInt8(bitPattern: $0) }
        }
    }

    private static func openRoot() throws(Errno) -> Descriptor {
        try Descriptor(result: Glibc.open("/", linux_O_PATH | O_DIRECTORY | O_CLOEXEC))
    }

    /// The parts of a path, the first one last; `..` is one that the kernel knows in every directory.
    private static func parts(_ path: [UInt8]) -> [StorePath] {
        path.split(separator: StorePath.separator).filter { !$0.elementsEqual([UInt8(ascii: ".")]) }.reversed()
            .map { StorePath(bytes: Array($0)) }
    }
}
