/// How the last look at a whole data set found it: see ``DataSet/looksRight()``.
struct Appearance {
    /// All three of SOP Instance UID, Study Instance UID and Series Instance UID.
    static let allUIDs = 7

    /// Which of the three UIDs were found, one bit for each.
    let foundUIDs: Int
    /// All lengths look right.
    let isOrderly: Bool
    /// What was found of it holds for the same elements in another data set, too.
    let isPlain: Bool

    /// Before any look.
    init() {
        foundUIDs = 0
        isOrderly = false
        isPlain = false
    }

    /// - Parameters:
    ///   - isOrderly: Nothing looks wrong.
    ///   - found: One bit for each UID, and one more if it depends on other elements whether one of them is a UID.
    ///   - hasGuessed: An element was read in another form than its own.
    init(isOrderly: Bool, found: Int, hasGuessed: Bool) {
        foundUIDs = found & Self.allUIDs
        self.isOrderly = isOrderly
        isPlain = isOrderly && !hasGuessed && found & 8 == 0
    }

    var hasAllUIDs: Bool { foundUIDs == Self.allUIDs }
}
