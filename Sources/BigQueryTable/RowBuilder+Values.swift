extension RowBuilder {
    /// Makes the value of one element: appends text or JSON to the arena, or answers a number. Nothing is left in the arena
    /// if there is no value.
    mutating func convert(_ element: SourceElement, _ info: ElementInfo, as placement: Placement) -> Outcome {
        if element.value.isEmpty { return .none }
        if info.kind == .binary { return .dropped(.binary) }
        let (vr, form) = encoding(of: element, info)
        switch form.content {
        case .text:
            if info.column == .timezoneOffsetFromUTC, isNoOffset(element.value) { return .dropped(.invalidValue) }
            if info.kind == .text, !info.isRepeated { return convertText(element.value, vr, form, as: placement) }
            let mark = output.arena.count
            let outcome = convertText(element.value, vr, form, info, as: placement)
            switch outcome {
            case .none, .dropped: output.arena.truncate(to: mark)
            case .text, .integer, .real: break
            }
            return outcome
        case .signed, .unsigned, .signedOrUnsigned, .tag, .real:
            guard
                let numbers = Numbers(
                    element.value,
                    form: form,
                    isBigEndian: element.isBigEndian,
                    isDescriptor: ElementInfo.isDescriptor(element.tag)
                )
            else { return .dropped(.invalidValue) }
            let mark = output.arena.count
            let outcome = convert(numbers, info, as: placement)
            if case .dropped = outcome { output.arena.truncate(to: mark) }
            return outcome
        case .sequence, .binary: return .dropped(.invalidValue)
        }
    }

    /// Whether a text that should be an offset from UTC (PS3.3 C.12.1.1.8) is something else.
    func isNoOffset(_ text: UnsafeRawBufferPointer) -> Bool {
        let text = text.trimmed(start: true)
        return !text.isEmpty && DateTimeText.offset(text) == nil
    }

    /// How the bytes of an element are to be read: by the VR in the file, or where the file has none, the dictionary's.
    @inline(__always)
    func encoding(of element: SourceElement, _ info: ElementInfo) -> (vr: UInt16, form: ValueForm) {
        if info.vr == element.vr, element.vr != VRCode.usOrSS { return (info.vr, info.form) }
        return encoding(of: element, dictionary: info.vr)
    }

    /// As above, with the dictionary's VR, or UN if it does not know the element.
    @inline(__always)
    func encoding(of element: SourceElement, dictionary: UInt16) -> (vr: UInt16, form: ValueForm) {
        var vr = element.vr
        if vr == VRCode.un { vr = dictionary }
        // PS3.5 7.8.1: whatever the encoding says.
        if element.isPrivateCreator, vr != VRCode.sq { vr = VRCode.lo }
        if vr == VRCode.usOrSS { vr = scope.hasSignedPixels ? VRCode.ss : VRCode.us }
        return (vr, ValueForm(vr: vr))
    }

    /// Text, but not for a column that holds one text.
    private mutating func convertText(
        _ value: UnsafeRawBufferPointer,
        _ vr: UInt16,
        _ form: ValueForm,
        _ info: ElementInfo,
        as placement: Placement
    ) -> Outcome {
        let (text, scan) = decoder.text(value, vr: vr, in: scope)
        let isSplit = form.isSplit && scan.contains(.backslash)
        switch info.kind {
        case .text: return convertTexts(text, isSplit: isSplit, isPlain: scan.isDisjoint(with: .special), form)
        case .name: return convertName(text, isSplit: isSplit, form, info)
        case .integer, .real, .date, .time, .timestamp: break
        case .sequence, .binary: return .dropped(.invalidValue)
        }
        if info.isRepeated { return convertArray(text, isSplit: isSplit, form, info.kind) }
        let trimmed = text.trimmed(start: form.isTrimmedAtStart)
        if trimmed.isEmpty { return .none }
        if isSplit { return .dropped(.invalidValue) }
        switch info.kind {
        case .integer: return NumberText.integer(trimmed).map { .integer($0) } ?? .dropped(.invalidValue)
        case .real: return NumberText.real(trimmed).map { .real($0) } ?? .dropped(.invalidValue)
        default: return append(trimmed, info.kind, as: placement) ? .text : .dropped(.invalidValue)
        }
    }

    /// Appends a value that is left out of an array if empty, and invalid if it does not parse.
    private mutating func append(_ text: UnsafeRawBufferPointer, _ kind: ValueKind, as placement: Placement) -> Bool {
        let isQuoted = placement == .json && kind != .integer && kind != .real
        if isQuoted { output.arena.append(UInt8(ascii: "\"")) }
        switch kind {
        case .date: guard output.arena.append(date: text) else { return false }
        case .time: guard output.arena.append(time: text) else { return false }
        case .timestamp:
            guard output.arena.append(dateTime: text, timezoneOffset: scope.timezoneOffset) else { return false }
        case .integer:
            guard let value = NumberText.integer(text) else { return false }
            output.arena.append(integer: value)
        case .real:
            guard let value = NumberText.real(text) else { return false }
            output.arena.append(real: value)
        case .text, .name, .sequence, .binary: return false
        }
        if isQuoted { output.arena.append(UInt8(ascii: "\"")) }
        return true
    }

    private mutating func convertArray(
        _ text: UnsafeRawBufferPointer,
        isSplit: Bool,
        _ form: ValueForm,
        _ kind: ValueKind
    ) -> Outcome {
        output.arena.append(UInt8(ascii: "["))
        let start = output.arena.count
        for piece in Pieces(text, isSplit: isSplit) {
            let value = piece.trimmed(start: form.isTrimmedAtStart)
            if value.isEmpty { continue }
            if output.arena.count > start { output.arena.append(UInt8(ascii: ",")) }
            guard append(value, kind, as: .json) else { return .dropped(.invalidValue) }
        }
        if output.arena.count == start { return .none }
        output.arena.append(UInt8(ascii: "]"))
        return .text
    }
}
