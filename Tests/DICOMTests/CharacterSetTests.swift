import DICOM
import DICOMTestSupport
import TestSupport
import Testing

/// Bytes from a text in which `\u{80}` to `\u{FF}` are single bytes.
private func raw(_ text: String) -> [UInt8] { text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }

/// What a value says under some terms.
private func decode(
    _ terms: String,
    _ bytes: [UInt8],
    _ kind: TextKind = .name,
    default standard: String = "ISO_IR 100"
) -> String {
    let cache = CharacterSetCache(default: standard)
    var output: [UInt8] = []
    Array(terms.utf8).withUnsafeBytes { terms in
        bytes.withUnsafeBytes { cache.named(terms).decode($0, as: kind, appendingTo: &output) }
    }
    return String(validating: output, as: UTF8.self) ?? "not UTF-8"
}

@Suite struct CharacterSetTests {
    static let escape = "\u{1B}"

    // PS3.5 H.3.1 and H.3.2.
    static let kanji =
        "\(escape)$B;3ED\(escape)(B^\(escape)$BB@O:\(escape)(B=\(escape)$B$d$^$@\(escape)(B^\(escape)$B$?$m$&\(escape)(B"

    @Test func `PS3.5 H: Japanese names`() {
        let expected = "山田^太郎=やまだ^たろう"
        #expect(decode("\\ISO 2022 IR 87", raw("Yamada^Tarou=" + Self.kanji)) == "Yamada^Tarou=" + expected)
        let katakana = "\u{D4}\u{CF}\u{C0}\u{DE}^\u{C0}\u{DB}\u{B3}="
        let roman = Self.kanji.replacing("(B", with: "(J")
        #expect(decode("ISO 2022 IR 13\\ISO 2022 IR 87", raw(katakana + roman)) == "ﾔﾏﾀﾞ^ﾀﾛｳ=" + expected)
    }

    @Test func `JIS X 0212 and kanji of 1978`() {
        #expect(decode("\\ISO 2022 IR 159", raw("\(Self.escape)$(D0!\(Self.escape)(B")) == "丂")
        #expect(decode("\\ISO 2022 IR 87", raw("\(Self.escape)$@;3\(Self.escape)(B")) == "山")
    }

    @Test func `PS3.5 I: Korean names and text`() {
        let designate = "\(Self.escape)$)C"
        let name =
            "Hong^Gildong=\(designate)\u{FB}\u{F3}^\(designate)\u{D1}\u{CE}\u{D4}\u{D7}"
            + "=\(designate)\u{C8}\u{AB}^\(designate)\u{B1}\u{E6}\u{B5}\u{BF}"
        #expect(decode("\\ISO 2022 IR 149", raw(name)) == "Hong^Gildong=洪^吉洞=홍^길동")
        let text = "\(designate)The 1st line includes \u{B1}\u{E6}\u{B5}\u{BF}.\r\n\(designate)2nd \u{B1}\u{E6}\r\n3rd."
        #expect(decode("\\ISO 2022 IR 149", raw(text), .text) == "The 1st line includes 길동.\r\n2nd 길\r\n3rd.")
    }

    @Test func `PS3.5 J and K: Chinese names`() {
        #expect(decode("ISO_IR 192", Array("Wang^XiaoDong=王^小東".utf8)) == "Wang^XiaoDong=王^小東")
        let gb18030 = raw("Wang^XiaoDong=\u{CD}\u{F5}^\u{D0}\u{A1}\u{B6}\u{AB}")
        #expect(decode("GB18030", gb18030) == "Wang^XiaoDong=王^小东")
        #expect(decode("GBK", gb18030) == "Wang^XiaoDong=王^小东")
        let designate = "\(Self.escape)$)A"
        let name = raw("Zhang^XiaoDong=\(designate)\u{D5}\u{C5}^\(designate)\u{D0}\u{A1}\u{B6}\u{AB}=")
        #expect(decode("\\ISO 2022 IR 58", name) == "Zhang^XiaoDong=张^小东=")
    }

    @Test func `a backslash byte in a Chinese character is no delimiter`() {
        #expect(decode("GBK", [0x81, 0x5C, 0x5C, 0x41], .values) == "乗\\A")
        #expect(decode("GB18030", [0x81, 0x5C, 0x95, 0x32, 0x82, 0x36], .values) == "乗\u{20000}")
    }

