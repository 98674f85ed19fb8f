/// What an element looks like where reading may go on. Only damaged files come here.
struct PlausibleHeader {
    let tag: UInt32
    let vr: VR
    /// `ElementHeader.undefined` or the number of bytes.
    let length: Int
    let size: Int
    /// How much it says for itself: 1 what garbage could be, 3 what it hardly could.
    let weight: Int
}

/// How elements are encoded at some place, and where they have to end.
struct ElementForm {
    var isImplicit: Bool
    var isBigEndian: Bool
    var end: Int
    /// The data set itself, where pixel data may stand.
    var isTop: Bool
}

extension DataSet {
    /// Whether so many bytes can be had at `at`.
    mutating func has(_ count: Int, at: Int) -> Bool {
        if at < 0 || count > window.end &- at { return false }
        do throws(ParseError) {
            try window.need(count, at: at)
            return true
        } catch {
            return false
        }
    }

    /// The element that begins at `at`, if it is one that may stand behind the tag `last`: known or private, with a VR and a
    /// length that fit (PS3.5 7.1, 7.8).
    @inline(never)
    mutating func plausible(_ at: Int, after last: UInt32, _ form: ElementForm) -> PlausibleHeader? {
        guard has(8, at: at) else { return nil }
        let base = window.base
        let tag = ElementHeader.tag(base, at, form.isBigEndian)
        let group = tag >> 16
        guard tag > last, group >= 8,
            group <= 0x7FE0 || tag == 0xFFFC_FFFC || tag == 0xFFFA_FFFA
        else { return nil }
        let known = implicitVR(of: tag)
        var (vr, length, size) = (known, ElementHeader.number(base, at &+ 4, form.isBigEndian), 8)
        if !form.isImplicit {
            vr = VR(rawValue: ElementHeader.letters(base, at))
            guard VRForm.isKnown(vr.rawValue) else { return nil }
            if VRForm(vr.rawValue) == .short {
                length = ElementHeader.short(base, at &+ 6, form.isBigEndian)
            } else {
                guard has(12, at: at), ElementHeader.short(window.base, at &+ 6, false) == 0 else { return nil }
                length = ElementHeader.number(window.base, at &+ 8, form.isBigEndian)
                size = 12
            }
        }
        guard let trust = Self.trust(tag, vr, isImplicit: form.isImplicit) else { return nil }
        if form.isTop, ElementTag(tag).isPixelData {
            let isBinary = vr == .obOrOW || VRForm.isOther(vr)
            return isBinary ? PlausibleHeader(tag: tag, vr: vr, length: length, size: size, weight: 3) : nil
        }
        guard length == ElementHeader.undefined ? vr == .SQ || vr == .UN : length <= form.end &- at &- size else {
            return nil
        }
        guard isPlausibleValue(at &+ size, length, vr, form) else { return nil }
        return PlausibleHeader(tag: tag, vr: vr, length: length, size: size, weight: trust)
    }

    /// The dictionary's VR in any data set; `UN` for what it does not know.
    private func implicitVR(of tag: UInt32) -> VR { DataDictionary.implicitVR(of: tag) }

    /// How far a tag and a VR speak for an element; nil if they speak against one.
    static func trust(_ tag: UInt32, _ vr: VR, isImplicit: Bool) -> Int? {
        let tag = ElementTag(tag)
        if tag.isPrivate {
            guard tag.group > 8, tag.group != 0xFFFF else { return nil }
            if tag.isPrivateCreator { return vr == .LO ? 2 : isImplicit ? nil : 1 }
            if tag.element == 0 { return vr == .UL ? 1 : nil }
            return tag.element >= 0x1000 ? 1 : nil
        }
        guard let known = DataDictionary.entry(for: tag)?.vr else { return tag.element == 0 && vr == .UL ? 1 : nil }
        if isImplicit { return 2 }
        if vr == known || known.choices.contains(vr) { return 3 }
        if vr == .UN { return 2 }
        return vr.isText && known.isText && vr != .UI && known != .UI ? 1 : nil
    }

    /// Whether a value can be one of its VR: its length, the first item of a sequence, the characters of a text.
    private mutating func isPlausibleValue(_ at: Int, _ length: Int, _ vr: VR, _ form: ElementForm) -> Bool {
        if vr == .SQ || length == ElementHeader.undefined {
            if length == 0 { return true }
            guard length >= 8, has(8, at: at) else { return false }
            let isBigEndian = form.isBigEndian && vr != .UN
            let tag = ElementTag(ElementHeader.tag(window.base, at, isBigEndian))
            return tag == .item || (tag == .sequenceDelimitation && length == ElementHeader.undefined)
        }
        guard length & (vr.numberSize &- 1) == 0 else { return false }
        if vr.isText {
            let sample = min(length, 64)
            guard has(sample, at: at) else { return false }
            return UnsafeRawBufferPointer(start: window.base + at, count: sample).isPlausibleText(vr)
        }
        return true
    }
}

extension ElementTag {
    /// (7FE0,0008), (7FE0,0009), (7FE0,0010).
    var isPixelData: Bool { self == .pixelData || self == .floatPixelData || self == .doubleFloatPixelData }
}

extension VR {
    /// What the dictionary's choice stands for.
    var choices: [VR] {
        switch self {
        case .obOrOW: [.OB, .OW]
        case .usOrSS: [.US, .SS]
        case .usOrOW: [.US, .OW]
        case .usOrSSOrOW: [.US, .SS, .OW]
        default: []
        }
    }

    /// The bytes that one value of a text has at most (PS3.5 6.2), and that those of most numbers do not have: what is longer
    /// may be several values, or have a length that is wrong. Others have no limit.
    var longestValue: Int {
        switch self {
        case .DT, .LO, .PN, .UI: 64
        case .AE, .AS, .CS, .DA, .DS, .IS, .SH, .TM: 16
        case .AT, .FD, .FL, .SL, .SS, .SV, .UL, .US, .UV: 15
        default: .max
        }
    }

    /// Bytes of which a value holds a whole number (PS3.5 6.2): all have an even length.
    var numberSize: Int {
        switch self {
        case .AT, .FL, .OF, .OL, .SL, .UL: 4
        case .FD, .OD, .OV, .SV, .UV: 8
        default: 2
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether these bytes, the beginning of a value, can be text of a VR.
    func isPlausibleText(_ vr: VR) -> Bool {
        var isPadding = false
        for byte in self {
            if byte == 0 {
                isPadding = true
                continue
            }
            if isPadding || !byte.isCharacter(of: vr) { return false }
        }
        return true
    }
}

extension UInt8 {
    /// Whether a text of a VR may hold this byte (PS3.5 6.2): other repertoires are anything beyond ASCII.
    fileprivate func isCharacter(of vr: VR) -> Bool {
        switch vr {
        case .UI: (0x30...0x39).contains(self) || self == 0x2E || self == 0x5C || self == 0x20
        case .DA, .DS, .IS, .TM: (0x2A...0x3A).contains(self) || self == 0x5C || self == 0x20 || self | 0x20 == 0x65
        case .LT, .ST, .UT: self >= 0x20 ? self != 0x7F : (9...13).contains(self) || self == 0x1B
        default: self >= 0x20 ? self != 0x7F : self == 0x1B
        }
    }
}
