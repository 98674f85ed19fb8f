import Glibc
import SQLite
internal import Vocabulary

/// BigQuery's functions that SQLite lacks, or has with other answers. Their names begin with `bq_`: a view in a dataset keeps
/// SQLite's.
enum SQLFunctions {
    static func define(on connection: Connection) throws(SQLiteError) {
        for function in text + numbers + times + others {
            try connection.define(function.name, arguments: -1) { arguments in
                // NULL in, NULL out.
                arguments.contains(.null) ? .null : try function.answer(arguments)
            }
        }
    }

    typealias Function = (name: String, answer: @Sendable ([SQLValue]) throws -> SQLValue)

    private static let others: [Function] = [
        ("bq_like", { .bool(try Like.matches(try $0.string(0), pattern: try $0.string(1))) }),
        // The message is a constant; the rest keeps SQLite from asking before it is needed.
        ("bq_fail", { throw FunctionFailure(try $0.string(0)) }),
        (
            "bq_cast",
            { arguments in
                let (from, to) = (try arguments.type(1), try arguments.type(2))
                guard let value = Cast.value(arguments[0], to: to, from: from) else {
                    throw FunctionFailure(
                        "Could not cast a value of type \(from.name) to \(to.name); SAFE_CAST gives NULL"
                    )
                }
                return value
            }
        ),
        (
            "bq_safe_cast",
            { Cast.value($0[0], to: try $0.type(2), from: try $0.type(1)) ?? .null }
        ),
    ]

    private static let numbers: [Function] = [
        (
            "bq_divide",
            {
                let divisor = try $0.number(1)
                guard divisor != 0 else { throw FunctionFailure("Division by zero; SAFE_DIVIDE gives NULL") }
                return try real($0.number(0) / divisor)
            }
        ),
        (
            "bq_safe_divide",
            {
                let result = try $0.number(0) / $0.number(1)
                return result.isFinite ? .real(result) : .null
            }
        ),
        ("bq_div", { try .integer(division($0) { $0.dividedReportingOverflow(by: $1) }) }),
        (
            "bq_mod",
            { try .integer(division($0) { ($0.remainderReportingOverflow(dividingBy: $1).partialValue, false) }) }
        ),
        (
            "bq_sign",
            {
                if case .integer(let number) = $0[0] { return .integer(number.signum()) }
                let number = try $0.number(0)
                return .real(number > 0 ? 1 : number < 0 ? -1 : 0)
            }
        ),
        ("bq_ceil", { try real($0.number(0).rounded(.up)) }),
        ("bq_floor", { try real($0.number(0).rounded(.down)) }),
        ("bq_trunc", { try real($0.number(0).rounded(.towardZero)) }),
        ("bq_sqrt", { try real($0.number(0).squareRoot()) }),
        ("bq_pow", { try real(pow($0.number(0), $0.number(1))) }),
        ("bq_exp", { try real(exp($0.number(0))) }),
        ("bq_ln", { try real(log($0.number(0))) }),
        ("bq_log10", { try real(log10($0.number(0))) }),
    ]

    /// NaN and infinities are no values of SQLite.
    private static func real(_ number: Double) throws -> SQLValue {
        guard number.isFinite else { throw FunctionFailure("A number is out of range") }
        return .real(number)
    }

