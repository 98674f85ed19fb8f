/// Reads one query. What BigQuery has and this does not is refused by its name, never passed over.
struct Parser {
    /// Of parentheses and subqueries in one another: bounds the recursion, here and in SQLite.
    private static let deepest = 60

    let tokens: [Token]
    private let sql: String
    var position = 0
    private var depth = 0

    /// - Throws: for everything that is not a single SELECT, with its place.
    static func query(_ sql: String) throws(QueryError) -> Query {
        var parser = Parser(sql: sql, tokens: try Lexer.tokens(sql))
        guard parser.token.kind != .end else { throw QueryError("There is no query") }
        guard parser.isNext("SELECT", "WITH") || parser.isNext(symbol: "(") else { throw parser.notAQuery }
        let query = try parser.query()
        if parser.take(symbol: ";"), parser.token.kind != .end {
            throw QueryError("Only one statement can be run", at: parser.token.offset)
        }
        guard parser.token.kind == .end else { throw parser.unexpected }
        return query
    }

    private init(sql: String, tokens: [Token]) {
        self.sql = sql
        self.tokens = tokens
    }

    // MARK: Tokens

    var token: Token { tokens[position] }

    func token(ahead distance: Int) -> Token { tokens[min(position + distance, tokens.count - 1)] }

    mutating func advance() { position = min(position + 1, tokens.count - 1) }

    func isNext(_ keywords: String...) -> Bool { token.keyword.map(keywords.contains) ?? false }

    func isNext(symbol: String, ahead distance: Int = 0) -> Bool { token(ahead: distance).kind == .symbol(symbol) }

    mutating func take(_ keyword: String) -> Bool {
        guard isNext(keyword) else { return false }
        advance()
        return true
    }

    mutating func take(symbol: String) -> Bool {
        guard isNext(symbol: symbol) else { return false }
        advance()
        return true
    }

    mutating func expect(_ keyword: String) throws(QueryError) {
        guard take(keyword) else { throw expected(keyword) }
    }

    mutating func expect(symbol: String) throws(QueryError) {
        guard take(symbol: symbol) else { throw expected("\"\(symbol)\"") }
    }

    var unexpected: QueryError { QueryError("Syntax error: Unexpected \(token.shown)", at: token.offset) }

    func expected(_ what: String) -> QueryError {
        QueryError("Syntax error: Expected \(what) but got \(token.shown)", at: token.offset)
    }

    private var notAQuery: QueryError {
        QueryError(
            "Only a query can be run, not \(token.shown)",
            at: token.offset,
            hint: "The warehouse is read only: write SELECT … or WITH …."
        )
    }

    /// A name, quoted or not; keywords only where `allowsKeywords`, as behind a point.
    mutating func name(allowsKeywords: Bool = false) throws(QueryError) -> Name {
        switch token.kind {
        case .quoted(let text): return taken(text)
        case .word(let text) where allowsKeywords || !Self.reserved.contains(text.uppercased()): return taken(text)
        default: throw expected("a name")
        }
    }

    private mutating func taken(_ text: String) -> Name {
        let name = Name(text: text, offset: token.offset)
        advance()
        return name
    }

    /// `AS name`, or a name alone.
    mutating func alias() throws(QueryError) -> Name? {
        if take("AS") { return try name() }
        switch token.kind {
        case .quoted: return try name()
        case .word(let text)
        where !Self.reserved.contains(text.uppercased()) && !Self.notAliases.contains(text.uppercased()):
            return try name()
        default: return nil
        }
    }

    mutating func nested<Result>(
        _ read: (inout Parser) throws(QueryError) -> Result
    ) throws(QueryError) -> Result {
        guard depth < Self.deepest else {
            throw QueryError("The query is nested too deeply", at: token.offset)
        }
        depth += 1
        defer { depth -= 1 }
        return try read(&self)
    }

    /// One or more, with commas between them.
    mutating func list<Element>(
        _ read: (inout Parser) throws(QueryError) -> Element
    ) throws(QueryError) -> [Element] {
        var elements = [try read(&self)]
        while take(symbol: ",") { elements.append(try read(&self)) }
        return elements
    }

    /// What stands in the query between two places.
    func source(_ range: Range<Int>) -> String { String(decoding: Array(sql.utf8)[range], as: UTF8.self) }

