/// The numbers of a binary value.
struct Numbers {
    let count: Int
    private let bytes: UnsafeRawBufferPointer
    private let form: ValueForm
    private let isBigEndian: Bool
    /// The first and third of three are unsigned, whatever their VR: a LUT descriptor (PS3.3 C.11.1.1).
    private let isDescriptor: Bool

    /// Nil if the length is no multiple of the width.
    @inline(__always)
    init?(_ bytes: UnsafeRawBufferPointer, form: ValueForm, isBigEndian: Bool, isDescriptor: Bool = false) {
        self.isDescriptor = isDescriptor
        // Widths are powers of two: a mask and a shift instead of a division for each element.
        let width = Int(form.width)
        guard bytes.count & (width &- 1) == 0 else { return nil }
        count = bytes.count >> width.trailingZeroBitCount
        self.bytes = bytes
        self.form = form
        self.isBigEndian = isBigEndian
    }

    var isReal: Bool { form.content == .real }

    /// A whole number; nil above 2^63-1. A tag is group times 65536 plus element.
    @inline(__always)
    func integer(at index: Int) -> Int64? {
        switch (form.content, form.width) {
        case (.unsigned, 2): Int64(load(UInt16.self, index))
        case (.unsigned, 4): Int64(load(UInt32.self, index))
        case (.unsigned, _): Int64(exactly: load(UInt64.self, index))
        case (.signed, 2) where isDescriptor && index != 1: Int64(load(UInt16.self, index))
        case (.signed, 2): Int64(load(Int16.self, index))
        case (.signed, 4): Int64(load(Int32.self, index))
        case (.signed, _): load(Int64.self, index)
        case (.tag, _): Int64(load(UInt16.self, index * 2)) << 16 | Int64(load(UInt16.self, index * 2 + 1))
        default: Int64(exactly: real(at: index))
        }
    }

    /// A float as it is stored, FL widened to the exact Double; also of whole numbers, rounded.
    @inline(__always)
    func real(at index: Int) -> Double {
        switch (form.content, form.width) {
        case (.real, 4): Double(Float(bitPattern: load(UInt32.self, index)))
        case (.real, _): Double(bitPattern: load(UInt64.self, index))
        case (.unsigned, 8): Double(load(UInt64.self, index))
        default: Double(integer(at: index) ?? 0)
        }
    }

    /// Whether a Double holds the whole number.
    func isExact(at index: Int) -> Bool {
        if form.content == .unsigned, form.width == 8 {
            return UInt64(exactly: real(at: index)) == load(UInt64.self, index)
        }
        return integer(at: index).map { Int64(exactly: Double($0)) == $0 } ?? false
    }

    /// Appends the shortest decimal text; nothing, and false, for NaN and infinities.
    func appendText(at index: Int, to writer: inout ByteWriter) -> Bool {
        if isReal {
            let value = real(at: index)
            guard value.isFinite else { return false }
            writer.append(real: value)
        } else if let value = integer(at: index) {
            writer.append(integer: value)
        } else {
            writer.append(unsigned: load(UInt64.self, index))
        }
        return true
    }

    @inline(__always)
    private func load<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type, _ index: Int) -> T {
        let value = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<T>.size, as: type)
        return isBigEndian ? T(bigEndian: value) : T(littleEndian: value)
    }
}

/// Numbers that are written as text, where a column wants them as numbers.
enum NumberText {
    /// The value of text of a whole number, "12" or "+12" or "12.0"; nil for anything else.
    static func integer(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard let parts = parts(of: text), parts.exponent == nil, parts.fraction.allSatisfy({ $0 == 0x30 }) else {
            return nil
        }
        var value: Int64 = 0
        for digit in parts.whole {
            let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
            let (next, carry) = shifted.subtractingReportingOverflow(Int64(digit &- 0x30))
            if overflow || carry { return nil }
            value = next
        }
        if parts.isNegative { return value }
        return value == .min ? nil : -value
    }

    /// The value of decimal text of which a Double loses nothing: at most 15 significant digits; nil for anything else.
    static func real(_ text: UnsafeRawBufferPointer) -> Double? {
        guard let parts = parts(of: text) else { return nil }
        var digits = Array(parts.whole) + Array(parts.fraction)
        while digits.last == 0x30 { digits.removeLast() }
        let significant = digits.drop { $0 == 0x30 }
        guard significant.count <= 15, let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite,
            significant.isEmpty || value.magnitude >= .leastNormalMagnitude
        else { return nil }
        return value
    }

    /// Appends the text as a JSON number if it is a decimal number, with what JSON does not allow removed; else nothing.
    static func appendJSON(_ text: UnsafeRawBufferPointer, to writer: inout ByteWriter) -> Bool {
        guard let parts = parts(of: text) else { return false }
        // Beyond a Double, readers of JSON would find an infinity, or nothing at all.
        if parts.exponent != nil || parts.whole.count > 300 {
            guard let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else { return false }
        }
        if parts.isNegative { writer.append(UInt8(ascii: "-")) }
        let whole = parts.whole.drop { $0 == 0x30 }
        if whole.isEmpty {
            writer.append(UInt8(ascii: "0"))
        } else {
            writer.append(UnsafeRawBufferPointer(rebasing: whole))
        }
        if !parts.fraction.isEmpty {
            writer.append(UInt8(ascii: "."))
            writer.append(UnsafeRawBufferPointer(rebasing: parts.fraction))
        }
        if let exponent = parts.exponent {
            writer.append(UInt8(ascii: "e"))
            writer.append(UnsafeRawBufferPointer(rebasing: exponent))
        }
        return true
    }

    private struct Parts {
        var isNegative: Bool
        var whole: Slice<UnsafeRawBufferPointer>
        var fraction: Slice<UnsafeRawBufferPointer>
        /// Sign and digits.
        var exponent: Slice<UnsafeRawBufferPointer>?
    }

    /// The parts of a decimal number (PS3.5 6.2, DS and IS); nil for anything else.
    private static func parts(of text: UnsafeRawBufferPointer) -> Parts? {
        var rest = text[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        let whole = rest.prefix { $0 &- 0x30 < 10 }
        rest = rest.dropFirst(whole.count)
        var fraction = rest.prefix(0)
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = rest.prefix { $0 &- 0x30 < 10 }
            rest = rest.dropFirst(fraction.count)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        var parts = Parts(isNegative: isNegative, whole: whole, fraction: fraction)
        if let letter = rest.first, letter == UInt8(ascii: "e") || letter == UInt8(ascii: "E") {
            rest.removeFirst()
            let signs = rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") ? 1 : 0
            guard rest.count > signs, rest.dropFirst(signs).allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
            parts.exponent = rest
            return parts
        }
        return rest.isEmpty ? parts : nil
    }
}
