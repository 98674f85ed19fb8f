extension String {
    /// The text as it may stand in an error message: bounded, and without characters that move a terminal's cursor.
    var printable: String {
        let limit = 80
        let scalars = unicodeScalars.prefix(limit).map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: Unicode.Scalar(UInt8(ascii: "?"))
            default: scalar
            }
        }
        var text = String()
        text.unicodeScalars.append(contentsOf: scalars)
        return unicodeScalars.dropFirst(limit).isEmpty ? text : text + "…"
    }
}
