/// A name that breaks the rules of its kind. The message is for whoever sent it.
package struct InvalidName: Error, Hashable, Sendable {
    package let message: String

    /// What a caller sent is shown back to it in part, and without control characters.
    init(_ what: String, _ value: String, _ rule: String) {
        let shown = value.unicodeScalars.prefix(100).map {
            $0.value < 0x20 || $0.value == 0x7F ? "\u{FFFD}" : String($0)
        }
        message = "Invalid \(what) '\(shown.joined())': it \(rule)."
    }
}

extension InvalidName: CustomStringConvertible {
    package var description: String { message }
}
