import Testing

@testable import WarehouseQuery

@Suite struct LexerTests {
    private func kinds(_ sql: String) throws -> [Token.Kind] { try Lexer.tokens(sql).dropLast().map(\.kind) }

    private func failure(_ sql: String) -> QueryError? {
        do throws(QueryError) {
            _ = try Lexer.tokens(sql)
            return nil
        } catch {
            return error
        }
    }

    @Test func `comments of all three kinds are space`() throws {
        #expect(try kinds("a # b\nc -- d\ne /* f\n */ g") == [.word("a"), .word("c"), .word("e"), .word("g")])
        #expect(try kinds("#standardSQL").isEmpty)
        #expect(try kinds("'a # b' - -1") == [.string("a # b"), .symbol("-"), .symbol("-"), .number("1")])
    }

    @Test(arguments: [
        (#"'a'"#, "a"), (#""a""#, "a"), (#"'it''"#, nil), (#"'it\'s'"#, "it's"), (#""say 'x'""#, "say 'x'"),
        (#"r'\d'"#, #"\d"#), (#"r'\''"#, #"\'"#), (#"'''a'b'''"#, "a'b"), ("\"\"\"a\nb\"\"\"", "a\nb"),
        (#"'\x41\u00e9\U0001F600\101\n'"#, "Aé😀A\n"), (#"'\d'"#, nil), (#"'\000'"#, nil), (#"'\uD800'"#, nil),
        ("'a\nb'", nil), (#"'"#, nil), (#"'\'"#, nil), (#""""a""#, nil), (#"b'a'"#, nil), (#"rb'a'"#, nil), ("''", ""),
        ("''''''", ""),
    ])
    func `strings are what BigQuery takes them for`(source: String, text: String?) throws {
        guard let text else {
            #expect(failure(source) != nil, "\(source)")
            return
        }
        #expect(try kinds(source) == [.string(text)])
    }

    @Test(arguments: [
        ("SELECT 'abc", 7), ("SELECT /* abc", 7), ("SELECT `abc", 7), ("SELECT ``", 7), ("SELECT \u{00A0}1", 7),
        ("SELECT @", 7), ("SELECT $1", 7), ("SELECT \u{0}", 7),
    ])
    func `what cannot be read is refused at its place`(sql: String, offset: Int) {
        #expect(failure(sql)?.offset == offset)
    }

    @Test func `numbers, names and paths are told apart`() throws {
        #expect(
            try kinds("1 1.5 .5 1. 1e3 1.5E-3 0x1F 1e")
                == [
                    .number("1"), .number("1.5"), .number(".5"), .number("1."), .number("1e3"), .number("1.5E-3"),
                    .number("0x1F"), .number("1"), .word("e"),
                ]
        )
        #expect(try kinds("t.a") == [.word("t"), .symbol("."), .word("a")])
        #expect(
            try kinds("`p-1.d.t`.x@y<>z||w")
                == [
                    .quoted("p-1.d.t"), .symbol("."), .word("x"), .parameter("y"), .symbol("<>"), .word("z"),
                    .symbol("||"), .word("w"),
                ]
        )
    }

    @Test func `a megabyte is read, or refused, without delay`() throws {
        let list = "SELECT 1 IN (" + String(repeating: "'12345678', ", count: 90_000) + "'')"
        #expect(try kinds(list).count > 180_000)
        #expect(failure("SELECT '" + String(repeating: "x", count: 1 << 20))?.offset == 7)
        #expect(failure("/*" + String(repeating: "*", count: 1 << 20))?.offset == 0)
    }

    @Test func `an error shows its place in the query`() {
        let error = QueryError("Unrecognized name: x", at: 9, hint: "Did you mean y?")
        #expect(
            error.text(in: "SELECT\n  x,\n  z") == """
                Unrecognized name: x at [2:3]
                  x,
                  ^
                Did you mean y?
                """
        )
        #expect(QueryError("a", at: 99).text(in: "b") == "a at [1:2]\nb\n ^")
        #expect(QueryError("a", at: 0).text(in: "") == "a at [1:1]\n\n^")
        let long = String(repeating: "é", count: 500) + "x"
        #expect(QueryError("a", at: 1000).text(in: long).contains(String(repeating: "é", count: 70) + "x\n"))
    }
}
