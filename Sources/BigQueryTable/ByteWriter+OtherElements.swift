/// The entries of `OtherElements`. All but the first of a list begin with a comma.
extension FlatBuffer where Element == UInt8 {
    /// Appends an entry of one text with nothing to escape, in one go.
    @inline(__always)
    mutating func append(otherElement tag: UInt32, plain text: UnsafeRawBufferPointer, isFirst: Bool) {
        guard let source = text.baseAddress else { return }
        append(upTo: text.count + 40) { target in
            var target = UnsafeMutableRawPointer(target)
            let start = target
            Self.writeOtherKey(tag, isFirst: isFirst, to: &target)
            target.storeBytes(of: UInt8(ascii: "\""), as: UInt8.self)
            Self.copy(source, to: target + 1, count: text.count)
            // "]}
            target.storeBytes(of: UInt32(0x007D_5D22).littleEndian, toByteOffset: 1 &+ text.count, as: UInt32.self)
            return target + 4 + text.count - start
        }
    }

    /// Appends the key of an entry and the beginning of its values.
    @inline(__always)
    mutating func append(keyOfOther tag: UInt32, isFirst: Bool) {
        append(upTo: 32) { target in
            var target = UnsafeMutableRawPointer(target)
            let start = target
            Self.writeOtherKey(tag, isFirst: isFirst, to: &target)
            return target - start
        }
    }

    /// Writes `{"Tag":"Tag_GGGGEEEE","Data":[`, at most 32 bytes, in little endian words.
    @inline(__always)
    private static func writeOtherKey(_ tag: UInt32, isFirst: Bool, to target: inout UnsafeMutableRawPointer) {
        target.storeBytes(of: UInt8(ascii: ","), as: UInt8.self)
        target += isFirst ? 0 : 1
        target.storeBytes(of: UInt64(0x223A_2267_6154_227B).littleEndian, as: UInt64.self)
        target.storeBytes(of: UInt32(0x5F67_6154).littleEndian, toByteOffset: 8, as: UInt32.self)
        target.storeBytes(of: hexDigits(tag), toByteOffset: 12, as: UInt64.self)
        target.storeBytes(of: UInt64(0x2261_7461_4422_2C22).littleEndian, toByteOffset: 20, as: UInt64.self)
        target.storeBytes(of: UInt16(0x5B3A).littleEndian, toByteOffset: 28, as: UInt16.self)
        target += 30
    }
}
