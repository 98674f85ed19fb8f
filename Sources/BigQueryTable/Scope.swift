import DICOM

/// What a data set or item says of the values in it, and in the items nested in it unless they say otherwise.
struct Scope {
    var characterSet: CharacterSet
    /// TimezoneOffsetFromUTC, minutes.
    var timezoneOffset = 0
    /// PixelRepresentation: `US or SS` is SS.
    var hasSignedPixels = false
}

/// The elements of one data set or item in order of their tags, each tag once.
struct Level {
    /// Of the data set if it is in order, which nearly all are; else of ``RowBuilder/order``.
    let range: Range<Int>
    let isInOrder: Bool
    /// Whether there are elements of groups 50xx or 60xx.
    let hasRepeatingGroups: Bool
    /// Where ``RowBuilder/order`` ends without this level.
    let orderStart: Int
    /// Where the entries of ``RowBuilder/others`` of the level around this one begin.
    let outerOthersStart: Int
    /// The blocks of private elements of the level around this one.
    let outerBlocks: PrivateBlocks.Level
}

/// A walk over a level.
struct LevelCursor {
    private var position: Int
    private let end: Int
    private let isInOrder: Bool

    init(_ level: Level) { self.init(level.range, isInOrder: level.isInOrder) }

    /// As above, of what ``Level`` says of a level.
    init(_ range: Range<Int>, isInOrder: Bool) {
        position = range.lowerBound
        end = range.upperBound
        self.isInOrder = isInOrder
    }

    /// Passes over what lies before an index; the level is in order.
    mutating func skip(to index: Int) { position = index }

    /// The index of the next element in the data set.
    @inline(__always)
    mutating func next(_ source: Source, _ order: borrowing FlatBuffer<UInt32>) -> Int? {
        guard position < end else { return nil }
        if isInOrder {
            let index = position
            position = source.next(after: index)
            return index
        }
        position &+= 1
        return Int(order[position &- 1])
    }
}
