extension RowBuilder {
    /// Appends an entry of `OtherElements`: an element that has no column of its own. It is not a sequence.
    @inline(never)
    mutating func appendOther(_ element: SourceElement, dictionary: UInt16) {
        if element.isDropped { return element.dropReason.map { drop(element.tag, $0) } ?? () }
        if element.value.isEmpty { return }
        let element = element.isUnknownPrivate ? identified(element) : element
        let (vr, form) = encoding(of: element, dictionary: dictionary)
        if form.content == .text {
            let text = element.value.trimmed(start: form.isTrimmedAtStart)
            if text.isPlain { return text.isEmpty ? () : appendPlainOther(element.tag, text) }
        }
        let mark = others.count
        if form.content == .text {
            let (text, scan) = decoder.text(element.value, vr: vr, in: scope)
            let trimmed = text.trimmed(start: form.isTrimmedAtStart)
            if trimmed.isEmpty { return }
            appendOtherKey(element.tag)
            appendOther(text, isSplit: form.isSplit && scan.contains(.backslash), form)
        } else if form.isNumeric {
            guard let numbers = Numbers(element.value, form: form, isBigEndian: element.isBigEndian) else {
                return drop(element.tag, .invalidValue)
            }
            appendOtherKey(element.tag)
            appendOther(numbers)
        } else {
            return drop(element.tag, .binary)
        }
        others.append("]}")
        if others.count > Self.maximumTextLength {
            others.truncate(to: mark)
            drop(element.tag, .tooLarge)
        }
    }

    /// The common case, one value with nothing to escape, in one go.
    @inline(__always)
    private mutating func appendPlainOther(_ tag: UInt32, _ text: UnsafeRawBufferPointer) {
        guard let source = text.baseAddress else { return }
        let isFirst = others.count == othersStart
        others.append(upTo: text.count + 40) { target in
            var target = UnsafeMutableRawPointer(target)
            let start = target
            Self.writeOtherKey(tag, isFirst: isFirst, to: &target)
            target.storeBytes(of: UInt8(ascii: "\""), as: UInt8.self)
            ByteWriter.copy(source, to: target + 1, count: text.count)
            // "]}
            target.storeBytes(of: UInt32(0x007D_5D22).littleEndian, toByteOffset: 1 &+ text.count, as: UInt32.self)
            return target + 4 + text.count - start
        }
    }

    /// Writes `{"Tag":"Tag_GGGGEEEE","Data":[`, at most 32 bytes, in little endian words.
    @inline(__always)
    private static func writeOtherKey(_ tag: UInt32, isFirst: Bool, to target: inout UnsafeMutableRawPointer) {
        target.storeBytes(of: UInt8(ascii: ","), as: UInt8.self)
        target += isFirst ? 0 : 1
        target.storeBytes(of: UInt64(0x223A_2267_6154_227B).littleEndian, as: UInt64.self)
        target.storeBytes(of: UInt32(0x5F67_6154).littleEndian, toByteOffset: 8, as: UInt32.self)
        target.storeBytes(of: ByteWriter.hexDigits(tag), toByteOffset: 12, as: UInt64.self)
        target.storeBytes(of: UInt64(0x2261_7461_4422_2C22).littleEndian, toByteOffset: 20, as: UInt64.self)
        target.storeBytes(of: UInt16(0x5B3A).littleEndian, toByteOffset: 28, as: UInt16.self)
        target += 30
    }

    /// The entries of the open level, as the last field of its item.
    mutating func appendOthersField(start: Int, node: UInt32) {
        guard others.count > othersStart else { return }
        _ = self.node(of: .otherElements, in: node)
        output.arena.append(output.arena.count > start ? ",\"OtherElements\":[" : "\"OtherElements\":[")
        output.arena.append(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(others.elements)[othersStart...]))
        output.arena.append(UInt8(ascii: "]"))
    }

    /// The entries of the data set itself, as a column.
    mutating func appendOthers() {
        guard others.count > 0 else { return }
        let mark = output.arena.count
        output.arena.append(UInt8(ascii: "["))
        output.arena.append(contentsOf: others.elements)
        output.arena.append(UInt8(ascii: "]"))
        output.cells.append(.text(.otherElements, mark..<output.arena.count))
    }

    @inline(__always)
    private mutating func appendOtherKey(_ tag: UInt32) {
        let isFirst = others.count == othersStart
        others.append(upTo: 32) { target in
            var target = UnsafeMutableRawPointer(target)
            let start = target
            Self.writeOtherKey(tag, isFirst: isFirst, to: &target)
            return target - start
        }
    }

    private mutating func appendOther(_ text: UnsafeRawBufferPointer, isSplit: Bool, _ form: ValueForm) {
        let start = others.count
        for piece in Pieces(text, isSplit: isSplit) {
            if others.count > start { others.append(UInt8(ascii: ",")) }
            others.appendJSON(piece.trimmed(start: form.isTrimmedAtStart))
        }
    }

    private mutating func appendOther(_ numbers: Numbers) {
        for index in 0..<numbers.count {
            if index > 0 { others.append(UInt8(ascii: ",")) }
            others.append(UInt8(ascii: "\""))
            if numbers.isReal {
                appendOther(numbers.real(at: index))
            } else {
                _ = numbers.appendText(at: index, to: &others)
            }
            others.append(UInt8(ascii: "\""))
        }
    }

    private mutating func appendOther(_ value: Double) {
        if value.isFinite {
            reals.append(value, to: &others)
        } else {
            others.append(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
        }
    }
}
