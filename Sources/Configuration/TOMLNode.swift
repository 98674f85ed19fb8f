/// A value of a TOML document with the line on which it begins.
struct TOMLNode: Equatable, Sendable {
    enum Value: Equatable, Sendable {
        case string(String)
        case integer(Int)
        case boolean(Bool)
        case array([TOMLNode])
        case table([String: TOMLNode])
        /// A float, date or time, which no key takes; the payload is the name of the type.
        case other(String)
    }

    let line: Int
    let value: Value

    /// The type in the words of an error message.
    var typeName: String {
        switch value {
        case .string: "a string"
        case .integer: "an integer"
        case .boolean: "a boolean"
        case .array: "an array"
        case .table: "a table"
        case .other(let name): name
        }
    }
}
