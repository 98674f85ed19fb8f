package import Glibc

/// The file operations of the tests, each as the one system call that the tests are about.
package enum Files {
    package static func reason() -> String {
        String(cString: strerror(errno))
    }

    package static func check(_ result: Int32, _ what: String) throws {
        guard result == 0 else { throw TestFailure("\(what): \(reason())") }
    }

    package static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    package static func status(_ path: String) throws -> stat {
        var status = stat()
        try check(stat(path, &status), "stat \(path)")
        return status
    }

    package static func makeDirectory(_ path: String) throws {
        try check(mkdir(path, 0o755), "mkdir \(path)")
    }

    package static func makeDirectories(_ path: String) throws {
        guard !exists(path) else { return }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try makeDirectories(String(path[..<slash])) }
        try makeDirectory(path)
    }

    /// Opens, writes in two parts with `between` in between, closes.
    package static func write(
        _ bytes: [UInt8],
        to path: String,
        split: Int? = nil,
        between: () throws -> Void = {}
    ) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw TestFailure("open \(path): \(reason())") }
        defer { close(file) }
        let split = split ?? bytes.count
        try append(bytes[..<split], to: file)
        try between()
        try append(bytes[split...], to: file)
    }

    package static func append(_ bytes: ArraySlice<UInt8>, to file: Int32) throws {
        var rest = bytes
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard written > 0 else { throw TestFailure("write: \(reason())") }
            rest = rest.dropFirst(written)
        }
    }

    /// Writes under a name that is ignored and renames: what DCMTK's storescp and most senders do.
    package static func writeAndRename(_ bytes: [UInt8], to path: String) throws {
        try write(bytes, to: path + ".part")
        try rename(path + ".part", to: path)
    }

    package static func rename(_ old: String, to new: String) throws {
        try check(Glibc.rename(old, new), "rename \(old)")
    }

    package static func remove(_ path: String) throws {
        try check(unlink(path), "unlink \(path)")
    }

    package static func hardLink(_ old: String, to new: String) throws {
        try check(link(old, new), "link \(old)")
    }

    package static func symbolicLink(to target: String, at path: String) throws {
        try check(symlink(target, path), "symlink \(path)")
    }

    package static func read(_ path: String) throws -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw TestFailure("open \(path): \(reason())") }
        defer { close(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = part.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
            guard count >= 0 else { throw TestFailure("read \(path): \(reason())") }
            guard count > 0 else { return bytes }
            bytes += part[..<count]
        }
    }

    package static func copy(_ old: String, to new: String) throws {
        try write(try read(old), to: new)
    }

    package static func names(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// All regular files below a directory, relative to it.
    package static func tree(_ root: String, below prefix: String = "") -> [String] {
        names(in: prefix.isEmpty ? root : "\(root)/\(prefix)").flatMap { name -> [String] in
            let relative = prefix.isEmpty ? name : "\(prefix)/\(name)"
            var status = stat()
            guard lstat("\(root)/\(relative)", &status) == 0 else { return [] }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: return tree(root, below: relative)
            case S_IFREG: return [relative]
            default: return []
            }
        }
    }

    package static func removeTree(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            unlink(path)
            return
        }
        for name in names(in: path) { removeTree("\(path)/\(name)") }
        rmdir(path)
    }
}

extension Files {
    /// `O_TMPFILE`, which Glibc's module does not show.
    package static let unnamedTemporary: Int32 = 0o20_000_000 | O_DIRECTORY

    package static func number(_ path: String) throws -> Int {
        let text = String(decoding: try read(path), as: UTF8.self)
        guard let value = Int(text.prefix { $0.isNumber }) else { throw TestFailure("no number in \(path)") }
        return value
    }

    package static func inode(_ path: String) throws -> UInt64 {
        var status = stat()
        try check(lstat(path, &status), "stat \(path)")
        return UInt64(status.st_ino)
    }
}
