extension RowBuilder {
    /// The common case in a few instructions: a column that is there, a value in the dictionary's VR, and text that is plain
    /// ASCII. Does nothing, and answers false, if it is not that.
    @inline(__always)
    mutating func appendPlainColumn(_ info: ElementInfo, _ element: SourceElement) -> Bool {
        guard info.isAdmitted, info.vr == element.vr, !element.isDropped else { return false }
        let start = output.arena.count
        switch info.route {
        case .text:
            // Without its padding, which may be NULs.
            let text = element.value.trimmed(start: info.form.isTrimmedAtStart)
            guard text.isPlain else { return false }
            if text.isEmpty { return true }
            output.arena.append(text)
        case .texts:
            let text = element.value.trimmed(start: info.form.isTrimmedAtStart)
            guard text.isPlainBesideBackslashes, info.form.isSplit else { return false }
            if text.isEmpty { return true }
            appendPlainTexts(text, info.form)
        case .integer, .real: return appendPlainNumber(info, element)
        case .date:
            guard output.arena.append(date: element.value) else { return false }
        case .time:
            guard output.arena.append(time: element.value.trimmed(start: false)) else { return false }
        case .slow: return false
        }
        output.cells.append(.text(info.column, start..<output.arena.count))
        return true
    }

    @inline(__always)
    private mutating func appendPlainNumber(_ info: ElementInfo, _ element: SourceElement) -> Bool {
        guard let numbers = Numbers(element.value, form: info.form, isBigEndian: element.isBigEndian),
            numbers.count == 1
        else { return false }
        if info.route == .integer {
            guard let value = numbers.integer(at: 0) else { return false }
            output.cells.append(.integer(info.column, value))
        } else {
            let value = numbers.real(at: 0)
            guard value.isFinite else { return false }
            output.cells.append(.real(info.column, value))
        }
        return true
    }

    /// Appends values as an array.
    private mutating func appendPlainTexts(_ text: UnsafeRawBufferPointer, _ form: ValueForm) {
        output.arena.append(UInt8(ascii: "["))
        var start = 0
        while true {
            var end = start
            while end < text.count, text[end] != UInt8(ascii: "\\") { end &+= 1 }
            let piece = UnsafeRawBufferPointer(rebasing: text[start..<end])
            output.arena.appendQuoted(piece.trimmed(start: form.isTrimmedAtStart))
            if end == text.count { break }
            output.arena.append(UInt8(ascii: ","))
            start = end &+ 1
        }
        output.arena.append(UInt8(ascii: "]"))
    }
}
