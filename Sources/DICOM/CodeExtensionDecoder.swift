/// ISO 2022 as DICOM uses it (PS3.5 6.1.2.5): G0 always in bytes 21 to 7E, G1 always in A0 to FF, designated by escape
/// sequences, reset by delimiters.
struct CodeExtensionDecoder {
    let initial: Repertoire?
    let kind: TextKind
    let areEscapesKnown: Bool

    /// What stands in G0; nil is ASCII.
    private var lower: Repertoire?
    private var upper: Repertoire?
    /// Bytes of a two-byte set, as EUC wants them.
    private var pairs: [UInt8] = []

    init(initial: Repertoire?, kind: TextKind, areEscapesKnown: Bool) {
        self.initial = initial
        self.kind = kind
        self.areEscapesKnown = areEscapesKnown
        upper = initial
    }

    mutating func decode(
        _ bytes: UnsafeRawBufferPointer,
        with store: RepertoireStore,
        appendingTo output: inout [UInt8]
    ) {
        var at = 0
        while at < bytes.count {
            let byte = bytes[at]
            if byte == 0x1B, areEscapesKnown {
                let length = designate(bytes[at...], store)
                if length == 0 { output.append(scalar: 0xFFFD) }
                at &+= max(length, 1)
            } else if byte < 0x80 {
                // Control characters and blanks are the same in every set.
                if let lower, (0x21...0x7E).contains(byte) {
                    at = decode(bytes, from: at, in: lower, highBit: 0, appendingTo: &output)
                } else {
                    if kind.isReset(byte) {
                        lower = nil
                        upper = initial
                    }
                    output.append(byte)
                    at &+= 1
                }
            } else if let upper {
                at = decode(bytes, from: at, in: upper, highBit: 0x80, appendingTo: &output)
            } else {
                output.append(scalar: 0xFFFD)
                at &+= 1
            }
        }
    }

    /// Decodes the run of bytes of one set that begins at `start`; returns where it ends.
    private mutating func decode(
        _ bytes: UnsafeRawBufferPointer,
        from start: Int,
        in repertoire: Repertoire,
        highBit: UInt8,
        appendingTo output: inout [UInt8]
    ) -> Int {
        var at = start
        switch repertoire {
        case .single(let table):
            while at < bytes.count, bytes[at] & 0x80 == highBit, bytes[at] > 0x20, bytes[at] != 0x7F {
                output.append(scalar: table[Int(bytes[at] & 0x7F)])
                at &+= 1
            }
        case .double(let converter, let prefix):
            pairs.removeAll(keepingCapacity: true)
            while at < bytes.count, bytes[at] & 0x80 == highBit, bytes[at] & 0x7F > 0x20, bytes[at] != 0x7F {
                // A lone first byte: the second is missing, or belongs to something else.
                guard at &+ 1 < bytes.count, bytes[at &+ 1] & 0x80 == highBit, bytes[at &+ 1] & 0x7F > 0x20 else {
                    flush(converter, unit: prefix == nil ? 2 : 3, to: &output)
                    output.append(scalar: 0xFFFD)
                    return at &+ 1
                }
                if let prefix { pairs.append(prefix) }
                pairs.append(bytes[at] | 0x80)
                pairs.append(bytes[at &+ 1] | 0x80)
                at &+= 2
            }
            flush(converter, unit: prefix == nil ? 2 : 3, to: &output)
            if at == start {
                output.append(scalar: 0xFFFD)
                at &+= 1
            }
        }
        return at
    }

    private mutating func flush(_ converter: Converter, unit: Int, to output: inout [UInt8]) {
        pairs.withUnsafeBytes { converter.convert($0, unit: unit, appendingTo: &output) }
        pairs.removeAll(keepingCapacity: true)
    }

    /// Obeys the escape sequence at the beginning of `bytes`; returns its length, 0 if there is no such sequence.
    private mutating func designate(_ bytes: Slice<UnsafeRawBufferPointer>, _ store: RepertoireStore) -> Int {
        for escape in EscapeSequence.all where bytes.starts(with: escape.bytes) {
            let repertoire = escape.name.flatMap { store.repertoire($0) }
            switch escape.target {
            case .lower: lower = repertoire
            case .upper: upper = repertoire
            }
            return escape.bytes.count
        }
        return 0
    }
}

/// A designation of PS3.3 tables C.12-3 and C.12-4.
private struct EscapeSequence {
    enum Target { case lower, upper }

    let bytes: [UInt8]
    let target: Target
    /// nil is ASCII, or ISO 646 in its place.
    let name: Repertoire.Name?

    init(_ text: StaticString, _ target: Target, _ name: Repertoire.Name?) {
        bytes = [0x1B] + Array(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        self.target = target
        self.name = name
    }

    static let all = [
        EscapeSequence("(B", .lower, nil),
        EscapeSequence("(J", .lower, nil),
        EscapeSequence(")I", .upper, .katakana),
        // Katakana in G0, and kanji of 1978: not DICOM, but mail software of the same hosts.
        EscapeSequence("(I", .lower, .katakana),
        EscapeSequence("$@", .lower, .kanji),
        EscapeSequence("$B", .lower, .kanji),
        EscapeSequence("$(B", .lower, .kanji),
        EscapeSequence("$(D", .lower, .supplementaryKanji),
        EscapeSequence("$)C", .upper, .korean),
        EscapeSequence("$)A", .upper, .chinese),
        EscapeSequence("-A", .upper, .latin1),
        EscapeSequence("-B", .upper, .latin2),
        EscapeSequence("-C", .upper, .latin3),
        EscapeSequence("-D", .upper, .latin4),
        EscapeSequence("-F", .upper, .greek),
        EscapeSequence("-G", .upper, .arabic),
        EscapeSequence("-H", .upper, .hebrew),
        EscapeSequence("-L", .upper, .cyrillic),
        EscapeSequence("-M", .upper, .latin5),
        EscapeSequence("-T", .upper, .thai),
        EscapeSequence("-b", .upper, .latin9),
    ]
}
