/// A function whose arguments are checked by their types and handed on as they are.
struct FunctionRule: Sendable {
    enum Wanted: Sendable {
        case string, number, integer, date, timestamp, array
        /// Texts in an array.
        case strings
        /// What becomes a text by itself, as in CONCAT.
        case text
        case any

        func takes(_ type: ValueType) -> Bool {
            if type.isOpen { return true }
            switch self {
            case .string: return type == .string
            case .number: return type.isNumber
            case .integer: return type == .int64
            case .date: return type == .date
            case .timestamp: return type == .timestamp
            case .array:
                guard case .array = type else { return false }
                return true
            case .strings: return type == .array(.string)
            case .text: return Cast.isPossible(from: type, to: .string)
            case .any: return true
            }
        }

        /// What a string literal is taken for.
        var temporal: ValueType {
            switch self {
            case .date: .date
            case .timestamp: .timestamp
            default: .any
            }
        }
    }

    enum Result: Sendable {
        case type(ValueType)
        /// Of the arguments together.
        case common
        /// NUMERIC of a NUMERIC, else FLOAT64.
        case float
    }

    /// SQLite's name, or ours.
    var sql: String
    var wanted: [Wanted]
    /// How many of them may be left out.
    var optional = 0
    /// Whether the last one may be there more than once.
    var isOpenEnded = false
    var result: Result

    private init(_ sql: String, _ wanted: [Wanted], _ result: Result, optional: Int = 0, isOpenEnded: Bool = false) {
        self.sql = sql
        self.wanted = wanted
        self.result = result
        self.optional = optional
        self.isOpenEnded = isOpenEnded
    }

    /// By BigQuery's names.
    static let all: [String: FunctionRule] = {
        let string = Result.type(.string)
        let integer = Result.type(.int64)
        let bool = Result.type(.bool)
        let length = FunctionRule("bq_length", [.string], integer)
        let ceiling = FunctionRule("bq_ceil", [.number], .float)
        let power = FunctionRule("bq_pow", [.number, .number], .float)
        let substring = FunctionRule("bq_substr", [.string, .integer, .integer], string, optional: 1)
        return [
            "ABS": FunctionRule("abs", [.number], .common),
            "ARRAY_LENGTH": FunctionRule("json_array_length", [.array], integer),
            "CEIL": ceiling, "CEILING": ceiling,
            "CHAR_LENGTH": length, "CHARACTER_LENGTH": length, "LENGTH": length,
            "COALESCE": FunctionRule("coalesce", [.any, .any], .common, optional: 1, isOpenEnded: true),
            "CONTAINS_SUBSTR": FunctionRule("bq_contains", [.string, .string], bool),
            "DIV": FunctionRule("bq_div", [.integer, .integer], integer),
            "ENDS_WITH": FunctionRule("bq_ends_with", [.string, .string], bool),
            "EXP": FunctionRule("bq_exp", [.number], .float),
            "FLOOR": FunctionRule("bq_floor", [.number], .float),
            "GREATEST": FunctionRule("max", [.any, .any], .common, isOpenEnded: true),
            "IFNULL": FunctionRule("ifnull", [.any, .any], .common),
            "LEAST": FunctionRule("min", [.any, .any], .common, isOpenEnded: true),
            "LEFT": FunctionRule("bq_left", [.string, .integer], string),
            "LN": FunctionRule("bq_ln", [.number], .float),
            "LOG10": FunctionRule("bq_log10", [.number], .float),
            "LOWER": FunctionRule("bq_lower", [.string], string),
            "LPAD": FunctionRule("bq_lpad", [.string, .integer, .string], string, optional: 1),
            "LTRIM": FunctionRule("bq_ltrim", [.string, .string], string, optional: 1),
            "MOD": FunctionRule("bq_mod", [.integer, .integer], integer),
            "NULLIF": FunctionRule("nullif", [.any, .any], .common),
            "POW": power, "POWER": power,
            "REPEAT": FunctionRule("bq_repeat", [.string, .integer], string),
            "REPLACE": FunctionRule("replace", [.string, .string, .string], string),
            "REVERSE": FunctionRule("bq_reverse", [.string], string),
            "RIGHT": FunctionRule("bq_right", [.string, .integer], string),
            "RPAD": FunctionRule("bq_rpad", [.string, .integer, .string], string, optional: 1),
            "RTRIM": FunctionRule("bq_rtrim", [.string, .string], string, optional: 1),
            "SAFE_DIVIDE": FunctionRule("bq_safe_divide", [.number, .number], .float),
            "SIGN": FunctionRule("bq_sign", [.number], .common),
            "SPLIT": FunctionRule("bq_split", [.string, .string], .type(.array(.string)), optional: 1),
            "SQRT": FunctionRule("bq_sqrt", [.number], .float),
            "STARTS_WITH": FunctionRule("bq_starts_with", [.string, .string], bool),
            "STRPOS": FunctionRule("instr", [.string, .string], integer),
            "SUBSTR": substring, "SUBSTRING": substring,
            "TRIM": FunctionRule("bq_trim", [.string, .string], string, optional: 1),
            "TRUNC": FunctionRule("bq_trunc", [.number], .float),
            "UPPER": FunctionRule("bq_upper", [.string], string),
        ]
    }()

    /// Arguments as an error shows them.
    static func signature(_ wanted: [Wanted]) -> String {
        wanted.map { "\($0)".uppercased() }.joined(separator: ", ")
    }
}
