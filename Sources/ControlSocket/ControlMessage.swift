import HealthcareAPI
internal import Vocabulary

/// A request that has arrived as a whole, within the limits.
struct ControlRequest: Sendable {
    var method: String
    /// Percent-encoded, as it came.
    var path: String
    var query: String
    var body: [UInt8] = []
}

/// An answer that is ready to be written.
struct ControlResponse: Sendable {
    var status = 200
    var contentType = "application/json; charset=UTF-8"
    var body: [UInt8]

    /// Prometheus text.
    static func text(_ text: String) -> ControlResponse {
        ControlResponse(contentType: "text/plain; version=0.0.4; charset=utf-8", body: Array(text.utf8))
    }

    /// The answer, or the part of it that the query asks for.
    static func json(_ value: some Encodable, _ query: QueryParameters) throws -> ControlResponse {
        guard let fields = query.fields else {
            return ControlResponse(body: try JSONText.encode(value, layout: query.layout))
        }
        let whole = try JSONText.decode(JSONValue.self, from: try JSONText.encode(value))
        return ControlResponse(body: try JSONText.encode(fields.part(of: whole), layout: query.layout))
    }

    /// The error body; with `httpStatus` where HTTP has a more exact status than the code's.
    static func failure(_ status: RPCStatus, httpStatus: Int? = nil) -> ControlResponse {
        var body = ErrorBody(status)
        body.error.code = httpStatus ?? body.error.code
        return ControlResponse(status: body.error.code, body: (try? JSONText.encode(body, layout: .pretty)) ?? [])
    }
}
