/// What a verification was asked to do, as its operation is stored.
package struct VerificationRequest: Hashable, Sendable {
    /// `bq://P.D.T`
    package var table: String
    /// Whether rows that a stream's table lacks are to be appended.
    package var repairs: Bool

    init(table: String, repairs: Bool) {
        self.table = table
        self.repairs = repairs
    }

    /// Reads what ``stored`` has written.
    package init(stored text: String) {
        repairs = text.hasPrefix(Self.prefix)
        table = repairs ? String(text.dropFirst(Self.prefix.count)) : text
    }

    /// The text in which state.db keeps it. A URI begins otherwise.
    var stored: String { repairs ? Self.prefix + table : table }

    private static let prefix = "repair "
}
