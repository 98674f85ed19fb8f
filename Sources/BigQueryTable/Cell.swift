/// One value of a row. Text lies in the arena of its batch; a column without a cell is NULL.
package struct Cell: BitwiseCopyable, Sendable {
    package enum Kind: UInt8, BitwiseCopyable, Sendable { case text, integer, real }

    /// The value of an integer, the pattern of a real, or where text begins in the arena.
    package let bits: UInt64
    /// Bytes of text.
    package let length: Int
    package let column: ColumnID
    package let kind: Kind

    static func text(_ column: ColumnID, _ range: Range<Int>) -> Self {
        Self(bits: UInt64(range.lowerBound), length: range.count, column: column, kind: .text)
    }

    /// The same cell over an arena in which its text lies elsewhere.
    @inline(__always)
    func moved(by distance: Int) -> Self {
        let moved = kind == .text ? UInt64(bitPattern: Int64(bits) &+ Int64(distance)) : bits
        return Self(bits: moved, length: length, column: column, kind: kind)
    }

    static func integer(_ column: ColumnID, _ value: Int64) -> Self {
        Self(bits: UInt64(bitPattern: value), length: 0, column: column, kind: .integer)
    }

    static func real(_ column: ColumnID, _ value: Double) -> Self {
        Self(bits: value.bitPattern, length: 0, column: column, kind: .real)
    }

    /// Where text begins in the arena.
    package var offset: Int { Int(truncatingIfNeeded: bits) }
    package var integer: Int64 { Int64(bitPattern: bits) }
    package var real: Double { Double(bitPattern: bits) }
}
