import Glibc

/// Decides which names are ignored. The usual patterns (`*.part`, `.*`) cost a comparison, the others an `fnmatch(3)`.
package struct IgnorePatterns: Sendable {
    private enum Pattern: Sendable {
        case exact([UInt8])
        case prefix([UInt8])
        case suffix([UInt8])
        case glob(String)
    }

    private var names: [Pattern] = []
    private var paths: [String] = []

    package init(_ patterns: [String]) {
        for pattern in patterns {
            let parts = pattern.split(separator: "/")
            guard let first = parts.first else { continue }
            // A leading slash anchors a pattern that has no other.
            if parts.count > 1 || pattern.hasPrefix("/") {
                paths.append(parts.joined(separator: "/"))
            } else {
                names.append(Self.name(String(first)))
            }
        }
    }

    private static func name(_ pattern: String) -> Pattern {
        let special: Set<UInt8> = [
            UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "\\"),
        ]
        let bytes = Array(pattern.utf8)
        if special.isDisjoint(with: bytes) { return .exact(bytes) }
        if bytes.first == UInt8(ascii: "*"), special.isDisjoint(with: bytes.dropFirst()) {
            return .suffix(Array(bytes.dropFirst()))
        }
        if bytes.last == UInt8(ascii: "*"), special.isDisjoint(with: bytes.dropLast()) {
            return .prefix(Array(bytes.dropLast()))
        }
        return .glob(pattern)
    }

    /// Whether an entry of a directory that is not ignored itself is ignored.
    func ignores(_ name: UnsafeBufferPointer<UInt8>, in directory: StorePath) -> Bool {
        for pattern in names where Self.matches(pattern, name) { return true }
        guard !paths.isEmpty else { return false }
        return matchesPath(directory.appending(name))
    }

    /// Whether a path is ignored, by its own name or by that of a directory that it is in.
    package func ignores(_ path: StorePath) -> Bool {
        var directory = StorePath.root
        for part in path.bytes.split(separator: StorePath.separator) {
            let ignored = Array(part).withUnsafeBufferPointer { ignores($0, in: directory) }
            if ignored { return true }
            directory = directory.appending(part)
        }
        return false
    }

    private static func matches(_ pattern: Pattern, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
        switch pattern {
        case .exact(let text): return name.elementsEqual(text)
        case .prefix(let text): return name.starts(with: text)
        case .suffix(let text): return name.count >= text.count && name.suffix(text.count).elementsEqual(text)
        case .glob(let text):
            return StorePath(bytes: Array(name)).withCString { fnmatch(text, $0, 0) == 0 }
        }
    }

    private func matchesPath(_ path: StorePath) -> Bool {
        path.withCString { text in
            paths.contains { fnmatch($0, text, FNM_PATHNAME) == 0 }
        }
    }
}
