/// A name with its place.
struct Name: Hashable, Sendable {
    var text: String
    var offset: Int

    /// BigQuery tells columns and aliases apart without regard to case.
    var key: String { text.lowercased() }
}

/// An expression with its place.
struct Expression: Sendable {
    var form: Form
    var offset: Int

    indirect enum Form: Sendable {
        case null
        case bool(Bool)
        case number(String)
        case string(String)
        /// `DATE '…'`, `TIME '…'`, `TIMESTAMP '…'`.
        case temporal(ValueType, String)
        case parameter(String)
        case path([Name])
        case field(Expression, Name)
        case element(Expression, Position, Expression)
        case array([Expression])
        case call(Call)
        case cast(Expression, Name, isSafe: Bool)
        case extract(Name, Expression)
        case choice(operand: Expression?, [(when: Expression, then: Expression)], otherwise: Expression?)
        case not(Expression)
        case negative(Expression)
        /// Operators of one rank, from left to right.
        case chain(Expression, [(operation: Name, operand: Expression)])
        case comparison(Expression, Name, Expression)
        case like(Expression, Expression)
        case between(Expression, Expression, Expression)
        case inList(Expression, [Expression])
        case inQuery(Expression, Query)
        case inArray(Expression, Expression)
        case isTest(Expression, Test)
        case exists(Query)
        case scalar(Query)
        case arrayOf(Query)
    }

    /// How an element of an array is named.
    enum Position: String, Sendable {
        case offset = "OFFSET"
        case safeOffset = "SAFE_OFFSET"
        case ordinal = "ORDINAL"
        case safeOrdinal = "SAFE_ORDINAL"
        /// `[…]` alone: as OFFSET of an array, the key or place of JSON.
        case bare = ""
    }

    enum Test: String, Sendable {
        case null = "NULL"
        case `true` = "TRUE"
        case `false` = "FALSE"
    }
}

/// A call of a function.
struct Call: Sendable {
    var name: Name
    var arguments: [Expression]
    /// `COUNT(*)`.
    var isStar = false
    var isDistinct = false
    var ignoresNulls = false
    /// A unit as an argument: `DAY` in `DATE_DIFF(a, b, DAY)`, and of an `INTERVAL`.
    var unit: Name?
    var window: Window?
}

/// `OVER (…)`.
struct Window: Sendable {
    var partition: [Expression]
    var order: [OrderItem]
    /// The frame in words that SQLite knows as well.
    var frame: String?
}

struct OrderItem: Sendable {
    var expression: Expression
    /// `DESC` and `NULLS LAST`, if they are there.
    var suffix: String
}

/// A query with all that can stand around SELECT.
struct Query: Sendable {
    struct Common: Sendable {
        var name: Name
        var query: Query
    }

    indirect enum Body: Sendable {
        case select(Select)
        case query(Query)
    }

    var common: [Common]
    var first: Body
    /// `UNION ALL` and its like, with the queries behind them.
    var others: [(operation: Name, body: Body)]
    var order: [OrderItem]
    var limit: Expression?
    var offset: Expression?
}

struct Select: Sendable {
    enum Item: Sendable {
        /// `*` and `t.*`.
        case all(of: Name?, except: [Name], offset: Int)
        case expression(Expression, alias: Name?)
    }

    var isDistinct: Bool
    var items: [Item]
    var from: [Joined]
    var condition: Expression?
    var grouping: [Expression]
    var having: Expression?
    var qualify: Expression?
    var offset: Int
}

/// One table of a FROM clause, and how it is joined to those before it.
struct Joined: Sendable {
    enum Source: Sendable {
        case table([Name])
        case query(Query)
        case unnest(Expression)
    }

    enum Condition: Sendable {
        case on(Expression)
        case using([Name])
    }

    /// SQLite's words; empty for the first.
    var join: String
    var source: Source
    var alias: Name?
    /// `WITH OFFSET`.
    var place: Name?
    var condition: Condition?
    var offset: Int
}
