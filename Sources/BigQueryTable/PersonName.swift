/// The names of the parts of a person name (PS3.5 6.2.1), in the order in which they are written.
enum PersonName {
    /// Separated by `=`.
    static let groups = ["Alphabetic", "Ideographic", "Phonetic"]
    /// Separated by `^` within a group.
    static let parts = ["FamilyName", "GivenName", "MiddleName", "NamePrefix", "NameSuffix"]

    // The same as keys of JSON.
    static let groupNames: [StaticString] = ["\"Alphabetic\":{", "\"Ideographic\":{", "\"Phonetic\":{"]
    static let partNames: [StaticString] = [
        "\"FamilyName\":", "\"GivenName\":", "\"MiddleName\":", "\"NamePrefix\":", "\"NameSuffix\":",
    ]
}
