extension RowBuilder {
    /// Binary numbers as what the column wants; in text, their shortest decimal form.
    mutating func convert(_ numbers: Numbers, _ info: ElementInfo, as placement: Placement) -> Outcome {
        switch info.kind {
        case .text: return convertTexts(numbers, isRepeated: info.isRepeated, as: placement)
        case .integer, .real: break
        case .date, .time, .timestamp, .name, .sequence, .binary: return .dropped(.invalidValue)
        }
        guard info.isRepeated else {
            guard numbers.count == 1 else { return .dropped(.invalidValue) }
            return number(numbers, 0, info.kind)
        }
        output.arena.append(UInt8(ascii: "["))
        for index in 0..<numbers.count {
            if index > 0 { output.arena.append(UInt8(ascii: ",")) }
            let outcome = number(numbers, index, info.kind)
            if case .dropped = outcome { return outcome }
            appendJSON(outcome)
        }
        output.arena.append(UInt8(ascii: "]"))
        return .text
    }

    @inline(__always)
    private func number(_ numbers: Numbers, _ index: Int, _ kind: ValueKind) -> Outcome {
        if kind == .integer {
            return numbers.integer(at: index).map { .integer($0) } ?? .dropped(.invalidValue)
        }
        let value = numbers.real(at: index)
        guard value.isFinite, numbers.isReal || numbers.isExact(at: index) else { return .dropped(.invalidValue) }
        return .real(value)
    }

    private mutating func convertTexts(_ numbers: Numbers, isRepeated: Bool, as placement: Placement) -> Outcome {
        let isQuoted = isRepeated || placement == .json
        if isRepeated { output.arena.append(UInt8(ascii: "[")) }
        if isQuoted { output.arena.append(UInt8(ascii: "\"")) }
        for index in 0..<numbers.count {
            if index > 0 { output.arena.append(isRepeated ? "\",\"" : isQuoted ? "\\\\" : "\\") }
            guard numbers.appendText(at: index, to: &output.arena) else { return .dropped(.invalidValue) }
        }
        if isQuoted { output.arena.append(UInt8(ascii: "\"")) }
        if isRepeated { output.arena.append(UInt8(ascii: "]")) }
        return .text
    }
}
