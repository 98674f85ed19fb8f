internal import CLinux
internal import Configuration
internal import Glibc

/// Where the directories of the stores are on this host: that two names are one directory by a symbolic link or a mount,
/// a configuration cannot tell by its text.
///
/// Each file of such a directory would be an instance of two stores. What does not exist (yet), or may not be looked at, is
/// compared as far as it can be followed: a store may be on a file system that is not mounted now. Not seen is that a
/// directory within a store is mounted elsewhere, as another store.
struct StorePlaces {
    /// What directories are known by: their names without links, or the directories themselves, which a bind mount shows again.
    private enum Place: Hashable {
        case path([UInt8])
        case directory(device: UInt64, inode: UInt64)
    }

    /// What was found, one error for each store that is or lies in another.
    let errors: [ConfigurationError]

    init(_ configuration: ServiceConfiguration) {
        let ways = configuration.dicomStores.map { Self.way(to: Self.resolve(Array($0.path.utf8))) }
        var first: [Place: Int] = [:]
        for (index, way) in ways.enumerated() {
            for place in way.first ?? [] where first[place] == nil { first[place] = index }
        }
        errors = ways.enumerated().compactMap { index, way in
            for (height, places) in way.enumerated() {
                // Of two stores that are one, the second is reported; a directory may be mounted on one of its own.
                guard let other = places.compactMap({ first[$0] }).min(), other != index else { continue }
                let relation = height == 0 ? "is the directory of" : "lies in"
                return ConfigurationError(
                    key: Self.key(index),
                    reason: "\(relation) \(Self.key(other))\(height == 0 ? " too" : ""), by a symbolic link or a mount"
                )
            }
            return nil
        }
    }

    private static func key(_ index: Int) -> String { "dicomStores[\(index)].path" }

    /// The directory and those that it is in, from itself up to the root.
    private static func way(to path: [UInt8]) -> [[Place]] {
        var way: [[Place]] = []
        var path = path
        while true {
            way.append([.path(path)] + (directory(at: path).map { [$0] } ?? []))
            guard let parent = parent(of: path) else { return way }
            path = parent
        }
    }

    private static func directory(at path: [UInt8]) -> Place? {
        var status = file_status()
        let result = withCString(path) { linux_fstatat(AT_FDCWD, $0, &status, 0) }
        guard result == 0, linux_is_directory(status.mode) != 0 else { return nil }
        return .directory(device: status.device, inode: status.inode)
    }

    /// The path without links, as far as it exists; the rest stays as it is written.
    private static func resolve(_ path: [UInt8]) -> [UInt8] {
        var existing = path
        while existing != [slash] {
            if let resolved = withCString(existing, { realpath($0, nil) }) {
                defer { free(resolved) }
                let bytes = UnsafeBufferPointer(start: resolved, count: strlen(resolved)).map { UInt8(bitPattern: $0) }
                let rest = path[existing.count...]
                return bytes == [slash] && rest.first == slash ? Array(rest) : bytes + rest
            }
            guard let parent = parent(of: existing) else { break }
            existing = parent
        }
        return path
    }

    private static func parent(of path: [UInt8]) -> [UInt8]? {
        guard path != [slash], let end = path.lastIndex(of: slash) else { return nil }
        return end == 0 ? [slash] : Array(path[..<end])
    }

    private static let slash = UInt8(ascii: "/")

    private static func withCString<Result>(_ path: [UInt8], _ body: (UnsafePointer<CChar>) -> Result) -> Result {
        (path.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { buffer in
            // The buffer has at least its NUL, so it has an address.
            buffer.baseAddress.map { body($0) } ?? body("/")
        }
    }
}
