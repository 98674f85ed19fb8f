/// What SpecificCharacterSet (0008,0005) says: how the bytes of a text become UTF-8 (PS3.3 C.12.1.1.2, PS3.5 6.1.2).
///
/// Decoding never fails: what has no meaning becomes U+FFFD. In ISO_IR 13 (JIS X 0201) the bytes 5C and 7E, a yen sign and an
/// overline there, stay backslash and tilde: the first is DICOM's delimiter, the second what other readers show.
///
/// It holds glibc iconv handles, so it belongs to one thread. Get it from a `CharacterSetCache`.
package final class CharacterSet {
    private let base: Base
    /// Texts may switch sets by escape sequences.
    package let hasCodeExtensions: Bool
    let repertoires: RepertoireStore

    /// How bytes are read without code extensions.
    private enum Base {
        /// G0 is ASCII (or ISO 646 in its place), G1 this or nothing.
        case sets(Repertoire?)
        /// One encoding for all: GB18030 or GBK.
        case whole(Converter?)
        case utf8
    }

    /// The set that terms name; nil if one of them does not exist.
    ///
    /// - Parameters:
    ///   - terms: the value as it stands in the file, backslashes and padding included. Empty: the default repertoire.
    ///   - repertoires: tables and handles, shared among the sets of a thread.
    init?(terms: UnsafeRawBufferPointer, repertoires: RepertoireStore) {
        let values = terms.split(separator: 0x5C, omittingEmptySubsequences: false)
        let known = values.compactMap { CharacterSetTerm($0) }
        guard var first = known.first, known.count == values.count else { return nil }
        self.repertoires = repertoires
        hasCodeExtensions = values.count > 1 || first.isExtension
        // An empty value before a set that knows no code extensions says nothing.
        if first.isDefault, let only = known.first(where: { !$0.isDefault }), known.allSatisfy({ !$0.isExtension }) {
            first = only
        }
        switch first.meaning {
        case .encoding("UTF-8"): base = .utf8
        case .encoding(let name): base = .whole(repertoires.converter(name))
        case .initial(let name): base = .sets(name.flatMap { repertoires.repertoire($0) })
        }
    }

    /// ISO_IR 100, which needs no tables of others.
    init(latin1With repertoires: RepertoireStore) {
        self.repertoires = repertoires
        hasCodeExtensions = false
        base = .sets(repertoires.repertoire(.latin1))
    }

    /// Whether these bytes are the same in UTF-8, so that they need not be decoded: ASCII, and no escape sequence.
    package func isPlain(_ bytes: UnsafeRawBufferPointer) -> Bool {
        hasCodeExtensions ? bytes.isASCIIWithoutEscape : bytes.isASCII
    }

    /// Appends a text in UTF-8. Delimiters are characters of the result: split it after, not before.
    ///
    /// - Parameters:
    ///   - bytes: the value of one element, all its values together.
    ///   - kind: says which characters end the effect of escape sequences.
    ///   - output: gets the text; nothing is removed from it.
    package func decode(_ bytes: UnsafeRawBufferPointer, as kind: TextKind, appendingTo output: inout [UInt8]) {
        if isPlain(bytes) {
            output.append(contentsOf: bytes)
            return
        }
        switch base {
        case .whole(let converter):
            guard let converter else { return appendASCII(bytes, to: &output) }
            converter.convert(bytes, unit: 1, appendingTo: &output)
        case .utf8: output.append(repairingUTF8: bytes)
        case .sets(let initial):
            var decoder = CodeExtensionDecoder(initial: initial, kind: kind, areEscapesKnown: hasCodeExtensions)
            decoder.decode(bytes, with: repertoires, appendingTo: &output)
        }
    }

    /// Without iconv's tables, what is not ASCII cannot be read.
    private func appendASCII(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        for byte in bytes {
            if byte < 0x80 { output.append(byte) } else { output.append(scalar: 0xFFFD) }
        }
    }
}

/// What ends the effect of escape sequences (PS3.5 6.1.2.5.3).
package enum TextKind: Sendable {
    /// ST, LT, UT: the end of a line or page, and a tab.
    case text
    /// LO, SH, UC: a backslash as well.
    case values
    /// PN: `^` and `=` as well.
    case name

    package init(_ vr: VR) {
        switch vr {
        case .PN: self = .name
        case .ST, .LT, .UT: self = .text
        default: self = .values
        }
    }

    /// Whether the initial sets are in force again from this byte on.
    func isReset(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x09, 0x0A, 0x0C, 0x0D: true
        case 0x5C: self != .text
        case 0x5E, 0x3D: self == .name
        default: false
        }
    }
}
