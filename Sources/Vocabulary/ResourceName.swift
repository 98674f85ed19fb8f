/// How Google names resources: a path of collections and ids.
///
/// ``isPart(_:)`` is what any id must be, so that a name can be taken apart again. The rules for an id of its kind, which are
/// stricter, hold for what is named here, in the configuration.
package enum ResourceName {
    /// Whether the text can be one part of a resource name: something, and nothing that would end the part or the line.
    package static func isPart(_ text: String) -> Bool {
        !text.isEmpty && text != "." && text != ".."
            && text.unicodeScalars.allSatisfy { $0 != "/" && $0.value > 0x20 && $0.value != 0x7F }
    }

    /// Takes `{dataset}/COLLECTION/ID` apart.
    fileprivate static func split(_ name: String, collection: String) -> (DatasetName, String)? {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
        guard parts.count == 8, parts[6] == collection, isPart(parts[7]), let dataset = DatasetName(parts: parts[..<6])
        else { return nil }
        return (dataset, parts[7])
    }

    /// Whether the text is a project ID: lower-case letters, digits and hyphens, at most 63, perhaps after `domain:`.
    package static func isProject(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let id = parts.last, parts.count <= 2, isLabel(id) else { return false }
        return parts.count == 1 || parts[0].split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isLabel)
    }

    /// Whether the text is a location such as `europe-west4` or `site-a`.
    package static func isLocation(_ text: String) -> Bool { isLabel(text[...]) }

    /// Whether the text is the ID of a dataset or a store: 1 to 256 letters, digits, `_`, `-` and `.`.
    ///
    /// `.` and `..` are refused as well: clients resolve them as parts of a URL.
    package static func isIdentifier(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        return (1...256).contains(scalars.count) && text != "." && text != ".." && scalars.allSatisfy(isIdentifier)
    }

    /// Whether the character may stand in the ID of a dataset or a store.
    package static func isIdentifier(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "." || isLetterOrDigit(scalar) || scalar == "_" || scalar == "-"
    }

    /// Whether the character is a letter or a number of any script.
    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber:
            true
        default: false
        }
    }

    /// One part of a domain name: lower-case letters, digits and inner hyphens.
    private static func isLabel(_ text: Substring) -> Bool {
        guard (1...63).contains(text.utf8.count), text.utf8.first != UInt8(ascii: "-"),
            text.utf8.last != UInt8(ascii: "-")
        else { return false }
        return text.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
        }
    }
}

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

    /// Reads the six parts of a full resource name; nil if they are not.
    package init?(parts: ArraySlice<String>) {
        let parts = Array(parts)
        guard parts.count == 6, parts[0] == "projects", parts[2] == "locations", parts[4] == "datasets",
            parts.allSatisfy(ResourceName.isPart)
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
        guard let (dataset, store) = ResourceName.split(name, collection: "dicomStores") else { return nil }
        self.init(dataset: dataset, store: store)
    }

    /// Whether each id keeps the rules of its kind.
    package var isWellFormed: Bool {
        ResourceName.isProject(dataset.project) && ResourceName.isLocation(dataset.location)
            && ResourceName.isIdentifier(dataset.dataset) && ResourceName.isIdentifier(store)
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
        guard let (dataset, id) = ResourceName.split(name, collection: "operations") else { return nil }
        self.init(dataset: dataset, id: id)
    }

    package var description: String { "\(dataset)/operations/\(id)" }
}
