import Glibc

/// Names a file or directory in a store, relative to its root: parts separated by `/`, any bytes but NUL.
///
/// Linux paths have no encoding, so the bytes are kept as they are and only the description is made into text.
package struct StorePath: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let bytes: [UInt8]

    package init(bytes: [UInt8]) { self.bytes = bytes }
    package init(_ text: String) { self.init(bytes: Array(text.utf8)) }

    /// The store's directory itself.
    package static let root = StorePath(bytes: [])

    /// The most bytes a path may have (PATH_MAX counts the NUL at the end).
    package static let maximumLength = Int(PATH_MAX) - 1

    static let separator = UInt8(ascii: "/")

    package var description: String { String(decoding: bytes, as: UTF8.self) }

    /// The last part: the name within its directory.
    package var name: ArraySlice<UInt8> {
        guard let slash = bytes.lastIndex(of: Self.separator) else { return bytes[...] }
        return bytes[(slash + 1)...]
    }

    /// The directory that it stands in; nil for the root.
    package var parent: StorePath? {
        guard !bytes.isEmpty else { return nil }
        guard let slash = bytes.lastIndex(of: Self.separator) else { return .root }
        return StorePath(bytes: Array(bytes[..<slash]))
    }

    package static func < (left: StorePath, right: StorePath) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    /// All bytes at once: an array would hash them one by one, which shows in a scan of a million files.
    package func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        hasher.combine(bytes.count)
    }

    /// True for everything below `directory`, at any depth, but not for `directory` itself.
    package func isBelow(_ directory: StorePath) -> Bool {
        guard !directory.bytes.isEmpty else { return !bytes.isEmpty }
        return bytes.count > directory.bytes.count && bytes[directory.bytes.count] == Self.separator
            && bytes.starts(with: directory.bytes)
    }

    /// The path of an entry of this directory.
    package func appending(_ name: some Collection<UInt8>) -> StorePath {
        guard !bytes.isEmpty else { return StorePath(bytes: Array(name)) }
        var joined = [UInt8]()
        joined.reserveCapacity(bytes.count + 1 + name.count)
        joined.append(contentsOf: bytes)
        joined.append(Self.separator)
        joined.append(contentsOf: name)
        return StorePath(bytes: joined)
    }

    /// Calls `body` with the path as the kernel takes it; the root is `.`.
    func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        guard !bytes.isEmpty else { return body(".") }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { buffer in
            for (index, byte) in bytes.enumerated() { buffer[index] = CChar(bitPattern: byte) }
            buffer[bytes.count] = 0
            return buffer.withMemoryRebound(to: CChar.self) { text in
                // The buffer has at least one element, so it has an address.
                text.baseAddress.map { body($0) } ?? body(".")
            }
        }
    }
}
