@testable import Configuration

/// Shorthand for the tests: parsing with the errors as text, and a store to build on.
enum Fixture {
    /// The keys and reasons of the errors that a document gives; none if it is right.
    static func errors(of text: String) -> [String] {
        do throws(ConfigurationErrors) {
            _ = try ServiceConfiguration.parse(text)
            return []
        } catch {
            return error.errors.map { "\($0.key ?? "-"): \($0.reason)" }
        }
    }

    /// A store whose other keys are the given lines.
    static func store(_ lines: String = "", id: String = "gateway", path: String = "/srv/dicom") -> String {
        """
        [[dicomStores]]
        name = "projects/hospital/locations/site-a/datasets/radiology/dicomStores/\(id)"
        path = "\(path)"
        \(lines)

        """
    }

    /// A stream of the store before it.
    static func stream(_ destination: String, _ lines: String = "") -> String {
        """
        [[dicomStores.streamConfigs]]
        bigqueryDestination = { \(destination) }
        \(lines)

        """
    }
}
