/// A value multiplicity (PS3.5 6.4): 3, 1-5, 1-n or 2-2n.
package struct Multiplicity: Hashable, Sendable, BitwiseCopyable {
    private let least: UInt16
    /// The greatest number if there is no limit.
    private let most: UInt16
    /// Numbers of values are multiples of this.
    private let step: UInt16

    package static let any = Multiplicity(least: 0, most: .max, step: 1)
    package static let one = Multiplicity(least: 1, most: 1, step: 1)

    private init(least: UInt16, most: UInt16, step: UInt16) {
        self.least = least
        self.most = most
        self.step = step
    }

    /// The multiplicity as PS3.6 writes it; nil if the text is none.
    package init?(_ text: some Collection<UInt8>) {
        var numbers: [UInt16] = []
        var isOpen = false
        for part in text.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false) {
            let digits = part.prefix { $0 &- 0x30 < 10 }
            let rest = part.dropFirst(digits.count)
            guard !isOpen, rest.isEmpty || rest.elementsEqual(CollectionOfOne(UInt8(ascii: "n"))) else { return nil }
            isOpen = !rest.isEmpty
            if digits.isEmpty, isOpen, !numbers.isEmpty { continue }
            guard let number = UInt16(String(decoding: digits, as: UTF8.self)), number > 0 else { return nil }
            numbers.append(number)
        }
        guard let least = numbers.first, let last = numbers.last, numbers.count <= 2, last >= least else { return nil }
        self.init(least: least, most: isOpen ? .max : last, step: isOpen && numbers.count == 2 ? last : 1)
    }

    /// Whether an element may have so many values.
    package func admits(_ count: Int) -> Bool {
        count >= Int(least) && (most == .max || count <= Int(most)) && count % Int(step) == 0
    }
}
