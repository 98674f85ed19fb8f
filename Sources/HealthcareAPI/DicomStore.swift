/// A store as the configuration has it.
package struct DicomStore: Codable, Hashable, Sendable {
    package struct StreamConfig: Codable, Hashable, Sendable {
        package var bigqueryDestination: BigQueryDestination

        package init(bigqueryDestination: BigQueryDestination) { self.bigqueryDestination = bigqueryDestination }
    }

    /// The full resource name.
    package var name: String
    package var labels: [String: String]?
    package var streamConfigs: [StreamConfig]?
    /// Ours: what is not to be found in it, and is not taken for deleted.
    package var absences: [StoreAbsence]?

    package init(
        name: String,
        labels: [String: String] = [:],
        streamConfigs: [StreamConfig] = [],
        absences: [StoreAbsence] = []
    ) {
        self.name = name
        self.labels = labels.isEmpty ? nil : labels
        self.streamConfigs = streamConfigs.isEmpty ? nil : streamConfigs
        self.absences = absences.isEmpty ? nil : absences
    }
}
