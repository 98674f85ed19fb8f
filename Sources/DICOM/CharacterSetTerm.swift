/// One defined term of SpecificCharacterSet (PS3.3 C.12.1.1.2).
struct CharacterSetTerm {
    enum Meaning {
        /// ASCII in G0, and what stands in G1 at the beginning.
        case initial(Repertoire.Name?)
        /// iconv's name of an encoding that knows no escape sequences.
        case encoding(String)
    }

    let meaning: Meaning
    /// Begins with `ISO 2022`.
    let isExtension: Bool

    /// nil if there is no such term. Blanks, underscores and hyphens are the same, and so are small letters, because writers
    /// confuse them; empty is the default repertoire.
    init?(_ bytes: Slice<UnsafeRawBufferPointer>) {
        guard bytes.count <= 64 else { return nil }
        let words = bytes.split { $0 == 0x20 || $0 == 0 || $0 == 0x5F || $0 == 0x2D }
            .map { String(decoding: $0, as: UTF8.self).uppercased() }
        switch words {
        case []: self.init(meaning: .initial(nil), isExtension: false)
        case ["GB18030"]: self.init(meaning: .encoding("GB18030"), isExtension: false)
        case ["GBK"]: self.init(meaning: .encoding("GBK"), isExtension: false)
        case ["ISO", "IR", "192"]: self.init(meaning: .encoding("UTF-8"), isExtension: false)
        case ["ISO", "IR", "6"]: self.init(meaning: .initial(nil), isExtension: false)
        case ["ISO", "2022", "IR", "6"], ["ISO", "2022", "IR", "87"], ["ISO", "2022", "IR", "159"]:
            // The last two stand in G0 only after an escape sequence.
            self.init(meaning: .initial(nil), isExtension: true)
        default:
            guard words.count >= 3, words[0] == "ISO", words[words.count - 2] == "IR",
                words.count == 3 || (words.count == 4 && words[1] == "2022"),
                let name = Repertoire.Name(registration: words[words.count - 1])
            else { return nil }
            let isExtension = words.count == 4
            // Korean and Chinese by code extension only.
            if !isExtension, name.isDouble { return nil }
            self.init(meaning: .initial(name), isExtension: isExtension)
        }
    }

    private init(meaning: Meaning, isExtension: Bool) {
        self.meaning = meaning
        self.isExtension = isExtension
    }
}
