package import SQLite

/// A named value that is not part of the query's text.
package struct QueryParameter: Hashable, Sendable {
    package let name: String
    package let value: TypedValue

    /// A value with its type.
    package struct TypedValue: Hashable, Sendable {
        package let type: ValueType
        package let value: SQLValue
    }

    /// Reads `name:TYPE:value`, or `name::value` for a STRING, as `bq query --parameter` takes it.
    package init(_ text: String) throws(QueryError) {
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map { String($0) }
        guard parts.count == 3, !parts[0].isEmpty else {
            throw QueryError("A parameter is written name:TYPE:value, not '\(text)'")
        }
        guard let type = ValueType(name: parts[1].isEmpty ? "STRING" : parts[1]) else {
            throw QueryError("The parameter \(parts[0]) has a type that is not supported: \(parts[1])")
        }
        guard parts[2] != "NULL" || type == .string, let value = Cast.value(.text(parts[2]), to: type) else {
            throw QueryError("The parameter \(parts[0]) is not a value of type \(type.name)")
        }
        name = parts[0]
        self.value = TypedValue(type: type, value: value)
    }
}
