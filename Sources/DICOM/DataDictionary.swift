/// The elements of PS3.6, with the command group of PS3.7 and the file meta group of PS3.10.
package enum DataDictionary {
    /// What the standard says of an element.
    package struct Entry: Sendable {
        /// Index in the dictionary, 0 ..< `DataDictionary.count`, ascending with the tag: a key for tables of the caller.
        package let index: Int
        /// The tag; of a repeating group the base one, such as (6000,0010).
        package var tag: ElementTag { ElementTag(DataDictionary.index.tag(at: index)) }
        /// The VR, a pseudo VR such as `usOrSS` where the standard leaves a choice.
        package var vr: VR { DataDictionary.vr(ofFact: fact) }
        /// Value multiplicity is not exactly 1.
        package var isMultiple: Bool { fact & 1 << 30 != 0 }
        /// The keyword, made anew at each call.
        package var keyword: String { String(decoding: keywordBytes, as: UTF8.self) }
        /// The bytes of the keyword: ASCII, valid for ever.
        package var keywordBytes: UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(
                start: DataDictionary.keywords.utf8Start + Int(fact & 0x1FFFF),
                count: Int(fact >> 17 & 0x7F)
            )
        }

        private var fact: UInt32 { DataDictionary.index.fact(at: index) }
    }

    /// The number of entries.
    package static var count: Int { tags.count }

    /// The entry of a tag, in about 3 ns; groups 50xx and 60xx resolve to the base entry.
    package static func entry(for tag: ElementTag) -> Entry? {
        let position = index.position(of: tag.rawValue)
        return position < 0 ? nil : Entry(index: position)
    }

    /// The entry at an index.
    package static func entry(at index: Int) -> Entry { Entry(index: index) }

    /// The tag of a keyword, spelled exactly as in PS3.6.
    package static func tag(of keyword: String) -> ElementTag? { tagsByKeyword[keyword] }

    /// The VR of a tag in an implicit VR data set; `UN` if the dictionary does not know it.
    static func implicitVR(of tag: UInt32) -> VR { index.implicitVR(of: tag) }

    /// Whether the dictionary has this tag as a sequence.
    static func isSequence(_ tag: UInt32) -> Bool { tag & 0x0001_0000 == 0 && implicitVR(of: tag) == .SQ }

    static func vr(ofFact fact: UInt32) -> VR {
        let code = Int(fact >> 24 & 0x3F)
        return code < vrs.count ? vrs[code] : .UN
    }

    /// The codes of `facts`, in the order of packaging/generate-dictionary.
    private static let vrs: [VR] = [
        .AE, .AS, .AT, .CS, .DA, .DS, .DT, .FD, .FL, .IS, .LO, .LT, .OB, .OD, .OF, .OL, .OV, .OW, .PN, .SH, .SL, .SQ,
        .SS, .ST, .SV, .TM, .UC, .UI, .UL, .UN, .UR, .US, .UT, .UV, .obOrOW, .usOrSS, .usOrOW, .usOrSSOrOW,
    ]

    /// Built when first used.
    static let index = DictionaryIndex(tags: tags, facts: facts)

    private static let tagsByKeyword: [String: ElementTag] = {
        var result: [String: ElementTag] = [:]
        result.reserveCapacity(count)
        for index in 0..<count {
            let entry = Entry(index: index)
            result[entry.keyword] = entry.tag
        }
        return result
    }()
}
