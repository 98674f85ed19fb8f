/// What is known of the private elements of some makers: nothing is standardized about them but who reserves them
/// (PS3.5 7.8.1).
package enum PrivateDictionary {
    /// A private creator that the dictionary knows.
    package struct Creator: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
        package let rawValue: Int32
        package init(rawValue: Int32) { self.rawValue = rawValue }
    }

    /// What is known of an element.
    package struct Fact: Hashable, Sendable, BitwiseCopyable {
        /// The VR, a pseudo VR such as `usOrSS` where there is a choice.
        package let vr: VR
        /// How many values there are; of VRs that are not numeric any.
        package let multiplicity: Multiplicity
    }

    /// The creator of a name, which is the value of a private creator element without its padding.
    package static func creator(named name: UnsafeRawBufferPointer) -> Creator? { index.creator(named: name) }

    /// What is known of the element of a creator; of a tag only group and low byte count where a creator has its elements in
    /// any block.
    package static func fact(for tag: ElementTag, of creator: Creator) -> Fact? {
        index.fact(for: tag.rawValue, of: creator)
    }

    /// The number of elements.
    package static var count: Int { index.count }

    /// Built when first used.
    private static let index = PrivateDictionaryIndex(table)
}
