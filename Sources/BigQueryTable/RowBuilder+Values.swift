import DICOM

extension RowBuilder {
    /// Makes the value of one element: appends text or JSON to the arena, or answers a number. Nothing is left in the arena
    /// if there is no value.
    @inline(__always)
    mutating func convert(
        _ element: Element,
        _ info: ElementInfo,
        _ source: Source,
        _ scope: Scope,
        as placement: Placement
    ) -> Outcome {
        if element.length == 0 { return .none }
        if info.kind == .text, element.vr.rawValue == info.vr, !info.isRepeated {
            return convertText(source.value(of: element), element.vr, info.form, scope, as: placement)
        }
        return convertOther(element, info, source, scope, as: placement)
    }

    @inline(never)
    private mutating func convertOther(
        _ element: Element,
        _ info: ElementInfo,
        _ source: Source,
        _ scope: Scope,
        as placement: Placement
    ) -> Outcome {
        if info.kind == .binary { return .dropped(.binary) }
        let value = source.value(of: element)
        let (vr, form) = encoding(of: element, info, scope)
        switch form.content {
        case .text:
            let mark = output.arena.count
            let outcome = convert(value, vr, form, info, scope, as: placement)
            if case .dropped = outcome { output.arena.truncate(to: mark) }
            if case .none = outcome { output.arena.truncate(to: mark) }
            return outcome
        case .signed, .unsigned, .signedOrUnsigned, .tag, .real:
            guard let numbers = Numbers(value, form: form, isBigEndian: element.isBigEndian) else {
                return .dropped(.invalidValue)
            }
            let mark = output.arena.count
            let outcome = convert(numbers, info, as: placement)
            if case .dropped = outcome { output.arena.truncate(to: mark) }
            return outcome
        case .sequence, .binary: return .dropped(.invalidValue)
        }
    }

    /// How the bytes of an element are to be read: by the VR in the file, or where the file has none, the dictionary's.
    func encoding(of element: Element, _ info: ElementInfo?, _ scope: Scope) -> (vr: VR, form: ValueForm) {
        var vr = element.vr
        if vr == .UN, let info { vr = VR(rawValue: info.vr) }
        // PS3.5 7.8.1: whatever the encoding says.
        if element.tag.isPrivateCreator, vr != .SQ { vr = .LO }
        if vr == .usOrSS { vr = scope.hasSignedPixels ? .SS : .US }
        return (vr, ValueForm(vr))
    }

    private mutating func convert(
        _ value: UnsafeRawBufferPointer,
        _ vr: VR,
        _ form: ValueForm,
        _ info: ElementInfo,
        _ scope: Scope,
        as placement: Placement
    ) -> Outcome {
        switch info.kind {
        case .text where info.isRepeated: return convertTexts(value, vr, form, scope)
        case .text: return convertText(value, vr, form, scope, as: placement)
        case .name:
            let (text, scan) = decoder.text(value, vr: vr, in: scope)
            return convertName(text, isSplit: form.isSplit && scan.contains(.backslash), form, info)
        case .integer, .real, .date, .time, .timestamp: break
        case .sequence, .binary: return .dropped(.invalidValue)
        }
        let (text, scan) = decoder.text(value, vr: vr, in: scope)
        let isSplit = form.isSplit && scan.contains(.backslash)
        if info.isRepeated { return convertArray(text, isSplit: isSplit, form, info.kind, scope) }
        let trimmed = text.trimmed(start: form.isTrimmedAtStart)
        if trimmed.isEmpty { return .none }
        if isSplit { return .dropped(.invalidValue) }
        switch info.kind {
        case .integer: return NumberText.integer(trimmed).map { .integer($0) } ?? .dropped(.invalidValue)
        case .real: return NumberText.real(trimmed).map { .real($0) } ?? .dropped(.invalidValue)
        default: return append(trimmed, info.kind, scope, as: placement) ? .text : .dropped(.invalidValue)
        }
    }

    /// Appends a value that is left out of an array if empty, and invalid if it does not parse.
    private mutating func append(
        _ text: UnsafeRawBufferPointer,
        _ kind: ValueKind,
        _ scope: Scope,
        as placement: Placement
    ) -> Bool {
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
        _ kind: ValueKind,
        _ scope: Scope
    ) -> Outcome {
        output.arena.append(UInt8(ascii: "["))
        let start = output.arena.count
        for piece in Pieces(text, isSplit: isSplit) {
            let value = piece.trimmed(start: form.isTrimmedAtStart)
            if value.isEmpty { continue }
            if output.arena.count > start { output.arena.append(UInt8(ascii: ",")) }
            guard append(value, kind, scope, as: .json) else { return .dropped(.invalidValue) }
        }
        if output.arena.count == start { return .none }
        output.arena.append(UInt8(ascii: "]"))
        return .text
    }
}
