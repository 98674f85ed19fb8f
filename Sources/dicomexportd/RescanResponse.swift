internal import HealthcareAPI
internal import Operations

extension JSONValue {
    /// The response of a rescan.
    init(_ result: RescanResult) {
        let figures = result.figures.map { ($0.name, JSONValue.string("\($0.value)")) }
        var members = Dictionary(figures) { first, _ in first }
        members["@type"] = "type.googleapis.com/dicomexportd.RescanDicomStoreResponse"
        self = .object(members)
    }
}
