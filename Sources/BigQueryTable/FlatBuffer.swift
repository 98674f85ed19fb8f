/// A growing run of plain values in memory of its own, which stays allocated from file to file.
///
/// The one place in this module that owns raw memory. It grows by doubling, and hands out offsets rather than pointers since
/// growing moves it.
package struct FlatBuffer<Element: BitwiseCopyable>: ~Copyable {
    private var base: UnsafeMutablePointer<Element>
    private var capacity: Int
    package private(set) var count = 0

    init(capacity: Int) {
        self.capacity = max(capacity, 1)
        base = .allocate(capacity: self.capacity)
    }

    deinit { base.deallocate() }

    /// Everything that was appended; valid until the next mutation.
    package var elements: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: base, count: count) }

    /// A part of it, to be written; valid until the next mutation. Out of bounds is a programming error and traps.
    mutating func mutableElements(_ range: Range<Int>) -> UnsafeMutableBufferPointer<Element> {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        return UnsafeMutableBufferPointer(start: base + range.lowerBound, count: range.count)
    }

    /// One element; out of bounds is a programming error and traps.
    subscript(index: Int) -> Element {
        @inline(__always) get {
            precondition(index >= 0 && index < count)
            return base[index]
        }
        @inline(__always) set {
            precondition(index >= 0 && index < count)
            base[index] = newValue
        }
    }

    @inline(__always)
    mutating func append(_ element: Element) {
        if count == capacity { grow(by: 1) }
        (base + count).initialize(to: element)
        count &+= 1
    }

    @inline(__always)
    mutating func append(contentsOf elements: UnsafeBufferPointer<Element>) {
        guard let source = elements.baseAddress, elements.count > 0 else { return }
        reserve(elements.count)
        (base + count).update(from: source, count: elements.count)
        count &+= elements.count
    }

    mutating func append(repeating element: Element, count added: Int) {
        reserve(added)
        (base + count).update(repeating: element, count: added)
        count &+= added
    }

    /// Makes room for so many more, and lets `fill` write them; it answers how many it wrote.
    @inline(__always)
    mutating func append(upTo room: Int, _ fill: (UnsafeMutablePointer<Element>) -> Int) {
        reserve(room)
        let written = fill(base + count)
        precondition(written >= 0 && written <= room)
        count &+= written
    }

    /// Forgets what lies from `newCount` on.
    @inline(__always)
    mutating func truncate(to newCount: Int) {
        precondition(newCount >= 0 && newCount <= count)
        count = newCount
    }

    /// Forgets everything, and gives back memory beyond `keep` elements.
    mutating func removeAll(keepingCapacityUpTo keep: Int) {
        count = 0
        guard capacity > keep else { return }
        base.deallocate()
        capacity = max(keep, 1)
        base = .allocate(capacity: capacity)
    }

    @inline(__always)
    private mutating func reserve(_ added: Int) {
        if capacity &- count < added { grow(by: added) }
    }

    @inline(never)
    private mutating func grow(by added: Int) {
        let needed = max(count + added, capacity * 2)
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: needed)
        larger.update(from: base, count: count)
        base.deallocate()
        base = larger
        capacity = needed
    }
}
