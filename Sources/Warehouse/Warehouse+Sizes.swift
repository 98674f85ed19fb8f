internal import Glibc
package import Vocabulary

/// How large a dataset's file is, and its log.
package struct DatasetSize: Sendable {
    package var dataset: DatasetReference
    package var bytes: Int64
    package var walBytes: Int64
}

extension Warehouse {
    /// All datasets that there are, by the names of their files; nothing is opened.
    package func sizes() -> [DatasetSize] {
        let own = Self.names(in: root).filter { projects[$0] == nil }
        return (own + projects.keys).sorted().flatMap { sizes(ofProject: $0) }
    }

    private func sizes(ofProject project: String) -> [DatasetSize] {
        let directory = directory(ofProject: project)
        let files = Self.names(in: directory).filter { $0.hasSuffix(".db") }.sorted()
        return files.compactMap { name in
            guard let bytes = Self.size(of: "\(directory)/\(name)") else { return nil }
            return DatasetSize(
                dataset: DatasetReference(project: project, dataset: String(name.dropLast(3))),
                bytes: bytes,
                walBytes: Self.size(of: "\(directory)/\(name)-wal") ?? 0
            )
        }
    }

    /// The size of a file; nil if there is none.
    package static func size(of path: String) -> Int64? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int64(status.st_size)
    }

    private static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }
}
