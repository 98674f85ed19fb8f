extension RowBuilder {
    /// Text of a column that holds one: several values stay, joined by backslashes.
    mutating func convertText(
        _ value: UnsafeRawBufferPointer,
        _ vr: UInt16,
        _ form: ValueForm,
        as placement: Placement
    ) -> Outcome {
        let (text, scan) = decoder.text(value, vr: vr, in: scope)
        let trimmed = text.trimmed(start: form.isTrimmedAtStart)
        if trimmed.isEmpty { return .none }
        if scan.contains(.backslash), form.isSplit {
            append(joined(text, form), as: placement)
        } else if placement == .json, scan.isDisjoint(with: [.special, .backslash]) {
            output.arena.appendQuoted(trimmed)
        } else {
            append(trimmed, as: placement)
        }
        return .text
    }

    /// Text of a column that holds many; an empty value among others stays.
    mutating func convertTexts(
        _ text: UnsafeRawBufferPointer,
        isSplit: Bool,
        isPlain: Bool,
        _ form: ValueForm
    ) -> Outcome {
        if text.trimmed(start: form.isTrimmedAtStart).isEmpty { return .none }
        output.arena.append(UInt8(ascii: "["))
        let start = output.arena.count
        for piece in Pieces(text, isSplit: isSplit) {
            if output.arena.count > start { output.arena.append(UInt8(ascii: ",")) }
            let trimmed = piece.trimmed(start: form.isTrimmedAtStart)
            // Once split, no backslash is left to escape.
            if isPlain, isSplit {
                output.arena.appendQuoted(trimmed)
            } else {
                output.arena.appendJSON(trimmed)
            }
        }
        output.arena.append(UInt8(ascii: "]"))
        return .text
    }

    /// A person name, or an array of them; several in a column that holds one are one name.
    mutating func convertName(
        _ text: UnsafeRawBufferPointer,
        isSplit: Bool,
        _ form: ValueForm,
        _ info: ElementInfo
    ) -> Outcome {
        guard info.isRepeated else {
            return output.arena.append(name: isSplit ? joined(text, form) : text) ? .text : .none
        }
        output.arena.append(UInt8(ascii: "["))
        let start = output.arena.count
        var hasParts = false
        for piece in Pieces(text, isSplit: isSplit) {
            if output.arena.count > start { output.arena.append(UInt8(ascii: ",")) }
            hasParts = output.arena.append(name: piece) || hasParts
        }
        if !hasParts, !isSplit { return .none }
        output.arena.append(UInt8(ascii: "]"))
        return .text
    }

    private mutating func append(_ text: UnsafeRawBufferPointer, as placement: Placement) {
        switch placement {
        case .column: output.arena.append(text)
        case .json: output.arena.appendJSON(text)
        }
    }

    /// The values, each trimmed, with backslashes between; valid until the next call.
    @inline(never)
    private mutating func joined(_ text: UnsafeRawBufferPointer, _ form: ValueForm) -> UnsafeRawBufferPointer {
        scratch.truncate(to: 0)
        for (index, piece) in Pieces(text).enumerated() {
            if index > 0 { scratch.append(UInt8(ascii: "\\")) }
            scratch.append(piece.trimmed(start: form.isTrimmedAtStart))
        }
        return UnsafeRawBufferPointer(scratch.elements)
    }
}