    // MARK: Queries

    mutating func query() throws(QueryError) -> Query {
        try nested { parser throws(QueryError) in try parser.queryParts() }
    }

    private mutating func queryParts() throws(QueryError) -> Query {
        var common: [Query.Common] = []
        if take("WITH") {
            if isNext("RECURSIVE") { throw .unsupported("WITH RECURSIVE", at: token.offset) }
            common = try list { parser throws(QueryError) in
                let name = try parser.name()
                try parser.expect("AS")
                return Query.Common(name: name, query: try parser.parenthesised())
            }
        }
        let first = try body()
        var others: [(operation: Name, body: Query.Body)] = []
        while let operation = try setOperation() {
            if let before = others.first?.operation, before.text != operation.text {
                throw QueryError(
                    "Different set operations need parentheses around the first",
                    at: operation.offset
                )
            }
            others.append((operation, try body()))
        }
        var order: [OrderItem] = []
        if take("ORDER") {
            try expect("BY")
            order = try list { parser throws(QueryError) in try parser.orderItem() }
        }
        var limit: Expression?
        var offset: Expression?
        if take("LIMIT") {
            limit = try expression()
            if take("OFFSET") { offset = try expression() }
        }
        return Query(common: common, first: first, others: others, order: order, limit: limit, offset: offset)
    }

    mutating func parenthesised() throws(QueryError) -> Query {
        try expect(symbol: "(")
        let query = try query()
        try expect(symbol: ")")
        return query
    }

    private mutating func body() throws(QueryError) -> Query.Body {
        if isNext(symbol: "(") { return .query(try parenthesised()) }
        return .select(try select())
    }

    private mutating func setOperation() throws(QueryError) -> Name? {
        let offset = token.offset
        if take("UNION") {
            if take("ALL") { return Name(text: "UNION ALL", offset: offset) }
            try expect("DISTINCT")
            return Name(text: "UNION", offset: offset)
        }
        for word in ["INTERSECT", "EXCEPT"] where take(word) {
            try expect("DISTINCT")
            return Name(text: word, offset: offset)
        }
        return nil
    }

    mutating func orderItem() throws(QueryError) -> OrderItem {
        let expression = try expression()
        var suffix = ""
        if take("DESC") { suffix = " DESC" } else if take("ASC") { suffix = " ASC" }
        if take("NULLS") {
            if take("FIRST") {
                suffix += " NULLS FIRST"
            } else {
                try expect("LAST")
                suffix += " NULLS LAST"
            }
        }
        return OrderItem(expression: expression, suffix: suffix)
    }

    /// Words that cannot be a name without backquotes. `ROWS` is one in BigQuery, but also a keyword of DICOM.
    static let reserved: Set<String> = [
        "ALL", "AND", "ANY", "ARRAY", "AS", "ASC", "AT", "BETWEEN", "BY", "CASE", "CAST", "COLLATE", "CREATE", "CROSS",
        "CUBE", "CURRENT", "DEFAULT", "DESC", "DISTINCT", "ELSE", "END", "ESCAPE", "EXCEPT", "EXCLUDE", "EXISTS",
        "EXTRACT", "FALSE", "FETCH", "FOLLOWING", "FOR", "FROM", "FULL", "GROUP", "GROUPING", "HASH", "HAVING", "IF",
        "IGNORE", "IN", "INNER", "INTERSECT", "INTERVAL", "INTO", "IS", "JOIN", "LATERAL", "LEFT", "LIKE", "LIMIT",
        "MERGE", "NATURAL", "NEW", "NO", "NOT", "NULL", "NULLS", "OF", "ON", "OR", "ORDER", "OUTER", "OVER",
        "PARTITION",
        "PRECEDING", "QUALIFY", "RANGE", "RECURSIVE", "RESPECT", "RIGHT", "ROLLUP", "SELECT", "SET", "SOME", "STRUCT",
        "TABLESAMPLE", "THEN", "TO", "TRUE", "UNBOUNDED", "UNION", "UNNEST", "USING", "WHEN", "WHERE", "WINDOW", "WITH",
    ]

    /// Words that begin something else where an alias could stand.
    private static let notAliases: Set<String> = ["ROWS", "PIVOT", "UNPIVOT", "MATCH_RECOGNIZE", "OFFSET"]
}
