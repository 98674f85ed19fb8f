/// An expression in SQLite's words, and its type.
struct Value: Sendable {
    var sql: String
    var type: ValueType
    /// The text of a string literal, which may stand for a date or a time.
    var literal: String?
    /// The JSON that it is a part of and the path to it, so that a path of fields is read at once.
    private var json: (base: String, path: String)?

    init(_ sql: String, _ type: ValueType, literal: String? = nil) {
        self.sql = sql
        self.type = type
        self.literal = literal
    }

    /// A value as tables keep it: an empty array is NULL, and a TIMESTAMP has always six digits and a `Z`, without digits where
    /// an older version has written it. Here a full second has none in either case, so that equal times are equal texts.
    init(stored sql: String, _ type: ValueType) {
        switch type {
        case .timestamp: self.init("replace(rtrim(\(sql), 'Z'), '.000000', '')", type)
        case .array:
            self.init("ifnull(\(sql), '[]')", type)
            json = (sql, "")
        default:
            self.init(sql, type)
            json = (sql, "")
        }
    }

    /// A part of this value: `path` is SQLite's for what is inside of it.
    func part(_ path: String, _ type: ValueType) -> Value {
        let base = json?.base ?? sql
        let path = (json?.path ?? "") + path
        let quoted = Self.text("$" + path)
        // -> keeps JSON as it is, a JSON text in its quotes; json_extract gives SQL's values.
        let read = type == .json ? "(\(base) -> \(quoted))" : "json_extract(\(base), \(quoted))"
        var value = Value(stored: read, type)
        value.json = (base, path)
        return value
    }

    /// What a path leads to as text, if it is no object and no array: JSON_VALUE.
    func scalar(_ path: String) -> Value {
        let base = json?.base ?? sql
        let quoted = Self.text("$" + (json?.path ?? "") + path)
        return Value(
            "(CASE json_type(\(base), \(quoted)) WHEN 'object' THEN NULL WHEN 'array' THEN NULL WHEN 'null' THEN NULL "
                + "WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' "
                + "ELSE CAST(json_extract(\(base), \(quoted)) AS TEXT) END)",
            .string
        )
    }

    /// As an element of the JSON array that SQLite makes.
    var element: String {
        switch type {
        case .bool: "json(CASE \(sql) WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)"
        default: type.isJSON ? "json(\(sql))" : sql
        }
    }

    /// A text as a literal.
    static func text(_ text: String) -> String { quoted(text, "'") }

    /// A name in SQLite's quotes.
    static func name(_ name: String) -> String { quoted(name, "\"") }

    /// By scalars: to Swift a quote with an accent on it is another character, to SQLite it is not.
    private static func quoted(_ text: String, _ quote: Unicode.Scalar) -> String {
        var result = String.UnicodeScalarView([quote])
        for scalar in text.unicodeScalars {
            if scalar == quote { result.append(quote) }
            result.append(scalar)
        }
        result.append(quote)
        return String(result)
    }
}
