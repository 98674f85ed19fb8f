/// The rules by which Google names resources, as checks that answer with the reason for a refusal.
enum ResourceName {
    /// Takes `projects/P/locations/L/datasets/D/dicomStores/S` apart.
    ///
    /// - Returns: The project, or nil if the name is of another shape, or has a part that breaks the rules of its kind.
    static func projectOfStore(_ name: String) -> String? {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 8, parts[0] == "projects", parts[2] == "locations", parts[4] == "datasets",
            parts[6] == "dicomStores"
        else { return nil }
        let valid = isProject(parts[1]) && isLocation(parts[3]) && isIdentifier(parts[5]) && isIdentifier(parts[7])
        return valid ? parts[1] : nil
    }

    /// Whether the text is a project ID: lower-case letters, digits and hyphens, at most 63, perhaps after `domain:`.
    static func isProject(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let id = parts.last, parts.count <= 2, isLabel(id) else { return false }
        return parts.count == 1 || parts[0].split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isLabel)
    }

    /// Whether the text is a location such as `europe-west4` or `site-a`.
    static func isLocation(_ text: String) -> Bool { isLabel(text[...]) }

    /// Whether the text is the ID of a dataset or a store: 1 to 256 letters, digits, `_`, `-` and `.`.
    ///
    /// `.` and `..` are refused as well: clients resolve them as parts of a URL.
    static func isIdentifier(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        return (1...256).contains(scalars.count) && text != "." && text != ".." && scalars.allSatisfy(isIdentifier)
    }

    /// Whether the character may stand in the ID of a dataset or a store.
    static func isIdentifier(_ scalar: Unicode.Scalar) -> Bool {
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
