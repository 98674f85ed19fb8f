package import Vocabulary

/// A set of change numbers: a bitmap in pages, so that a million neighbours take 125 KB.
package struct ChangeSet {
    private static let pageBits: Int64 = 1 << 15
    private var pages: [Int64: [UInt64]] = [:]

    package init() {}

    package mutating func insert(_ change: ChangeNumber) {
        let (page, bit) = change.rawValue.quotientAndRemainder(dividingBy: Self.pageBits)
        pages[page, default: Array(repeating: 0, count: Int(Self.pageBits / 64))][Int(bit / 64)] |=
            1 << UInt64(bit % 64)
    }

    package func contains(_ change: ChangeNumber) -> Bool {
        let (page, bit) = change.rawValue.quotientAndRemainder(dividingBy: Self.pageBits)
        guard let words = pages[page] else { return false }
        return words[Int(bit / 64)] & 1 << UInt64(bit % 64) != 0
    }
}
