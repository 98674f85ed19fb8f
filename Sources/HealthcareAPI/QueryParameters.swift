/// The query of a request, checked against the parameters that its route has.
package struct QueryParameters: Sendable {
    /// What every method of Google's takes; of no meaning here but for ``layout`` and ``fields``.
    private static let standard: Set<String> = [
        "alt", "$.xgafv", "callback", "fields", "key", "access_token", "oauth_token", "quotaUser", "prettyPrint",
        "uploadType", "upload_protocol", "$alt", "$prettyPrint", "$fields", "$key",
    ]

    private var values: [String: String] = [:]
    /// The part of the answer that is wanted; nil for all of it.
    package private(set) var fields: FieldSelection?

    /// - Parameters:
    ///   - query: what follows the question mark, percent-encoded.
    ///   - allowed: the route's own parameters.
    /// - Throws: `INVALID_ARGUMENT` for a parameter that the route does not have.
    package init(_ query: some StringProtocol, allowed: Set<String>) throws(RPCStatus) {
        var violations: [FieldViolation] = []
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = parts.map { part in
                PercentEncoding.decode(String(part.map { $0 == "+" ? " " : $0 }))
            }
            guard let name = decoded[0], let value = decoded.count > 1 ? decoded[1] : "" else {
                throw RPCStatus.invalidArgument("The query is not valid percent-encoded UTF-8.")
            }
            let spelled = Self.camelName(name)
            guard allowed.contains(spelled) || Self.standard.contains(name) else {
                violations.append(
                    FieldViolation(
                        field: "",
                        description: "Invalid JSON payload received. Unknown name \"\(name.prefix(100))\": "
                            + "Cannot bind query parameter. Field '\(name.prefix(100))' could not be found in request message."
                    )
                )
                continue
            }
            values[allowed.contains(spelled) ? spelled : name] = value
        }
        if let alt = values["alt"] ?? values["$alt"], alt != "json", !alt.hasPrefix("json;") {
            violations.append(FieldViolation(field: "alt", description: "Only alt=json is supported."))
        }
        if !violations.isEmpty { throw RPCStatus.badRequest(violations) }
        fields = if let text = self["fields"] ?? self["$fields"] { try FieldSelection(text) } else { nil }
    }

    package subscript(name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    package var layout: JSONText.Layout {
        let value = values["prettyPrint"] ?? values["$prettyPrint"] ?? "true"
        return value == "false" || value == "0" ? .compact : .pretty
    }

    /// A parameter that is `true` or `false`; without it false.
    package func flag(_ name: String) throws(RPCStatus) -> Bool {
        switch self[name] {
        case nil, "false": return false
        case "true": return true
        case let text?:
            throw RPCStatus.badRequest([
                FieldViolation(
                    field: name,
                    description: "Invalid value at '\(name)' (TYPE_BOOL), \"\(text.prefix(100))\""
                )
            ])
        }
    }

    /// `pageSize` and `pageToken`.
    package func page() throws(RPCStatus) -> PageRequest {
        guard let text = self["pageSize"] else { return PageRequest(token: self["pageToken"]) }
        guard let size = Int32(text), size >= 0 else {
            throw RPCStatus.badRequest([
                FieldViolation(
                    field: "page_size",
                    description: "Invalid value at 'page_size' (TYPE_INT32), \"\(text.prefix(100))\""
                )
            ])
        }
        let wanted = size == 0 ? PageRequest.defaultSize : Int(size)
        return PageRequest(size: min(wanted, PageRequest.largestSize), token: self["pageToken"])
    }

    /// `page_size` is `pageSize`.
    static func camelName(_ name: String) -> String {
        let words = name.split(separator: "_", omittingEmptySubsequences: false)
        guard let first = words.first, words.count > 1 else { return name }
        return words.dropFirst().reduce(String(first)) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
    }
}
