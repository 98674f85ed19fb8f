/// A piece of a query: what it is, and where it stands.
struct Token: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// A keyword or a name, as it was written.
        case word(String)
        /// A name in backquotes.
        case quoted(String)
        case string(String)
        /// Digits, with a fraction and an exponent or without.
        case number(String)
        /// `@name`.
        case parameter(String)
        /// An operator or a bracket.
        case symbol(String)
        case end
    }

    var kind: Kind
    /// In bytes of the query.
    var range: Range<Int>

    var offset: Int { range.lowerBound }

    /// The keyword in upper case; nil for everything else.
    var keyword: String? {
        if case .word(let text) = kind { text.uppercased() } else { nil }
    }

    /// As an error names it.
    var shown: String {
        switch kind {
        case .word(let text), .number(let text), .symbol(let text): "\"\(text.prefix(60))\""
        case .quoted(let text): "`\(text.prefix(60))`"
        case .string: "a string"
        case .parameter(let name): "@\(name.prefix(60))"
        case .end: "end of query"
        }
    }
}
