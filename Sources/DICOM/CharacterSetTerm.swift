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
    /// Says nothing but the default repertoire.
    var isDefault: Bool {
        if case .initial(nil) = meaning { return !isExtension }
        return false
    }

    /// nil if there is no such term. Blanks, underscores and hyphens do not count, nor do small letters differ, because writers
    /// confuse and forget them; `UTF-8` and its like are what is meant by them. Empty is the default repertoire.
    init?(_ bytes: Slice<UnsafeRawBufferPointer>) {
        guard bytes.count <= 64 else { return nil }
        let letters = bytes.filter { $0 != 0x20 && $0 != 0 && $0 != 0x5F && $0 != 0x2D }
        let term = String(decoding: letters, as: UTF8.self).uppercased()
        switch term {
        case "": self.init(meaning: .initial(nil), isExtension: false)
        case "GB18030", "GBK18030": self.init(meaning: .encoding("GB18030"), isExtension: false)
        case "GBK": self.init(meaning: .encoding("GBK"), isExtension: false)
        case "UTF8", "ISOIR192", "ISO2022IR192": self.init(meaning: .encoding("UTF-8"), isExtension: false)
        case "ISOIR6": self.init(meaning: .initial(nil), isExtension: false)
        case "ISO2022IR6", "ISO2022IR87", "ISO2022IR159":
            // The last two stand in G0 only after an escape sequence.
            self.init(meaning: .initial(nil), isExtension: true)
        default:
            let isExtension = term.hasPrefix("ISO2022IR")
            guard isExtension || term.hasPrefix("ISOIR"),
                let name = Repertoire.Name(registration: String(term.dropFirst(isExtension ? 9 : 5)))
            else { return nil }
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