    private static func division(
        _ arguments: [SQLValue],
        _ divide: (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
    ) throws -> Int64 {
        let divisor = try arguments.integer(1)
        guard divisor != 0 else { throw FunctionFailure("Division by zero") }
        let result = divide(try arguments.integer(0), divisor)
        guard !result.overflow else { throw FunctionFailure("A number is out of range") }
        return result.partialValue
    }

    private static let times: [Function] = [
        (
            "bq_date_diff",
            { arguments in
                let (left, right) = (try arguments.day(0), try arguments.day(1))
                let (first, second) = (CivilCalendar.date(days: left), CivilCalendar.date(days: right))
                switch try arguments.string(2) {
                case "YEAR": return .integer(Int64(first.year - second.year))
                case "QUARTER":
                    let quarters = (first.month - 1) / 3 - (second.month - 1) / 3
                    return .integer(Int64((first.year - second.year) * 4 + quarters))
                case "MONTH": return .integer(Int64((first.year - second.year) * 12 + first.month - second.month))
                default: return .integer(Int64(left - right))
                }
            }
        ),
        (
            "bq_date_add",
            { arguments in
                let day = try arguments.day(0)
                let count = try arguments.integer(1)
                // More than all of the calendar is out of range in every unit.
                guard abs(count.clamped) <= 4_000_000 else { throw outOfRange }
                let result: Int
                switch try arguments.string(2) {
                case "DAY": result = day + Int(count)
                case "WEEK": result = day + 7 * Int(count)
                case "MONTH": result = shifted(day, months: Int(count))
                case "QUARTER": result = shifted(day, months: 3 * Int(count))
                default: result = shifted(day, months: 12 * Int(count))
                }
                guard CivilCalendar.dayRange.contains(result) else { throw outOfRange }
                return .text(TemporalText.date(result))
            }
        ),
        (
            "bq_timestamp_diff",
            { arguments in
                let difference = try arguments.microseconds(0) - arguments.microseconds(1)
                return .integer(difference / unit(try arguments.string(2)))
            }
        ),
        (
            "bq_timestamp_add",
            { arguments in
                let shift = try arguments.integer(1).multipliedReportingOverflow(by: unit(arguments.string(2)))
                let result = try arguments.microseconds(0).addingReportingOverflow(shift.partialValue)
                guard !shift.overflow, !result.overflow, TimestampText.range.contains(result.partialValue) else {
                    throw outOfRange
                }
                return .text(TemporalText.timestamp(result.partialValue))
            }
        ),
    ]

    private static let outOfRange = FunctionFailure("A date is out of range")

    /// The same day of another month, or its last one.
    private static func shifted(_ day: Int, months: Int) -> Int {
        let (year, month, ofMonth) = CivilCalendar.date(days: day)
        let count = year * 12 + month - 1 + months
        guard count >= 12 else { return Int.min / 2 }
        let first = CivilCalendar.days(year: count / 12, month: count % 12 + 1, day: 1)
        let next = CivilCalendar.days(year: (count + 1) / 12, month: (count + 1) % 12 + 1, day: 1)
        return min(first + ofMonth - 1, next - 1)
    }

    private static func unit(_ name: String) -> Int64 {
        switch name {
        case "MICROSECOND": 1
        case "MILLISECOND": 1000
        case "SECOND": 1_000_000
        case "MINUTE": 60_000_000
        case "HOUR": 3_600_000_000
        default: 86_400_000_000
        }
    }
}

extension SQLValue {
    static func bool(_ value: Bool) -> SQLValue { .integer(value ? 1 : 0) }
}

extension Int64 {
    /// Without the one number that has no absolute value.
    fileprivate var clamped: Int64 { Swift.max(self, -Int64.max) }
}

extension [SQLValue] {
    func string(_ index: Int) throws -> String {
        guard indices.contains(index), case .text(let text) = self[index] else {
            throw FunctionFailure("A value is not of type STRING")
        }
        return text
    }

    func integer(_ index: Int) throws -> Int64 {
        guard indices.contains(index), case .integer(let number) = self[index] else {
            throw FunctionFailure("A value is not of type INT64")
        }
        return number
    }

    func number(_ index: Int) throws -> Double {
        switch indices.contains(index) ? self[index] : .null {
        case .integer(let number): return Double(number)
        case .real(let number): return number
        default: throw FunctionFailure("A value is not a number")
        }
    }

    fileprivate func day(_ index: Int) throws -> Int {
        guard let day = TemporalText.day(try string(index)) else {
            throw FunctionFailure("A value is not of type DATE")
        }
        return day
    }

    fileprivate func microseconds(_ index: Int) throws -> Int64 {
        guard let time = TemporalText.microseconds(try string(index)) else {
            throw FunctionFailure("A value is not of type TIMESTAMP")
        }
        return time
    }

    fileprivate func type(_ index: Int) throws -> ValueType {
        let name = try string(index)
        // ANY is for what a view gives: it is taken as it is kept.
        return ValueType(name: name) ?? .any
    }
}
