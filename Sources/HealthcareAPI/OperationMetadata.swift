/// What is known of an operation while it runs and after.
package struct OperationMetadata: Codable, Hashable, Sendable {
    /// The method of a stream: ours, since Google's streams are not operations.
    package static let streamMethod = "dicomexportd.StreamDicomData_bq"
    package static let exportMethod = "google.cloud.healthcare.v1.dicom.DicomService.ExportDicomData_bq"
    package static let rescanMethod = "dicomexportd.RescanDicomStore"
    package static let verifyMethod = "dicomexportd.VerifyDicomStore"

    /// Rewritten on the way out to the version that the caller speaks.
    package var type: String
    package var apiMethodName: String
    /// Absent until the work is counted.
    package var counter: ProgressCounter?
    package var createTime: Timestamp?
    package var endTime: Timestamp?
    /// The `journalctl` command that shows the operation's log.
    package var logsUrl: String?
    /// Left out on the wire while it is false.
    package var cancelRequested: Bool

    package init(
        apiMethodName: String = "",
        counter: ProgressCounter? = nil,
        createTime: Timestamp? = nil,
        endTime: Timestamp? = nil,
        logsUrl: String? = nil,
        cancelRequested: Bool = false
    ) {
        type = APIVersion.v1.operationMetadataType
        self.apiMethodName = apiMethodName
        self.counter = counter
        self.createTime = createTime
        self.endTime = endTime
        self.logsUrl = logsUrl
        self.cancelRequested = cancelRequested
    }

    private enum CodingKeys: String, CodingKey {
        case type = "@type"
        case apiMethodName, counter, createTime, endTime, logsUrl, cancelRequested
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        type = try container.decodeIfPresent(String.self, forKey: .type) ?? APIVersion.v1.operationMetadataType
        apiMethodName = try container.decodeIfPresent(String.self, forKey: .apiMethodName) ?? ""
        counter = try container.decodeIfPresent(ProgressCounter.self, forKey: .counter)
        createTime = try container.decodeIfPresent(Timestamp.self, forKey: .createTime)
        endTime = try container.decodeIfPresent(Timestamp.self, forKey: .endTime)
        logsUrl = try container.decodeIfPresent(String.self, forKey: .logsUrl)
        cancelRequested = try container.decodeIfPresent(Bool.self, forKey: .cancelRequested) ?? false
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(type, forKey: .type)
        try container.encode(apiMethodName, forKey: .apiMethodName)
        try container.encodeIfPresent(counter, forKey: .counter)
        try container.encodeIfPresent(createTime, forKey: .createTime)
        try container.encodeIfPresent(endTime, forKey: .endTime)
        try container.encodeIfPresent(logsUrl, forKey: .logsUrl)
        if cancelRequested { try container.encode(cancelRequested, forKey: .cancelRequested) }
    }
}
