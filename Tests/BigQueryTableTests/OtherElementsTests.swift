import Testing

@testable import BigQueryTable

/// The text of `OtherElements`, and its levels.
@Suite struct OtherElementsTests {
    private static let key = #"{"Tag":"Tag_00091001","Data":["#
    private let text = ValueForm(.text)

    private func string(_ elements: borrowing OtherElements) -> String {
        String(decoding: elements.elements, as: UTF8.self)
    }

    private func append(_ value: String, isSplit: Bool = true, to elements: inout OtherElements, limit: Int = .max)
        -> Bool
    {
        Array(value.utf8).withUnsafeBytes {
            elements.append(0x0009_1001, $0, isSplit: isSplit, text, limit: limit)
        }
    }

    @Test(arguments: [
        ("x", true, #""x""#),
        (" x ", true, #""x""#),
        (#"a\b"#, true, #""a","b""#),
        (#"a\\b"#, true, #""a","","b""#),
        (#"a\b"#, false, #""a\\b""#),
        ("a\"b", true, #""a\"b""#),
    ])
    func `text is a list of values`(value: String, isSplit: Bool, data: String) {
        var elements = OtherElements()
        #expect(append(value, isSplit: isSplit, to: &elements))
        #expect(string(elements) == Self.key + data + "]}")
    }

    @Test(arguments: [1, 4, 7, 8, 15, 16, 17, 200])
    func `plain text of any length is written as other text is`(length: Int) {
        let value = String(repeating: "x", count: length)
        var plain = OtherElements()
        var other = OtherElements()
        for _ in 0..<2 {
            Array(value.utf8).withUnsafeBytes { plain.append(0x0009_1001, plain: $0) }
            #expect(append(value, to: &other))
        }
        #expect(string(plain) == string(other))
    }

    @Test(
        arguments: [
            (ValueForm(.unsigned, width: 2), [0x01, 0x00, 0xFF, 0xFF], #""1","65535""#),
            (ValueForm(.signed, width: 2), [0x01, 0x00, 0xFF, 0xFF], #""1","-1""#),
            (ValueForm(.real, width: 4), [0x00, 0x00, 0x80, 0x3F, 0x00, 0x00, 0x80, 0xFF], #""1","-Infinity""#),
            (ValueForm(.real, width: 4), [0x00, 0x00, 0x80, 0x7F, 0x00, 0x00, 0xC0, 0x7F], #""Infinity","NaN""#),
        ] as [(ValueForm, [UInt8], String)]
    )
    func `numbers are texts`(form: ValueForm, bytes: [UInt8], data: String) throws {
        var elements = OtherElements()
        var reals = RealCache()
        let isWritten = try bytes.withUnsafeBytes { bytes in
            let numbers = try #require(Numbers(bytes, form: form, isBigEndian: false))
            return elements.append(0x0009_1001, numbers, &reals, limit: .max)
        }
        #expect(isWritten)
        #expect(string(elements) == Self.key + data + "]}")
    }

    @Test func `an entry that would make the list too long is left out`() {
        let entry = Self.key + #""x"]}"#
        var elements = OtherElements()
        #expect(append("x", to: &elements, limit: entry.utf8.count))
        #expect(!append("x", to: &elements, limit: entry.utf8.count * 2))
        #expect(string(elements) == entry)
        #expect(append("x", to: &elements, limit: entry.utf8.count * 2 + 1))
        #expect(string(elements) == entry + "," + entry)
    }

    @Test func `each level has its own entries, and leaves those around it`() {
        let entry = Self.key + #""x"]}"#
        var elements = OtherElements()
        let outermost = elements.openLevel()
        #expect(elements.levelIsEmpty == true)
        #expect(append("x", to: &elements))
        let outer = elements.openLevel()
        #expect(elements.levelIsEmpty == true)
        #expect(append("x", to: &elements))
        #expect(append("x", to: &elements))
        #expect(String(decoding: elements.level, as: UTF8.self) == entry + "," + entry)
        elements.closeLevel(to: outer)
        #expect(String(decoding: elements.level, as: UTF8.self) == entry)
        elements.closeLevel(to: outermost)
        #expect(elements.count == 0)
        #expect(elements.levelIsEmpty == true)
    }
}
