/// Everything that is wrong with a configuration, sorted: an administrator mends a file once, not once per mistake.
package struct ConfigurationErrors: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file that was read; nil for a configuration that came from the command line.
    package let file: String?
    /// At least one error, sorted.
    package let errors: [ConfigurationError]

    package init(file: String? = nil, _ errors: [ConfigurationError]) {
        self.file = file
        self.errors = Set(errors).sorted()
    }

    /// One line for each error, each beginning with the file's name.
    package var description: String {
        errors.map { error in file.map { "\($0): \(error)" } ?? error.description }.joined(separator: "\n")
    }
}
