/// The character sets that a thread has met, by the bytes of their terms.
package final class CharacterSetCache {
    /// Stands for values that are absent, and for those that name no set.
    package let standard: CharacterSet
    /// Gives a meaning to ASCII only, and to what escape sequences say of themselves.
    package let ascii: CharacterSet

    private let repertoires = RepertoireStore()
    private var known: [(terms: [UInt8], set: CharacterSet)] = []

    /// More combinations than this are only in hostile files.
    private static let capacity = 64

    /// - Parameter standard: the store's `defaultCharacterSet`, such as `ISO_IR 100`; ISO_IR 100 if it names no set.
    package init(default standard: String = "ISO_IR 100") {
        let repertoires = repertoires
        func make(_ terms: String) -> CharacterSet? {
            Array(terms.utf8).withUnsafeBytes { CharacterSet(terms: $0, repertoires: repertoires) }
        }
        let ascii = make("ISO 2022 IR 6")
        self.ascii = ascii ?? CharacterSet(latin1With: repertoires)
        if let set = standard.isEmpty ? nil : make(standard) ?? make("ISO_IR 100") {
            self.standard = set
        } else {
            self.standard = CharacterSet(latin1With: repertoires)
        }
    }

    /// Whether a configuration may name this set.
    package static func exists(_ terms: String) -> Bool {
        !terms.isEmpty
            && Array(terms.utf8).withUnsafeBytes { CharacterSet(terms: $0, repertoires: RepertoireStore()) } != nil
    }

    /// The set of a value of SpecificCharacterSet; `standard` where it is empty or names a term that does not exist.
    package func named(_ terms: UnsafeRawBufferPointer) -> CharacterSet {
        // The last one is nearly always the next one.
        if let last = known.last, last.terms.elementsEqual(terms) { return last.set }
        if terms.allSatisfy({ $0 == 0x20 || $0 == 0 || $0 == 0x5C }) { return standard }
        if let index = known.firstIndex(where: { $0.terms.elementsEqual(terms) }) {
            known.swapAt(index, known.count - 1)
            return known[known.count - 1].set
        }
        let set = CharacterSet(terms: terms, repertoires: repertoires) ?? standard
        if known.count >= Self.capacity { known.removeFirst() }
        // A value may be megabytes long: such a key is not worth keeping.
        if terms.count <= 256 { known.append((Array(terms), set)) }
        return set
    }
}
