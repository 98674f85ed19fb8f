/// `projects/P/locations/L/datasets/D`: what operations and stores belong to.
package struct DatasetName: Hashable, Comparable, Sendable, CustomStringConvertible {
    package var project: String
    package var location: String
    package var dataset: String

    package init(project: String, location: String, dataset: String) {
        self.project = project
        self.location = location
        self.dataset = dataset
    }

    /// Reads a full resource name; nil if it is not one.
    package init?(_ name: String) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
        self.init(parts: parts[...])
    }

    init?(parts: ArraySlice<String>) {
        let parts = Array(parts)
        guard parts.count == 6, parts[0] == "projects", parts[2] == "locations", parts[4] == "datasets",
            parts.allSatisfy(\.isResourceID)
        else { return nil }
        self.init(project: parts[1], location: parts[3], dataset: parts[5])
    }

    package var description: String { "projects/\(project)/locations/\(location)/datasets/\(dataset)" }

    package static func < (left: DatasetName, right: DatasetName) -> Bool { left.description < right.description }
}

/// `{dataset}/dicomStores/S`.
package struct DicomStoreName: Hashable, Comparable, Sendable, CustomStringConvertible {
    package var dataset: DatasetName
    package var store: String

    package init(dataset: DatasetName, store: String) {
        self.dataset = dataset
        self.store = store
    }

    /// Reads a full resource name; nil if it is not one.
    package init?(_ name: String) {
        guard let (dataset, store) = splitResourceName(name, collection: "dicomStores") else { return nil }
        self.init(dataset: dataset, store: store)
    }

    package var description: String { "\(dataset)/dicomStores/\(store)" }

    package static func < (left: DicomStoreName, right: DicomStoreName) -> Bool { left.description < right.description }
}

/// `{dataset}/operations/ID`, the id in decimal digits.
package struct OperationName: Hashable, Sendable, CustomStringConvertible {
    package var dataset: DatasetName
    package var id: String

    package init(dataset: DatasetName, id: String) {
        self.dataset = dataset
        self.id = id
    }

    /// Reads a full resource name; nil if it is not one.
    package init?(_ name: String) {
        guard let (dataset, id) = splitResourceName(name, collection: "operations") else { return nil }
        self.init(dataset: dataset, id: id)
    }

    package var description: String { "\(dataset)/operations/\(id)" }
}

private func splitResourceName(_ name: String, collection: String) -> (DatasetName, String)? {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
    guard parts.count == 8, parts[6] == collection, parts[7].isResourceID, let dataset = DatasetName(parts: parts[..<6])
    else { return nil }
    return (dataset, parts[7])
}

extension String {
    /// Whether it can be one part of a resource name: something, and nothing that would end the part or the line.
    var isResourceID: Bool {
        !isEmpty && self != "." && self != ".."
            && unicodeScalars.allSatisfy { $0 != "/" && $0.value > 0x20 && $0.value != 0x7F }
    }
}
