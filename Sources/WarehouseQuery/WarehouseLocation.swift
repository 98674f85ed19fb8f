import Glibc
import Vocabulary

/// Where the datasets of a warehouse are: `<root>/<project>/<dataset>.db`, but for projects with a directory of their own.
package struct WarehouseLocation: Hashable, Sendable {
    package var root: String
    package var projects: [String: String]

    package init(root: String, projects: [String: String] = [:]) {
        self.root = root
        self.projects = projects
    }

    func directory(of project: String) -> String { projects[project] ?? "\(root)/\(project)" }

    func file(_ project: String, _ dataset: String) -> String { "\(directory(of: project))/\(dataset).db" }

    /// All projects that can be found, in order.
    package func projectNames() throws(QueryError) -> [String] {
        let found = try Self.names(in: root).filter { name in
            TableName.isProject(name) && Self.isDirectory("\(root)/\(name)")
        }
        return Set(found).union(projects.keys).sorted()
    }

    /// All datasets of a project, in order; none if it has no directory yet.
    package func datasets(of project: String) throws(QueryError) -> [String] {
        try Self.names(in: directory(of: project)).compactMap { name in
            name.hasSuffix(".db") && TableRules.isDataset(String(name.dropLast(3))) ? String(name.dropLast(3)) : nil
        }
        .sorted()
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func names(in path: String) throws(QueryError) -> [String] {
        guard let directory = opendir(path) else {
            if errno == ENOENT { return [] }
            throw FileAccess.refusal(path, errno)
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }
}

/// What a file says of those who may read it.
enum FileAccess {
    /// Answers errno of reading a file: 0 where it can be read.
    static func error(_ path: String) -> CInt { access(path, R_OK) == 0 ? 0 : errno }

    /// The error of a file or directory that cannot be read, with the group that could.
    static func refusal(_ path: String, _ code: CInt, at offset: Int? = nil) -> QueryError {
        guard code == EACCES || code == EPERM else {
            return QueryError("Cannot read \(path): \(String(cString: strerror(code)))", at: offset)
        }
        // Of several directories the one that stops is the first whose parent can still be passed.
        var place = path
        while access(parent(of: place), X_OK) != 0, place != "/", place != "." { place = parent(of: place) }
        var status = stat()
        var hint: String?
        if stat(place, &status) == 0 {
            let readable = status.st_mode & S_IRGRP != 0
            hint =
                readable
                ? "Members of the group \(group(status.st_gid)) may read \(place)."
                : "Only the user \(status.st_uid) may read \(place)."
        }
        return QueryError("Permission denied: \(path)", at: offset, hint: hint)
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func group(_ id: gid_t) -> String {
        var entry = Glibc.group()
        var found: UnsafeMutablePointer<Glibc.group>?
        var buffer = [CChar](repeating: 0, count: 1 << 16)
        guard getgrgid_r(id, &entry, &buffer, buffer.count, &found) == 0, found != nil, let name = entry.gr_name else {
            return "\(id)"
        }
        return String(cString: name)
    }
}
