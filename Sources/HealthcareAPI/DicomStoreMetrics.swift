/// The size of a store. Zeros are left out on the wire.
package struct DicomStoreMetrics: Codable, Hashable, Sendable {
    /// The store's full resource name.
    package var name: String
    package var studyCount: Int64
    package var seriesCount: Int64
    /// Distinct SOP Instance UIDs that are live.
    package var instanceCount: Int64
    /// Bytes of the files.
    package var blobStorageSizeBytes: Int64

    package init(
        name: String,
        studyCount: Int64 = 0,
        seriesCount: Int64 = 0,
        instanceCount: Int64 = 0,
        blobStorageSizeBytes: Int64 = 0
    ) {
        self.name = name
        self.studyCount = studyCount
        self.seriesCount = seriesCount
        self.instanceCount = instanceCount
        self.blobStorageSizeBytes = blobStorageSizeBytes
    }

    private enum CodingKeys: String, CodingKey {
        case name, studyCount, seriesCount, instanceCount, blobStorageSizeBytes
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        studyCount = try container.decode(Int64Text.self, forKey: .studyCount).wrappedValue
        seriesCount = try container.decode(Int64Text.self, forKey: .seriesCount).wrappedValue
        instanceCount = try container.decode(Int64Text.self, forKey: .instanceCount).wrappedValue
        blobStorageSizeBytes = try container.decode(Int64Text.self, forKey: .blobStorageSizeBytes).wrappedValue
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encodeUnlessZero(studyCount, forKey: .studyCount)
        try container.encodeUnlessZero(seriesCount, forKey: .seriesCount)
        try container.encodeUnlessZero(instanceCount, forKey: .instanceCount)
        try container.encodeUnlessZero(blobStorageSizeBytes, forKey: .blobStorageSizeBytes)
    }
}
