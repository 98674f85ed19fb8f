/// Google's limits for the labels of a resource.
enum LabelRules {
    /// The most labels that a store may have.
    static let maximumCount = 64

    /// Why a key is refused, or nil.
    static func flaw(inKey key: String) -> String? {
        guard (1...63).contains(key.unicodeScalars.count), key.utf8.count <= 128, let first = key.unicodeScalars.first,
            isLowerLetter(first), key.unicodeScalars.allSatisfy(isAllowed)
        else {
            return "is not a label's key: 1 to 63 lower-case letters, digits, _ and -, beginning with a letter"
        }
        return nil
    }

    /// Why a value is refused, or nil.
    static func flaw(inValue value: String) -> String? {
        guard value.unicodeScalars.count <= 63, value.utf8.count <= 128, value.unicodeScalars.allSatisfy(isAllowed)
        else {
            return "\"\(value.printable)\" is not a label's value: at most 63 lower-case letters, digits, _ and -"
        }
        return nil
    }

    private static func isLowerLetter(_ scalar: Unicode.Scalar) -> Bool {
        let category = scalar.properties.generalCategory
        return category == .lowercaseLetter || category == .otherLetter
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .lowercaseLetter, .otherLetter, .decimalNumber, .letterNumber, .otherNumber: true
        default: scalar == "_" || scalar == "-"
        }
    }
}
