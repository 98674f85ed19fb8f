import SQLite

extension SQLFunctions {
    /// Functions of texts. They count characters as BigQuery does: in code points.
    static let text: [Function] = [
        // SQLite's own stops at a NUL.
        ("bq_length", { .integer(Int64(try $0.string(0).unicodeScalars.count)) }),
        ("bq_upper", { .text(try $0.string(0).uppercased()) }),
        ("bq_lower", { .text(try $0.string(0).lowercased()) }),
        ("bq_trim", { .text(try trimmed($0, start: true, end: true)) }),
        ("bq_ltrim", { .text(try trimmed($0, start: true, end: false)) }),
        ("bq_rtrim", { .text(try trimmed($0, start: false, end: true)) }),
        ("bq_starts_with", { .bool(try $0.string(0).utf8.starts(with: $0.string(1).utf8)) }),
        ("bq_ends_with", { .bool(try $0.string(0).utf8.reversed().starts(with: $0.string(1).utf8.reversed())) }),
        (
            "bq_contains",
            { .bool(Like.contains(try $0.string(0).lowercased(), try $0.string(1).lowercased())) }
        ),
        ("bq_reverse", { .text(String(String.UnicodeScalarView(try $0.string(0).unicodeScalars.reversed()))) }),
        ("bq_left", { .text(String(try $0.string(0).unicodeScalars.prefix(try count($0, 1)))) }),
        ("bq_right", { .text(String(try $0.string(0).unicodeScalars.suffix(try count($0, 1)))) }),
        ("bq_substr", { .text(try substring($0)) }),
        (
            "bq_repeat",
            {
                let text = try $0.string(0)
                let count = try count($0, 1)
                guard text.isEmpty || count <= longest / text.utf8.count else {
                    throw FunctionFailure("A text is too long")
                }
                return .text(String(repeating: text, count: count))
            }
        ),
        ("bq_lpad", { .text(try padded($0, atStart: true)) }),
        ("bq_rpad", { .text(try padded($0, atStart: false)) }),
        ("bq_split", { .text(try split($0)) }),
    ]

    /// SQLite's own limit is a billion bytes.
    private static var longest: Int { 1 << 26 }

    private static func count(_ arguments: [SQLValue], _ index: Int) throws -> Int {
        let count = try arguments.integer(index)
        guard count >= 0 else { throw FunctionFailure("A length is negative") }
        return Int(clamping: count)
    }

    private static func trimmed(_ arguments: [SQLValue], start: Bool, end: Bool) throws -> String {
        let set = arguments.count > 1 ? Set(try arguments.string(1).unicodeScalars) : nil
        func isCut(_ scalar: Unicode.Scalar) -> Bool { set?.contains(scalar) ?? scalar.properties.isWhitespace }
        var scalars = try arguments.string(0).unicodeScalars[...]
        if start { scalars = scalars.drop(while: isCut) }
        while end, let last = scalars.last, isCut(last) { scalars.removeLast() }
        return String(scalars)
    }

    /// Places count from 1; 0 is 1, a negative one counts from the end, and one before the beginning is the beginning.
    private static func substring(_ arguments: [SQLValue]) throws -> String {
        let scalars = Array(try arguments.string(0).unicodeScalars)
        let place = Int(clamping: try arguments.integer(1))
        let start =
            place > 0
            ? min(place - 1, scalars.count) : place == 0 ? 0 : max(0, scalars.count + max(place, -scalars.count))
        let length = arguments.count > 2 ? try count(arguments, 2) : scalars.count
        return String(String.UnicodeScalarView(scalars[start...].prefix(length)))
    }

    private static func padded(_ arguments: [SQLValue], atStart: Bool) throws -> String {
        let scalars = Array(try arguments.string(0).unicodeScalars)
        let wanted = try count(arguments, 1)
        let pattern = Array(arguments.count > 2 ? try arguments.string(2).unicodeScalars : " ".unicodeScalars)
        guard !pattern.isEmpty, wanted <= longest else { throw FunctionFailure("A text cannot be padded like that") }
        let padding = (0..<max(0, wanted - scalars.count)).map { pattern[$0 % pattern.count] }
        let kept = Array(scalars.prefix(wanted))
        return String(String.UnicodeScalarView(atStart ? padding + kept : kept + padding))
    }

    private static func split(_ arguments: [SQLValue]) throws -> String {
        let bytes = Array(try arguments.string(0).utf8)
        let delimiter = Array(arguments.count > 1 ? try arguments.string(1).utf8 : ",".utf8)
        var parts: [ArraySlice<UInt8>] = []
        if delimiter.isEmpty {
            var json = JSONBytes()
            json.append(array: try arguments.string(0).unicodeScalars.map { String($0) })
            return json.text
        }
        var start = 0
        var index = 0
        while index + delimiter.count <= bytes.count {
            if bytes[index..<index + delimiter.count].elementsEqual(delimiter) {
                parts.append(bytes[start..<index])
                index += delimiter.count
                start = index
            } else {
                index += 1
            }
        }
        parts.append(bytes[start...])
        var json = JSONBytes()
        json.append(array: parts.map { String(decoding: $0, as: UTF8.self) })
        return json.text
    }
}

/// BigQuery's LIKE: `%` for any text, `_` for one character, a backslash before those that are meant; case counts.
enum Like {
    private enum Piece {
        case any, one
        case scalar(Unicode.Scalar)
    }

    static func matches(_ text: String, pattern: String) throws -> Bool {
        let pieces = try pieces(pattern)
        let scalars = Array(text.unicodeScalars)
        var (place, piece) = (0, 0)
        // Where to go on when what follows the last `%` does not fit here.
        var (retryPlace, retryPiece) = (0, -1)
        while place < scalars.count {
            if piece < pieces.count, case .any = pieces[piece] {
                (retryPlace, retryPiece) = (place, piece)
                piece += 1
            } else if piece < pieces.count, fits(pieces[piece], scalars[place]) {
                place += 1
                piece += 1
            } else if retryPiece >= 0 {
                retryPlace += 1
                (place, piece) = (retryPlace, retryPiece + 1)
            } else {
                return false
            }
        }
        return pieces[piece...].allSatisfy { if case .any = $0 { true } else { false } }
    }

    static func contains(_ text: String, _ part: String) -> Bool {
        let (bytes, wanted) = (Array(text.utf8), Array(part.utf8))
        guard wanted.count <= bytes.count else { return false }
        return (0...bytes.count - wanted.count).contains { bytes[$0...].starts(with: wanted) }
    }

    private static func fits(_ piece: Piece, _ scalar: Unicode.Scalar) -> Bool {
        switch piece {
        case .any: false
        case .one: true
        case .scalar(let wanted): wanted == scalar
        }
    }

    private static func pieces(_ pattern: String) throws -> [Piece] {
        var pieces: [Piece] = []
        var scalars = pattern.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            switch scalar {
            case "%": pieces.append(.any)
            case "_": pieces.append(.one)
            case "\\":
                guard let next = scalars.next() else { throw FunctionFailure("LIKE pattern ends with a backslash") }
                pieces.append(.scalar(next))
            default: pieces.append(.scalar(scalar))
            }
        }
        return pieces
    }
}
