/// Memory that is kept from file to file. This and `ByteWindow` are the only owners of raw memory in the module.
struct KeptMemory<Item: BitwiseCopyable>: ~Copyable {
    private(set) var start: UnsafeMutablePointer<Item>
    private(set) var capacity: Int

    init(capacity: Int) {
        self.capacity = max(capacity, 1)
        start = .allocate(capacity: self.capacity)
    }

    deinit { start.deallocate() }

    /// Makes room for `wanted` items; those before `count` stay.
    mutating func reserve(_ wanted: Int, keeping count: Int) {
        if wanted > capacity { resize(to: max(wanted, capacity &* 2), keeping: count) }
    }

    /// Gives memory back that only an unusual file needed. Nothing is kept.
    mutating func trim(to wanted: Int) {
        if capacity > wanted { resize(to: wanted, keeping: 0) }
    }

    private mutating func resize(to wanted: Int, keeping count: Int) {
        let larger = UnsafeMutablePointer<Item>.allocate(capacity: wanted)
        larger.update(from: start, count: count)
        start.deallocate()
        start = larger
        capacity = wanted
    }
}
