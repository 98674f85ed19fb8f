import DICOM

extension RowBuilder {
    /// Appends an entry of `OtherElements`: an element that has no column of its own. It is not a sequence.
    @inline(never)
    mutating func appendOther(_ element: Element, _ info: ElementInfo?, _ source: Source, _ scope: Scope) {
        if let reason = element.dropReason {
            drop(element.tag, DropReason(reason))
            return
        }
        if element.length == 0 { return }
        let (vr, form) = encoding(of: element, info, scope)
        let value = source.value(of: element)
        let mark = others.count
        if mark > othersStart { others.append(UInt8(ascii: ",")) }
        others.append("{\"Tag\":\"Tag_")
        others.append(hex: element.tag.rawValue, digits: 8)
        others.append("\",\"Data\":[")
        switch form.content {
        case .text:
            guard appendOther(value, vr, form, scope) else {
                others.truncate(to: mark)
                return
            }
        case .signed, .unsigned, .signedOrUnsigned, .tag, .real:
            guard let numbers = Numbers(value, form: form, isBigEndian: element.isBigEndian) else {
                others.truncate(to: mark)
                drop(element.tag, .invalidValue)
                return
            }
            appendOther(numbers)
        case .binary, .sequence:
            others.truncate(to: mark)
            drop(element.tag, .binary)
            return
        }
        others.append("]}")
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
        guard others.count < Self.maximumTextLength else {
            drop(.otherElements, .tooLarge)
            return
        }
        let mark = output.arena.count
        output.arena.append(UInt8(ascii: "["))
        output.arena.append(contentsOf: others.elements)
        output.arena.append(UInt8(ascii: "]"))
        output.cells.append(.text(.otherElements, mark..<output.arena.count))
    }

    private mutating func appendOther(
        _ value: UnsafeRawBufferPointer,
        _ vr: VR,
        _ form: ValueForm,
        _ scope: Scope
    ) -> Bool {
        let (text, scan) = decoder.text(value, vr: vr, in: scope)
        if text.trimmed(start: form.isTrimmedAtStart).isEmpty { return false }
        let start = others.count
        for piece in Pieces(text, isSplit: form.isSplit && scan.contains(.backslash)) {
            if others.count > start { others.append(UInt8(ascii: ",")) }
            others.appendJSON(piece.trimmed(start: form.isTrimmedAtStart))
        }
        return true
    }

    private mutating func appendOther(_ numbers: Numbers) {
        for index in 0..<numbers.count {
            others.append(index == 0 ? "\"" : ",\"")
            if !numbers.appendText(at: index, to: &others) {
                let value = numbers.real(at: index)
                others.append(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
            }
            others.append(UInt8(ascii: "\""))
        }
    }
}