    @Test(arguments: [
        ("100", [0xC4], "Ä"), ("101", [0xB3], "ł"), ("109", [0xB1], "ħ"), ("110", [0xF3], "ķ"),
        ("144", [0xBB, 0xEE], "Лю"), ("127", [0xE2], "ق"), ("126", [0xC4], "Δ"), ("138", [0xF9], "ש"),
        ("148", [0xFE], "ş"), ("166", [0xE4, 0xB7, 0xC2], "ไทย"), ("203", [0xA4], "€"), ("13", [0xD4], "ﾔ"),
    ])
    func `single-byte sets decode, with and without code extensions`(number: String, bytes: [Int], expected: String) {
        let bytes = bytes.map { UInt8($0) }
        for terms in ["ISO_IR \(number)", "ISO 2022 IR \(number)", "ISO 2022 IR \(number)\\ISO 2022 IR 87"] {
            #expect(decode(terms, raw("a^") + bytes + raw("\\")) == "a^\(expected)\\")
        }
    }

    @Test(arguments: [
        ("-A", "100"), ("-B", "101"), ("-C", "109"), ("-D", "110"), ("-L", "144"), ("-G", "127"), ("-F", "126"),
        ("-H", "138"), ("-M", "148"), ("-T", "166"), ("-b", "203"), (")I", "13"),
    ])
    func `escape sequences say the same as terms`(sequence: String, number: String) {
        for byte in UInt8(0xA1)...0xFF {
            let bytes = raw("\(Self.escape)\(sequence)") + [byte]
            #expect(decode("\\ISO 2022 IR 87", bytes) == decode("ISO_IR \(number)", [byte]))
        }
    }

    @Test func `delimiters end the effect of escape sequences`() {
        let terms = "ISO 2022 IR 6\\ISO 2022 IR 144"
        let start = "\(Self.escape)-L\u{BB}"
        func check(_ delimiter: String, _ kind: TextKind, isReset: Bool) {
            let expected = "Л\(delimiter)" + (isReset ? "\u{FFFD}" : "Л")
            #expect(decode(terms, raw(start + delimiter + "\u{BB}"), kind) == expected)
        }
        for control in ["\r", "\n", "\u{C}", "\t"] {
            for kind in [TextKind.text, .values, .name] { check(control, kind, isReset: true) }
        }
        check("\\", .text, isReset: false)
        check("\\", .values, isReset: true)
        check("\\", .name, isReset: true)
        for delimiter in ["^", "="] {
            check(delimiter, .values, isReset: false)
            check(delimiter, .name, isReset: true)
        }
        check(" ", .name, isReset: false)
        // The first term is in force again, not ASCII alone.
        #expect(decode("ISO 2022 IR 100\\ISO 2022 IR 144", raw(start + "^\u{C4}")) == "Л^Ä")
    }

    @Test func `in JIS X 0201 the delimiter is a backslash`() {
        #expect(decode("ISO_IR 13", [0xD4, 0x5C, 0x7E], .values) == "ﾔ\\~")
        #expect(decode("ISO 2022 IR 13\\ISO 2022 IR 87", raw("\(Self.escape)(Ja\\b~"), .values) == "a\\b~")
    }

    @Test func `terms are found however they are spelled`() {
        for terms in ["ISO_IR 101", "ISO IR 101", "iso-ir 101", "ISO_IR_101", " ISO_IR 101 ", "ISO_IR 101\0"] {
            #expect(decode(terms, [0xB3]) == "ł")
        }
    }

    @Test func `absent and unknown terms mean the default`() {
        for terms in ["", " ", "ISO_IR 999", "nonsense", "ISO_IR 144\\nonsense", "ISO_IR 87", "ISO_IR 149"] {
            #expect(decode(terms, [0xC4]) == "Ä")
            #expect(decode(terms, [0xBB], default: "ISO_IR 144") == "Л")
        }
        #expect(decode("", Array("ł".utf8), default: "ISO_IR 192") == "ł")
        #expect(decode("ISO_IR 6", [0x41, 0xC4]) == "A\u{FFFD}")
        #expect(decode("", [0xC4], default: "nonsense") == "Ä")
        #expect(CharacterSetCache.exists("ISO_IR 100") && CharacterSetCache.exists("GB18030"))
        #expect(!CharacterSetCache.exists("ISO_IR 99") && !CharacterSetCache.exists(""))
    }

