import Glibc

/// Memory that is kept from file to file; the only owner of raw memory in the module but `Inflater`'s input.
///
/// It grows by `realloc`, which moves pages instead of copying them when they are many: a header of 64 MiB must not need
/// twice that for a moment.
struct KeptMemory<Item: BitwiseCopyable>: ~Copyable {
    private(set) var start: UnsafeMutablePointer<Item>
    private(set) var capacity = 0

    /// Holds nothing, and allocates nothing.
    init() {
        // Any address that is aligned will do: nothing is read or written at capacity 0.
        start = UnsafeMutablePointer(bitPattern: MemoryLayout<Item>.alignment) ?? .allocate(capacity: 1)
    }

    deinit {
        if capacity > 0 { free(start) }
    }

    /// Makes room for `wanted` items; what is there stays. False if there is no memory.
    mutating func reserve(_ wanted: Int) -> Bool {
        if wanted <= capacity { return true }
        let larger = max(wanted, capacity &* 2)
        let (bytes, isTooMuch) = larger.multipliedReportingOverflow(by: MemoryLayout<Item>.stride)
        guard !isTooMuch, let moved = realloc(capacity > 0 ? start : nil, bytes) else { return false }
        start = moved.bindMemory(to: Item.self, capacity: larger)
        capacity = larger
        return true
    }

    /// Gives memory back that only an unusual file needed. What was there is lost.
    mutating func trim(to wanted: Int) {
        // What is assigned over is freed by `deinit`.
        if capacity > wanted { self = KeptMemory() }
    }
}
