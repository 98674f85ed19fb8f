/// Reads the JSON object of a request field by field, and refuses what it does not know, as Google's servers do.
///
/// Every violation is gathered, so that a caller sees all that is wrong at once. Field names are understood in both
/// spellings of protocol buffers: `tableUri` and `table_uri`.
package struct RequestReader {
    private let path: String
    private var members: [String: JSONValue]
    package private(set) var violations: [FieldViolation] = []

    /// Begins with the body of a request; an empty one is an empty object.
    package init(body: some Collection<UInt8>) throws(RPCStatus) {
        path = ""
        members = [:]
        guard body.contains(where: { $0 > 0x20 }) else { return }
        let value: JSONValue
        do throws(JSONParser.Failure) {
            value = try JSONParser.parse(body)
        } catch {
            let problem = "Invalid JSON payload received. At byte \(error.offset): \(error.problem)."
            throw RPCStatus.badRequest([FieldViolation(field: "", description: problem)])
        }
        guard case .object(let members) = value else {
            throw RPCStatus.badRequest([
                FieldViolation(field: "", description: "Invalid JSON payload received. The body is not a JSON object.")
            ])
        }
        self.members = members
    }

    private init(path: String, members: [String: JSONValue]) {
        self.path = path
        self.members = members
    }

    package mutating func string(_ name: String) -> String? {
        guard let value = take(name) else { return nil }
        guard case .string(let text) = value else { return refuse(name, "TYPE_STRING", value) }
        return text
    }

    package mutating func bool(_ name: String) -> Bool? {
        guard let value = take(name) else { return nil }
        guard case .bool(let flag) = value else { return refuse(name, "TYPE_BOOL", value) }
        return flag
    }

    /// One of the names of an enumeration whose raw values are its wire names.
    package mutating func choice<Choice: RawRepresentable<String>>(_ name: String, _ type: String, as _: Choice.Type)
        -> Choice?
    {
        guard let value = take(name) else { return nil }
        guard case .string(let text) = value, let choice = Choice(rawValue: text) else {
            return refuse(name, "type.googleapis.com/google.cloud.healthcare.v1.\(type)", value)
        }
        return choice
    }

    /// A nested object, read by `read`; its unknown fields are refused as well.
    package mutating func object<Value>(_ name: String, _ read: (inout RequestReader) -> Value) -> Value? {
        guard let value = take(name) else { return nil }
        guard case .object(let members) = value else { return refuse(name, "TYPE_MESSAGE", value) }
        var reader = RequestReader(path: qualified(name), members: members)
        let result = read(&reader)
        violations += reader.allViolations()
        return result
    }

    /// Refuses the request for a reason that its reader found.
    package mutating func refuse(_ name: String, _ description: String) {
        violations.append(FieldViolation(field: qualified(name), description: description))
    }

    /// Throws `INVALID_ARGUMENT` with everything that is wrong, unknown fields included.
    package func finish() throws(RPCStatus) {
        let violations = allViolations()
        if !violations.isEmpty { throw RPCStatus.badRequest(violations) }
    }

    private func allViolations() -> [FieldViolation] {
        violations
            + members.keys.sorted().prefix(20).map { name in
                let place = path.isEmpty ? "" : " at '\(path)'"
                return FieldViolation(
                    field: path,
                    description:
                        "Invalid JSON payload received. Unknown name \"\(name.prefix(100))\"\(place): Cannot find field."
                )
            }
    }

    /// JSON null is the same as absence.
    private mutating func take(_ name: String) -> JSONValue? {
        let value = members.removeValue(forKey: name) ?? members.removeValue(forKey: Self.protoName(name))
        return value == .null ? nil : value
    }

    private mutating func refuse<Value>(_ name: String, _ type: String, _ value: JSONValue) -> Value? {
        let shown: String =
            switch value {
            case .string(let text): "\"\(text.prefix(100))\""
            case .integer(let number): "\(number)"
            case .number(let number): "\(number)"
            case .bool(let flag): "\(flag)"
            case .null: "null"
            case .array: "a list"
            case .object: "an object"
            }
        violations.append(
            FieldViolation(
                field: qualified(name),
                description: "Invalid value at '\(qualified(name))' (\(type)), \(shown)"
            )
        )
        return nil
    }

    private func qualified(_ name: String) -> String { (path.isEmpty ? "" : path + ".") + Self.protoName(name) }

    /// `tableUri` is `table_uri` in the proto, and in Google's messages.
    static func protoName(_ name: String) -> String {
        name.reduce(into: "") { result, character in
            if character.isUppercase { result.append("_") }
            result.append(contentsOf: character.lowercased())
        }
    }
}
