import Synchronization

/// Elements that stand in a data set, byte for byte, as they stood in the one read before. All are of the data set itself, with
/// all that is in them.
package struct Repeat: Sendable, BitwiseCopyable {
    /// Their indices.
    package let start: Int
    package let count: Int
    /// The index that the first had in the former data set.
    package let formerStart: Int
    /// The tag of the last one of the data set itself.
    let lastTag: UInt32
}

extension DataSet {
    /// Data sets are numbered over the whole process, so that nobody takes one for another.
    private static let lastSerial = Atomic<UInt64>(0)

    static func nextSerial() -> UInt64 {
        lastSerial.add(1, ordering: .relaxed).newValue
    }

    /// Makes the data set that was read last the former one, unless there is none or it is of no use as such.
    mutating func keepAsFormer() {
        defer { serial = 0 }
        guard serial != 0, dropCount == 0, damages.isEmpty, appearance.isPlain, !transferSyntax.isDeflated, count > 0,
            window.exchange(&former.bytes)
        else {
            return
        }
        swap(&elements, &former.elements)
        former.count = count
        former.metaCount = metaCount
        former.start = dataSetStart
        former.end = plainEnd
        former.transferSyntax = transferSyntax
        former.serial = serial
        former.foundUIDs = appearance.foundUIDs
    }

    /// Before the first element behind file meta information.
    mutating func beginRepeating(at: Int) {
        metaCount = count
        dataSetStart = at
        plainEnd = Int.max
        repeats.removeAll(keepingCapacity: true)
        former.index = former.metaCount
        former.at = former.start
        former.misses = former.count > 0 && former.transferSyntax == transferSyntax ? 0 : FormerDataSet.mostMisses
    }

    /// Whether it is worth while to look for what stood in the former data set: in the data set itself, before pixel data.
    var isRepeating: Bool { former.misses < FormerDataSet.mostMisses && frames.isEmpty && pixelData == nil }

    /// Takes from the former data set what it has in common with this one, and reads plain elements between; returns the
    /// position of the first that is neither.
    mutating func runRepeating(_ start: Int) -> Int {
        // The element that `step` has read.
        if topCount < count { former.skip(past: elements.start[topCount].tag) }
        var at = start
        while former.misses < FormerDataSet.mostMisses {
            at = takeRepeated(at)
            let known = count
            at = context.isImplicit ? runImplicit(at, most: 1) : runExplicit(at, most: 1)
            if count == known { return at }
            former.skip(past: elements.start[known].tag)
        }
        return context.isImplicit ? runImplicit(at) : runExplicit(at)
    }

    /// Copies elements of the former data set as far as the bytes are the same.
    private mutating func takeRepeated(_ at: Int) -> Int {
        let same = FormerDataSet.commonPrefix(
            window.base + at,
            UnsafeRawPointer(former.bytes.start) + former.at,
            count: min(window.filled &- at, former.end &- former.at)
        )
        var index = former.index
        var end = former.at
        var lastTag = UInt32(0)
        while index < former.count {
            let element = former.elements.start[index]
            let behind = element.offset &+ element.length
            if behind &- former.at > same { break }
            end = behind
            lastTag = element.tag.rawValue
            index = max(element.next, index &+ 1)
        }
        let added = index &- former.index
        guard added > 0, elements.capacity &- count >= added else {
            former.misses &+= 1
            return at
        }
        let source = former.elements.start + former.index
        let target = elements.start + count
        if at == former.at, count == former.index {
            target.update(from: source, count: added)
        } else {
            for number in 0..<added {
                (target + number).initialize(to: source[number].moved(by: at &- former.at, next: count &- former.index))
            }
        }
        repeats.append(Repeat(start: count, count: added, formerStart: former.index, lastTag: lastTag))
        count &+= added
        defer { (former.index, former.at, former.misses) = (index, end, 0) }
        return at &+ end &- former.at
    }
}
