/// The header of one file, over memory that is kept from file to file: when warm, reading allocates nothing.
///
/// The elements are a flat list in document order, depth first. Not in it: pixel data of the data set itself (see
/// `pixelData`), delimiters, and the contents of what was passed over.
package struct DataSet: ~Copyable {
    package let limits: ReadLimits
    var window: ByteWindow
    var elements = KeptMemory<Element>()
    var frames: [Frame] = []
    var context = ReadContext(end: 0, isImplicit: false, isBigEndian: false)
    /// Position and index of the last element of the data set itself that was begun.
    var topAt = 0
    var topCount = 0
    /// Where reading stopped in memory.
    var contentEnd = 0
    /// What was read before.
    var former = FormerDataSet()
    /// Elements of file meta information, and where what follows them begins.
    var metaCount = 0
    var dataSetStart = 0
    /// Up to where memory is as the file is, nothing passed over.
    var plainEnd = 0

    /// The number of elements, items included.
    package internal(set) var count = 0
    /// How the data set is encoded, as found, not as declared. File meta is always explicit VR little endian.
    package internal(set) var transferSyntax = TransferSyntax.explicitLittleEndian
    /// The first pixel data of the data set itself.
    package internal(set) var pixelData: PixelData?
    /// Elements with a `dropReason`.
    package internal(set) var dropCount = 0
    /// File offset of bytes behind the data set that are no elements, such as padding.
    package internal(set) var trailingOffset: Int64?

    /// Where the file breaks the rules: what was passed over, in the order in which it was met. Empty for nearly all.
    package internal(set) var damages: [Damage] = []
    /// The file grows no more: a header that is cut short is read as far as it goes.
    var isComplete = false
    /// Of the attempt to read it that is under way.
    var recovery = Recovery()
    /// Of the last attempt that was looked at as a whole.
    var appearance = Appearance()

    /// Which data set of the process it is; 0 if there is none.
    package internal(set) var serial: UInt64 = 0
    /// What it repeats of the one that was read before, in order.
    package internal(set) var repeats: [Repeat] = []
    /// Which data set that was.
    package var formerSerial: UInt64 { former.serial }

    /// Makes room once; the memory grows with the largest header, and shrinks again.
    package init(limits: ReadLimits = ReadLimits()) {
        self.limits = limits
        window = ByteWindow(limit: limits.headerBytes)
    }

    /// The element at an index below `count`.
    package subscript(index: Int) -> Element {
        precondition(index >= 0 && index < count, "no such element")
        return elements.start[index]
    }

    /// The list itself, for who walks all of it. Valid until the next read.
    package var allElements: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: elements.start, count: count) }

    /// What was read and kept: the offsets of elements point into it. Valid until the next read.
    package var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: window.base, count: contentEnd)
    }

    /// The bytes of a value. Valid until the next read.
    package func value(of element: Element) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: window.base + element.offset, count: element.length)
    }

    /// The last element with this tag in `start ..< end`, siblings only; nil for the whole data set's top level.
    ///
    /// Of a tag that stands twice the last counts.
    package func element(_ tag: ElementTag, in range: Range<Int>? = nil) -> Element? {
        let range = range ?? 0..<count
        precondition(range.upperBound <= count, "no such elements")
        var found: Element?
        var index = range.lowerBound
        while index < range.upperBound {
            let element = elements.start[index]
            if element.tag == tag { found = element }
            index = element.next
        }
        return found
    }

    package var isBigEndian: Bool { transferSyntax.isBigEndian }

    /// File offset of pixel data of which the file has only a part; nil if they are complete or absent.
    package var pixelDataIsShort: Int64? {
        pixelData.flatMap { $0.isShort ? $0.offset : nil }
    }

    /// The elements that were passed over, in document order, then pixel data that are short.
    package var drops: [Drop] {
        var drops: [Drop] = []
        if dropCount > 0 {
            for index in 0..<count {
                let element = elements.start[index]
                guard let reason = element.dropReason else { continue }
                drops.append(Drop(tag: element.tag, reason: reason, index: index))
            }
        }
        if let pixelData, pixelData.isShort {
            drops.append(Drop(tag: pixelData.tag, reason: .truncated, index: nil))
        }
        return drops
    }

    /// A keyed 128-bit digest of all that was read but pixel data; of what was passed over, place and length count.
    package func digest(key: (UInt64, UInt64)) -> (UInt64, UInt64) {
        var hash = SipHash<1, 3>(key: key)
        hash.absorb(bytes)
        let gaps = window.gaps.digest()
        hash.absorb(gaps.0)
        hash.absorb(gaps.1)
        hash.absorb(UInt64(truncatingIfNeeded: contentEnd) << 1 | (pixelDataIsShort == nil ? 0 : 1))
        return hash.digest()
    }
}

/// Pixel data of the data set itself, which are passed over.
package struct PixelData: Hashable, Sendable {
    package let tag: ElementTag
    package let vr: VR
    /// File offset of the element.
    package let offset: Int64
    /// Length of the value as the file says it; nil if undefined (encapsulated).
    package let length: Int64?
    /// The file ends before the pixel data do.
    package internal(set) var isShort: Bool
}

/// A sequence or item that is being read.
struct Frame {
    /// Its index in the list.
    let index: Int
    /// Position behind it, or behind the innermost enclosing frame of defined length; `Int.max` if there is none.
    var end: Int
    /// A delimiter ends it, or the end of what encloses it.
    let isUndefined: Bool
    let isSequence: Bool
    var isImplicit: Bool
    let isBigEndian: Bool
    /// A `UN` of defined length that is read as a sequence because the dictionary says so; if that fails, it is bytes.
    let isTentative: Bool
    /// Open sequences, this one included.
    let depth: Int
}
