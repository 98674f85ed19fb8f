internal import HealthcareAPI
internal import Operations
internal import StoreIndex
internal import Verification
internal import Vocabulary

extension JSONValue {
    /// The response of a verification.
    init(_ result: VerificationResult, of stored: StoredOperation, showsPaths: Bool) {
        var members: [String: JSONValue] = [
            "@type": "type.googleapis.com/dicomexportd.VerifyDicomStoreResponse",
            "tableUri": .string(VerificationRequest(stored: stored.request).table),
            "change": .string("\(result.change)"),
        ]
        if result.repaired > 0 { members["repairedInstances"] = .string("\(result.repaired)") }
        guard result.differing > 0 else {
            self = .object(members)
            return
        }
        let counts = result.counts.map { ($0.rawValue, JSONValue.string("\($1)")) }
        members["differenceCounts"] = .object(Dictionary(counts) { first, _ in first })
        members["differences"] = .array(result.listed.map { JSONValue($0, showsPaths: showsPaths) })
        self = .object(members)
    }

    private init(_ difference: Difference, showsPaths: Bool) {
        var members: [String: JSONValue] = ["kind": .string(difference.kind.rawValue)]
        if let uids = difference.uids {
            members["studyInstanceUID"] = .string(uids.study)
            members["seriesInstanceUID"] = .string(uids.series)
            members["sopInstanceUID"] = .string(uids.instance)
        }
        if let change = difference.change { members["id"] = .string("\(change)") }
        if let inode = difference.inode { members["inode"] = .string("\(inode)") }
        if showsPaths, let path = difference.path { members["path"] = .string(String(decoding: path, as: UTF8.self)) }
        self = .object(members)
    }
}
