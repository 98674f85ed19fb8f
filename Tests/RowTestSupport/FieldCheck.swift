import BigQueryTable

/// Whether JSON is a value of a field.
enum FieldCheck {
    static func check(_ field: BigQueryField, _ scanner: inout JSONScanner) throws(BrokenPromise) {
        guard field.mode == .repeated else { return try checkOne(field, &scanner) }
        try scanner.need("[")
        repeat { try checkOne(field, &scanner) } while scanner.take(",")
        try scanner.need("]")
    }

    /// `YYYY-MM-DD`, `HH:MM:SS[.ffffff]`, or `YYYY-MM-DD HH:MM:SS.ffffffZ`, each in the range that BigQuery has.
    static func checkTemporal(_ text: UnsafeRawBufferPointer, _ type: FieldType) throws(BrokenPromise) {
        let text = JSONScanner.text(text)
        let isValid =
            switch type {
            case .date: isDate(text[...])
            case .time: isTime(text[...])
            default:
                text.utf8.count == 27 && text.hasSuffix("Z") && text.dropFirst(10).first == " "
                    && isDate(text.prefix(10))
                    && isTime(text.dropFirst(11).dropLast(), fractions: 0...999_999)
            }
        if !isValid { throw BrokenPromise("\(text) is no \(type)") }
    }

    private static func checkOne(_ field: BigQueryField, _ scanner: inout JSONScanner) throws(BrokenPromise) {
        switch field.type {
        case .record: try checkRecord(field, &scanner)
        case .string: _ = try scanner.string()
        case .integer:
            guard try scanner.number() else { throw BrokenPromise("a fraction in \(field.name)") }
        case .float: try scanner.number()
        case .date, .time, .timestamp: try checkTemporal(scanner.string(), field.type)
        case .json: throw BrokenPromise("JSON within JSON")
        }
    }

    /// The keys are fields, in their order, each once.
    private static func checkRecord(_ field: BigQueryField, _ scanner: inout JSONScanner) throws(BrokenPromise) {
        try scanner.need("{")
        if scanner.take("}") { return }
        var next = 0
        repeat {
            let key = JSONScanner.text(try scanner.string())
            while next < field.fields.count, field.fields[next].name != key { next += 1 }
            guard next < field.fields.count else {
                throw BrokenPromise("\(key) is no field of \(field.name), or too late")
            }
            try scanner.need(":")
            try check(field.fields[next], &scanner)
            next += 1
        } while scanner.take(",")
        try scanner.need("}")
    }

    private static func isDate(_ text: Substring) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard text.utf8.count == 10, parts.count == 3, parts.map(\.utf8.count) == [4, 2, 2] else { return false }
        return number(parts[0], 1...9999) && number(parts[1], 1...12) && number(parts[2], 1...31)
    }

    /// A TIME has no fraction that is zero.
    private static func isTime(_ text: Substring, fractions: ClosedRange<Int> = 1...999_999) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2].utf8.count == 2 || parts[2].utf8.count == 9 else { return false }
        let seconds = parts[2].split(separator: ".", omittingEmptySubsequences: false)
        guard parts[0].utf8.count == 2, parts[1].utf8.count == 2, seconds[0].utf8.count == 2 else { return false }
        guard number(parts[0], 0...23), number(parts[1], 0...59), number(seconds[0], 0...59) else { return false }
        return seconds.count == 1 || seconds.count == 2 && number(seconds[1], fractions)
    }

    private static func number(_ text: Substring, _ range: ClosedRange<Int>) -> Bool {
        text.utf8.allSatisfy { $0 &- 0x30 < 10 } && Int(text).map(range.contains) == true
    }
}
