/// Whether `DroppedTags` names elements: paths of keywords or tags with items, and reasons that are documented.
enum DropCheck {
    private static let reasons: Set = [
        "BINARY", "TOO_LARGE", "TOO_DEEP", "INVALID_VALUE", "TOO_MANY_COLUMNS", "TRUNCATED", "MALFORMED",
    ]

    /// The types of the JSON have been checked already.
    static func check(_ text: UnsafeRawBufferPointer, isRecord: Bool) throws(BrokenPromise) {
        var scanner = JSONScanner(text)
        try scanner.need("[")
        repeat {
            guard isRecord else {
                try checkPath(scanner.string())
                continue
            }
            try scanner.need("{")
            var keys: [String] = []
            repeat {
                let key = JSONScanner.text(try scanner.string())
                keys.append(key)
                try scanner.need(":")
                let value = try scanner.string()
                if key == "TagName" { try checkPath(value) }
                if key == "Reason", !reasons.contains(JSONScanner.text(value)) {
                    throw BrokenPromise("\(JSONScanner.text(value)) is no reason")
                }
            } while scanner.take(",")
            guard keys.starts(with: ["TagName", "Reason"]) else { throw BrokenPromise("an entry of \(keys)") }
            try scanner.need("}")
        } while scanner.take(",")
        try scanner.need("]")
    }

    /// `ReferencedSeriesSequence[0].Modality`.
    private static func checkPath(_ path: UnsafeRawBufferPointer) throws(BrokenPromise) {
        var rest = path[...]
        while true {
            let name = rest.prefix { $0 != UInt8(ascii: "[") && $0 != UInt8(ascii: ".") }
            let isName = !name.isEmpty && name.allSatisfy(isWord)
            rest = rest.dropFirst(name.count)
            if rest.isEmpty, isName { return }
            let item = rest.dropFirst().prefix { $0 &- 0x30 < 10 }
            rest = rest.dropFirst(1 + item.count)
            guard isName, !item.isEmpty, rest.starts(with: "].".utf8) else {
                throw BrokenPromise("\(JSONScanner.text(path)) is no path")
            }
            rest = rest.dropFirst(2)
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        case UInt8(ascii: "a")...UInt8(ascii: "z"): true
        default: false
        }
    }
}