    @Test(arguments: [
        ("ISO_IR 192", [0x41, 0xFF, 0xC3, 0x42, 0xE2, 0x82], "A\u{FFFD}\u{FFFD}B\u{FFFD}\u{FFFD}"),
        ("ISO_IR 192", [0xED, 0xA0, 0x80, 0x41], "\u{FFFD}\u{FFFD}\u{FFFD}A"),
        ("ISO_IR 192", [0xF4, 0x8F, 0xBF, 0xBF, 0x41], "\u{10FFFF}A"),
        ("ISO_IR 192", [0xF4, 0x90, 0x80, 0x80, 0x41], "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}A"),
        ("ISO_IR 192", [0xF5, 0xB3, 0xB0, 0xAA, 0x41], "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}A"),
        ("ISO_IR 192", [0xC0, 0x80, 0xE0, 0x80, 0x41], "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}A"),
        ("ISO_IR 126", [0xD2, 0xC4], "\u{FFFD}Δ"),
        ("ISO_IR 166", [0xFF, 0xE4], "\u{FFFD}ไ"),
        ("ISO_IR 13", [0xE0, 0xD4], "\u{FFFD}ﾔ"),
        ("GB18030", [0x81, 0x41, 0xFF, 0x42], "丄\u{FFFD}B"),
        ("GBK", [0x41, 0x81], "A\u{FFFD}"),
        ("\\ISO 2022 IR 149", [0x1B, 0x24, 0x29, 0x43, 0xC8, 0x41, 0xC8, 0xAB], "\u{FFFD}A홍"),
        ("\\ISO 2022 IR 87", [0x1B, 0x24, 0x42, 0x7E, 0x7E, 0x3B, 0x33], "\u{FFFD}山"),
        ("\\ISO 2022 IR 87", [0x1B, 0x24, 0x42, 0x3B, 0x33, 0x3B], "山\u{FFFD}"),
        ("\\ISO 2022 IR 87", [0x41, 0x1B, 0x25, 0x42, 0x1B], "A\u{FFFD}%B\u{FFFD}"),
        ("\\ISO 2022 IR 87", [0x41, 0x80, 0xFF], "A\u{FFFD}\u{FFFD}"),
    ])
    func `what has no meaning is replaced`(terms: String, bytes: [Int], expected: String) {
        #expect(decode(terms, bytes.map { UInt8($0) }) == expected)
    }

    @Test func `an escape sequence without code extensions is text`() {
        #expect(decode("ISO_IR 100", raw("\(Self.escape)-L\u{C4}")) == "\u{1B}-LÄ")
    }

    @Test func `plain text is seen at any length`() {
        for length in 0..<40 {
            for position in 0..<length {
                for (byte, isASCII, isPlain) in [
                    (UInt8(0x80), false, false), (0xFF, false, false), (0x1B, true, false), (0x1A, true, true),
                    (0x9B, false, false),
                ] {
                    var bytes = [UInt8](repeating: 0x41, count: length)
                    bytes[position] = byte
                    bytes.withUnsafeBytes {
                        #expect($0.isASCII == isASCII)
                        #expect($0.isASCIIWithoutEscape == isPlain)
                    }
                }
            }
        }
    }

    @Test func `the cache gives the same set again, and forgets the oldest`() {
        let cache = CharacterSetCache()
        func named(_ terms: String) -> CharacterSet { Array(terms.utf8).withUnsafeBytes { cache.named($0) } }
        let first = named("ISO_IR 101")
        #expect(named("ISO_IR 192") !== first)
        #expect(named("ISO_IR 101") === first)
        #expect(named("unknown") === cache.standard && named("") === cache.standard)
        for number in 0..<200 { _ = named("unknown \(number)") }
        #expect(named("ISO_IR 101") !== first)
    }

    @Test func `any bytes under any terms become UTF-8`() {
        var random = SeededGenerator(seed: 7)
        let terms = [
            "ISO_IR 100", "ISO_IR 192", "GB18030", "GBK", "ISO 2022 IR 13\\ISO 2022 IR 87\\ISO 2022 IR 159",
            "\\ISO 2022 IR 149", "\\ISO 2022 IR 58", "ISO_IR 166", "ISO_IR 13", "",
        ]
        let pieces = ["$B", "$(D", "$)C", "$)A", "(J", "(B", ")I", "-L", "-T", "\\", "^", "=", "\r\n"].map { raw($0) }
        let cache = CharacterSetCache()
        var output: [UInt8] = []
        for round in 0..<4000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0..<12, using: &random) {
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes += [0x1B] + (pieces.randomElement(using: &random) ?? [])
                case 1:
                    bytes += (0..<Int.random(in: 0..<6, using: &random)).map { _ in
                        UInt8.random(in: 0...255, using: &random)
                    }
                default:
                    bytes += (0..<Int.random(in: 0..<4, using: &random)).map { _ in
                        UInt8.random(in: 0xA0...255, using: &random)
                    }
                }
            }
            output.removeAll(keepingCapacity: true)
            Array(terms[round % terms.count].utf8).withUnsafeBytes { terms in
                bytes.withUnsafeBytes { cache.named(terms).decode($0, as: .name, appendingTo: &output) }
            }
            #expect(String(validating: output, as: UTF8.self) != nil)
        }
    }
}
