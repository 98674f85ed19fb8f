import Glibc

/// The private dictionary's table in a form that is searched: creators ascend, and so do the keys of each.
struct PrivateDictionaryIndex: Sendable {
    /// A creator's name, where it stands in the table, and its elements.
    private struct Entry: Sendable {
        let name: Range<Int>
        var elements: Range<Int>
    }

    private let text: StaticString
    private var creators: [Entry] = []
    /// Group, block and low byte; block 00 is any, and so is 00 as the low byte of a group, which no private group has.
    private var keys: [UInt32] = []
    private var facts: [PrivateDictionary.Fact] = []

    var count: Int { keys.count }

    /// Reads the table, which `packaging/generate-private-dictionary` describes. What is not of its form is left out.
    init(_ table: StaticString) {
        text = table
        let bytes = UnsafeRawBufferPointer(start: table.utf8Start, count: table.utf8CodeUnitCount)
        keys.reserveCapacity(bytes.count / 5)
        facts.reserveCapacity(bytes.count / 5)
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            if bytes[start] != UInt8(ascii: " ") {
                creators.append(Entry(name: start..<end, elements: keys.count..<keys.count))
            } else if let last = creators.indices.last {
                add(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
                creators[last].elements = creators[last].elements.lowerBound..<keys.count
            }
            start = end + 1
        }
    }

    /// Reads a line of elements.
    private mutating func add(_ line: UnsafeRawBufferPointer) {
        var place: UInt32?
        for word in line.split(separator: UInt8(ascii: " ")) {
            guard let known = place else {
                guard word.count == 6, let digits = Self.number(word) else { return }
                place = digits
                continue
            }
            guard word.count >= 4, let low = Self.number(word.prefix(2)) else { continue }
            let letters = word.dropFirst(2)
            let vr = VR(rawValue: UInt16(letters[letters.startIndex]) | UInt16(letters[letters.startIndex + 1]) << 8)
            let multiplicity = vr.isNumeric ? Multiplicity(letters.dropFirst(2)) ?? .one : .any
            keys.append(known << 8 | low)
            facts.append(PrivateDictionary.Fact(vr: vr, multiplicity: multiplicity))
        }
    }

    /// A hexadecimal number in which `x` is 0, as any group or block is.
    private static func number(_ digits: Slice<UnsafeRawBufferPointer>) -> UInt32? {
        var number: UInt32 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt32(digit &- 0x30)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): number = number << 4 | UInt32(digit &- 0x37)
            case UInt8(ascii: "x"): number <<= 4
            default: return nil
            }
        }
        return number
    }

    func creator(named name: UnsafeRawBufferPointer) -> PrivateDictionary.Creator? {
        guard let wanted = name.baseAddress, !name.isEmpty else { return nil }
        var (low, high) = (0, creators.count)
        while low < high {
            let middle = (low &+ high) >> 1
            let other = creators[middle].name
            var order = memcmp(text.utf8Start + other.lowerBound, wanted, min(other.count, name.count))
            if order == 0 { order = CInt(clamping: other.count &- name.count) }
            if order == 0 { return PrivateDictionary.Creator(rawValue: Int32(truncatingIfNeeded: middle)) }
            if order < 0 { low = middle &+ 1 } else { high = middle }
        }
        return nil
    }

    /// An entry for the very tag comes before one for any block, and that before one for any group.
    func fact(for tag: UInt32, of creator: PrivateDictionary.Creator) -> PrivateDictionary.Fact? {
        guard creators.indices.contains(Int(creator.rawValue)) else { return nil }
        let range = creators[Int(creator.rawValue)].elements
        let position = position(of: tag, in: range) ?? position(of: tag & 0xFFFF_00FF, in: range)
        return (position ?? self.position(of: tag & 0xFF00_00FF, in: range)).map { facts[$0] }
    }

    private func position(of key: UInt32, in range: Range<Int>) -> Int? {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low &+ high) >> 1
            if keys[middle] < key { low = middle &+ 1 } else { high = middle }
        }
        return low < range.upperBound && keys[low] == key ? low : nil
    }
}
