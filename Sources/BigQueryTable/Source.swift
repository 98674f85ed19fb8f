import DICOM

/// The data set that a row is made of, valid for the making of one row.
struct Source {
    private let elements: UnsafeBufferPointer<Element>
    private let bytes: UnsafeRawBufferPointer
    /// Implicit VR big endian: the reader takes private elements for UN, and those for little endian.
    let isImplicitBigEndian: Bool

    /// No data set.
    init() {
        isImplicitBigEndian = false
        elements = UnsafeBufferPointer(start: nil, count: 0)
        bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    }

    init(_ dataSet: borrowing DataSet) {
        elements = dataSet.allElements
        bytes = dataSet.bytes
        isImplicitBigEndian = dataSet.transferSyntax == .implicitBigEndian
    }

    var count: Int { elements.count }

    @inline(__always)
    subscript(index: Int) -> SourceElement {
        let element = elements[index]
        // Stored fields of another module are read in place, but its accessors are calls, which count here.
        let offset = Int(element.storedOffset)
        return SourceElement(
            tag: element.tag.rawValue,
            vr: element.vr.rawValue,
            flags: element.flags.rawValue,
            value: UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset &+ Int(element.storedLength))])
        )
    }

    @inline(__always)
    func tag(at index: Int) -> UInt32 { elements[index].tag.rawValue }

    /// Always behind `index`, so that every walk ends.
    @inline(__always)
    func next(after index: Int) -> Int { max(Int(elements[index].storedNext), index &+ 1) }
}

/// One element, in the form that the hot path needs.
struct SourceElement {
    let tag: UInt32
    /// The letters of the VR, the first in the low byte.
    let vr: UInt16
    private let flags: UInt8
    let value: UnsafeRawBufferPointer

    init(tag: UInt32, vr: UInt16, flags: UInt8, value: UnsafeRawBufferPointer) {
        self.tag = tag
        self.vr = vr
        self.flags = flags
        self.value = value
    }

    // `Element.Flags`, as numbers for the same reason; a test holds them together.
    static let bigEndian: UInt8 = 1
    static let implicit: UInt8 = 2
    static let tooLarge: UInt8 = 4
    static let tooDeep: UInt8 = 8

    /// The reader passed over it.
    @inline(__always)
    var isDropped: Bool { flags & (Self.tooLarge | Self.tooDeep) != 0 }
    @inline(__always)
    var isSequence: Bool { vr == VRCode.sq }
    @inline(__always)
    var isPrivate: Bool { tag & 0x1_0000 != 0 }
    var isPrivateCreator: Bool { isPrivate && (0x10...0xFF).contains(tag & 0xFFFF) }
    var isBigEndian: Bool { flags & Self.bigEndian != 0 }
    var isImplicit: Bool { flags & Self.implicit != 0 }

    /// A private element, but no creator, of which the file does not say what it is.
    @inline(__always)
    var isUnknownPrivate: Bool { vr == VRCode.un && isPrivate && tag & 0xFFFF >= 0x1000 && !isDropped }

    /// The element in a VR that the file does not have.
    func read(as vr: UInt16, isBigEndian: Bool) -> SourceElement {
        let order = isBigEndian ? Self.bigEndian : 0
        return SourceElement(tag: tag, vr: vr, flags: flags & ~Self.bigEndian | order, value: value)
    }

    /// Why the reader passed over it.
    var dropReason: DropReason? {
        guard isDropped else { return nil }
        return flags & Self.tooLarge != 0 ? .tooLarge : .tooDeep
    }
}
