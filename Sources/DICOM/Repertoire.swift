/// A set of characters that can stand in G0 or G1 beside or instead of ASCII.
enum Repertoire {
    /// One byte each: the code points of bytes 80 to FF; 0xFFFD where there is none.
    case single([UInt16])
    /// Two bytes each, both with the high bit set, behind a prefix byte of EUC if there is one.
    case double(Converter, prefix: UInt8?)

    /// By ISO-IR registration number.
    enum Name: UInt8, CaseIterable {
        case latin1 = 100
        case latin2 = 101
        case latin3 = 109
        case latin4 = 110
        case greek = 126
        case arabic = 127
        case hebrew = 138
        case cyrillic = 144
        case latin5 = 148
        case thai = 166
        case latin9 = 203
        case katakana = 13
        case korean = 149
        case chinese = 58
        case kanji = 87
        case supplementaryKanji = 159

        /// What may stand in G1 from the beginning; nil for anything else.
        init?(registration: String) {
            guard let number = UInt8(registration), let name = Name(rawValue: number) else { return nil }
            if name == .kanji || name == .supplementaryKanji { return nil }
            self = name
        }

        var isDouble: Bool {
            switch self {
            case .korean, .chinese, .kanji, .supplementaryKanji: true
            default: false
            }
        }

        /// The encoding whose bytes 80 to FF are this set, as iconv calls it.
        var encoding: String {
            switch self {
            case .latin1: "ISO-8859-1"
            case .latin2: "ISO-8859-2"
            case .latin3: "ISO-8859-3"
            case .latin4: "ISO-8859-4"
            case .greek: "ISO-8859-7"
            case .arabic: "ISO-8859-6"
            case .hebrew: "ISO-8859-8"
            case .cyrillic: "ISO-8859-5"
            case .latin5: "ISO-8859-9"
            case .thai: "TIS-620"
            case .latin9: "ISO-8859-15"
            case .katakana: "JIS_X0201"
            case .korean: "EUC-KR"
            case .chinese: "EUC-CN"
            case .kanji, .supplementaryKanji: "EUC-JP"
            }
        }
    }
}

/// Tables and iconv handles, made when first needed.
final class RepertoireStore {
    private var repertoires: [Repertoire.Name: Repertoire?] = [:]
    private var converters: [String: Converter?] = [:]

    /// nil if iconv does not know it.
    func repertoire(_ name: Repertoire.Name) -> Repertoire? {
        if let known = repertoires[name] { return known }
        let made = make(name)
        repertoires[name] = .some(made)
        return made
    }

    func converter(_ encoding: String) -> Converter? {
        if let known = converters[encoding] { return known }
        let made = Converter(from: encoding)
        converters[encoding] = .some(made)
        return made
    }

    private func make(_ name: Repertoire.Name) -> Repertoire? {
        switch name {
        case .latin1:
            return .single((0x80...0xFF).map { UInt16($0) })
        case .katakana:
            // JIS X 0201: A1 to DF are U+FF61 to U+FF9F.
            return .single((0x80...0xFF).map { (0xA1...0xDF).contains($0) ? UInt16($0 &- 0xA1 &+ 0xFF61) : 0xFFFD })
        case _ where name.isDouble:
            return converter(name.encoding).map { .double($0, prefix: name == .supplementaryKanji ? 0x8F : nil) }
        default:
            return converter(name.encoding).map { converter in
                .single((0x80...0xFF).map { converter.codePoint(of: UInt8($0)) })
            }
        }
    }
}
