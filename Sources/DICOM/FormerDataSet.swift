import Glibc

/// The data set that was read before. The files of a series say nearly the same, so what stands in the next one byte for byte
/// is taken from here instead of being read again: see ``DataSet/repeats``.
struct FormerDataSet: ~Copyable {
    var bytes = KeptMemory<UInt8>()
    var elements = KeptMemory<Element>()
    /// The number of elements; 0 if nothing is kept.
    var count = 0
    /// Where what may be compared ends: before pixel data, or at the end.
    var end = 0
    var transferSyntax = TransferSyntax.explicitLittleEndian
    /// Which data set it was.
    var serial: UInt64 = 0
    var foundUIDs = 0

    /// The next element of the data set itself that the new one may repeat, and where it begins, its header included.
    var index = 0
    var at = 0
    /// Attempts in a row that found nothing.
    var misses = 0
    /// Index and position behind file meta information, which is always read.
    var metaCount = 0
    var start = 0

    /// Nothing to be gained by comparing on: the data sets are different.
    static let mostMisses = 32

    /// Goes behind the element with this tag, or to where it would stand.
    mutating func skip(past tag: ElementTag) {
        while index < count {
            let element = elements.start[index]
            if element.tag > tag { return }
            at = element.offset &+ element.length
            index = max(element.next, index &+ 1)
            if element.tag == tag { return }
        }
    }

    /// How many of `count` bytes are the same.
    @inline(__always)
    static func commonPrefix(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, count: Int) -> Int {
        var at = 0
        while at &+ 256 <= count, memcmp(left + at, right + at, 256) == 0 { at &+= 256 }
        while at &+ 32 <= count {
            var difference: UInt64 = 0
            for word in 0..<4 { difference |= word64(left, at &+ word &* 8) ^ word64(right, at &+ word &* 8) }
            if difference != 0 { break }
            at &+= 32
        }
        while at &+ 8 <= count {
            let difference = word64(left, at) ^ word64(right, at)
            if difference != 0 { return at &+ difference.trailingZeroBitCount >> 3 }
            at &+= 8
        }
        while at < count,
            left.load(fromByteOffset: at, as: UInt8.self) == right.load(fromByteOffset: at, as: UInt8.self)
        {
            at &+= 1
        }
        return at
    }

    @inline(__always)
    private static func word64(_ base: UnsafeRawPointer, _ at: Int) -> UInt64 {
        UInt64(littleEndian: base.loadUnaligned(fromByteOffset: at, as: UInt64.self))
    }
}
