/// Names of Cloud Storage buckets, which stand for directories here.
enum BucketName {
    /// Whether the text is a bucket's name: lower-case letters, digits, `-`, `_` and `.`, with a letter or digit at both ends.
    static func isValid(_ text: String) -> Bool {
        guard (3...222).contains(text.utf8.count), let first = text.utf8.first, let last = text.utf8.last,
            isAlphanumeric(first), isAlphanumeric(last)
        else { return false }
        return text.utf8.allSatisfy { isAlphanumeric($0) || "-_.".utf8.contains($0) }
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
                (1...63).contains($0.utf8.count)
            }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
