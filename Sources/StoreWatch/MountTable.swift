import Glibc

/// Watches the kernel's table of mounts: poll(2) says when it changes, without a timer.
final class MountTable {
    private let file: Descriptor

    init() throws(Errno) {
        file = try Descriptor(result: Glibc.open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC))
    }

    /// Has POLLPRI and POLLERR after each change, once.
    var descriptor: CInt { file.rawValue }

    /// What is mounted at or below `directory` now: mount id, device and place of each.
    func mounts(below directory: String) -> Set<String> {
        guard let resolved = realpath(directory, nil) else { return [] }
        defer { free(resolved) }
        return Self.mounts(in: contents(), below: String(cString: resolved))
    }

    /// Picks the lines of `/proc/PID/mountinfo` whose mount point (fifth field) is `directory` or below it.
    static func mounts(in table: String, below directory: String) -> Set<String> {
        let place = escaped(directory)
        let prefix = place.hasSuffix("/") ? place : place + "/"
        var found: Set<String> = []
        for line in table.split(separator: "\n") {
            let fields = line.split(separator: " ", maxSplits: 5)
            guard fields.count > 4, fields[4] == place || fields[4].hasPrefix(prefix) else { continue }
            found.insert("\(fields[0]) \(fields[2]) \(fields[4])")
        }
        return found
    }

    /// Writes a path as the kernel does there: these four are octal.
    static func escaped(_ path: String) -> String {
        var result = ""
        for character in path.unicodeScalars {
            switch character {
            case " ": result += "\\040"
            case "\t": result += "\\011"
            case "\n": result += "\\012"
            case "\\": result += "\\134"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    private func contents() -> String {
        var bytes: [UInt8] = []
        guard lseek(file.rawValue, 0, SEEK_SET) == 0 else { return "" }
        while true {
            let count = withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 1) { buffer in
                let count = read(file.rawValue, buffer.baseAddress, buffer.count)
                if count > 0 { bytes.append(contentsOf: buffer[..<count]) }
                return count
            }
            if count == 0 || (count < 0 && errno != EINTR) { return String(decoding: bytes, as: UTF8.self) }
        }
    }
}
