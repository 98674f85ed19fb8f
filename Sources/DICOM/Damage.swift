/// A place at which a file breaks the rules, and what was passed over there.
package struct Damage: Hashable, Sendable {
    /// Raw values are what `DroppedTags` shows.
    package enum Reason: String, Sendable {
        case malformed = "MALFORMED"
        /// The file ends here, within its header.
        case truncated = "TRUNCATED"
    }

    /// A sequence that the place lies in, and the item, counted from zero.
    package struct Step: Hashable, Sendable {
        package let tag: ElementTag
        package let item: Int

        package init(tag: ElementTag, item: Int) {
            self.tag = tag
            self.item = item
        }
    }

    package let reason: Reason
    /// Which rule is broken: constant words.
    package let text: String
    /// The element at which reading broke, and the sequences around it, outermost first.
    package let tag: ElementTag
    package let path: [Step]
    /// Where it begins, in the file, or in the inflated data set if that is deflated.
    package let offset: Int64
    /// The number of bytes of which nothing is in the data set; 0 if none is missing.
    package let count: Int64
}
