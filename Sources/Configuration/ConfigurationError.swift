/// One thing that is wrong with a configuration: where, as its author would write it, and why.
package struct ConfigurationError: Error, Hashable, Sendable {
    /// The path of the key (`dicomStores[1].settle`); nil when the trouble is the file itself.
    package let key: String?
    /// The line in the file, from 1: of the key, or of the table in which it is missing.
    package let line: Int?
    /// The reason, as the end of a sentence that begins with the key.
    package let reason: String

    package init(key: String? = nil, line: Int? = nil, reason: String) {
        self.key = key
        self.line = line
        self.reason = reason
    }
}

extension ConfigurationError: CustomStringConvertible {
    package var description: String {
        [line.map { "line \($0)" }, key, reason].compactMap(\.self).joined(separator: ": ")
    }
}

extension ConfigurationError: Comparable {
    /// Orders by line, then by key as a reader would (`[2]` before `[10]`), then by reason.
    package static func < (left: ConfigurationError, right: ConfigurationError) -> Bool {
        if left.line != right.line { return (left.line ?? 0) < (right.line ?? 0) }
        if left.key != right.key { return natural(left.key ?? "").lexicographicallyPrecedes(natural(right.key ?? "")) }
        return left.reason < right.reason
    }

    /// The bytes of a key path with every index widened to a fixed number of digits.
    private static func natural(_ key: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var digits: [UInt8] = []
        for byte in key.utf8 + [0] {
            if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
                digits.append(byte)
                continue
            }
            if !digits.isEmpty {
                bytes += Array(repeating: UInt8(ascii: "0"), count: max(0, 20 - digits.count)) + digits
                digits.removeAll()
            }
            bytes.append(byte)
        }
        return bytes
    }
}
