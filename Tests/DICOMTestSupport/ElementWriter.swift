import DICOM

/// Writes a tree of elements in one encoding.
struct ElementWriter {
    let isImplicit: Bool
    let isBigEndian: Bool
    var bytes: [UInt8] = []

    init(isImplicit: Bool, isBigEndian: Bool) {
        self.isImplicit = isImplicit
        self.isBigEndian = isBigEndian
    }

    mutating func write(_ builder: DICOMBuilder) {
        for node in builder.nodes {
            switch node {
            case .raw(let raw): bytes += raw
            case .element(let tag, let vr, .bytes(let value)):
                header(tag, vr, value.count)
                bytes += value
            case .element(let tag, let vr, .numbers(let values, let size)):
                header(tag, vr, values.count * size)
                // UN is little endian everywhere.
                for value in values { number(value, size, isBig: isBigEndian && vr != .UN) }
            case .fragments(let tag, let vr, let fragments):
                header(tag, vr, 0xFFFF_FFFF)
                for fragment in fragments {
                    delimiter(0xFFFE_E000, fragment.count)
                    bytes += fragment
                }
                delimiter(0xFFFE_E0DD, 0)
            case .sequence(let tag, let vr, let items, let length):
                var content =
                    vr == .UN
                    ? ElementWriter(isImplicit: true, isBigEndian: false)
                    : ElementWriter(isImplicit: isImplicit, isBigEndian: isBigEndian)
                for item in items { content.item(item, length) }
                if length == .undefined { content.delimiter(0xFFFE_E0DD, 0) }
                header(tag, vr, length == .undefined ? 0xFFFF_FFFF : content.bytes.count)
                bytes += content.bytes
            }
        }
    }

    private mutating func item(_ item: DICOMBuilder, _ length: DICOMBuilder.Length) {
        var content = ElementWriter(isImplicit: isImplicit, isBigEndian: isBigEndian)
        content.write(item)
        delimiter(0xFFFE_E000, length == .undefined ? 0xFFFF_FFFF : content.bytes.count)
        bytes += content.bytes
        if length == .undefined { delimiter(0xFFFE_E00D, 0) }
    }

    private mutating func delimiter(_ tag: UInt32, _ length: Int) {
        number(UInt64(tag >> 16), 2, isBig: isBigEndian)
        number(UInt64(tag & 0xFFFF), 2, isBig: isBigEndian)
        number(UInt64(length), 4, isBig: isBigEndian)
    }

    private mutating func header(_ tag: UInt32, _ vr: VR, _ length: Int) {
        number(UInt64(tag >> 16), 2, isBig: isBigEndian)
        number(UInt64(tag & 0xFFFF), 2, isBig: isBigEndian)
        if isImplicit {
            number(UInt64(length), 4, isBig: isBigEndian)
            return
        }
        bytes += [UInt8(vr.rawValue & 0xFF), UInt8(vr.rawValue >> 8)]
        switch vr {
        case .AE, .AS, .AT, .CS, .DA, .DS, .DT, .FD, .FL, .IS, .LO, .LT, .PN, .SH, .SL, .SS, .ST, .TM, .UI, .UL, .US:
            number(UInt64(length), 2, isBig: isBigEndian)
        default:
            bytes += [0, 0]
            number(UInt64(length), 4, isBig: isBigEndian)
        }
    }

    private mutating func number(_ value: UInt64, _ size: Int, isBig: Bool) {
        for index in 0..<size {
            let shift = UInt64(isBig ? size - 1 - index : index) * 8
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
