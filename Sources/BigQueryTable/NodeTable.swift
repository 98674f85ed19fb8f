/// Which fields of records a schema is known to have: an open-addressing table from (record, field) to the field's own number.
///
/// It answers for each nested element whether the schema has to be told, exactly, and without a dictionary of paths.
struct NodeTable: ~Copyable {
    /// The table itself, as the parent of columns.
    static let root: UInt32 = 0

    private var keys: FlatBuffer<UInt64>
    private var nodes: FlatBuffer<UInt32>
    private var mask: Int
    private var count = 0

    init() { self.init(capacity: 1024) }

    private init(capacity: Int) {
        mask = capacity - 1
        keys = FlatBuffer(capacity: capacity)
        nodes = FlatBuffer(capacity: capacity)
        keys.append(repeating: 0, count: capacity)
        nodes.append(repeating: 0, count: capacity)
    }

    /// The number of the field, or nil if it was never inserted.
    func node(of column: ColumnID, in parent: UInt32) -> UInt32? {
        let slot = slot(Self.key(parent, column))
        let node = nodes[slot]
        return node == 0 ? nil : node
    }

    mutating func insert(_ column: ColumnID, in parent: UInt32) -> UInt32 {
        if count * 2 > mask { grow() }
        let key = Self.key(parent, column)
        let slot = slot(key)
        if nodes[slot] != 0 { return nodes[slot] }
        count += 1
        keys[slot] = key
        nodes[slot] = UInt32(count)
        return UInt32(count)
    }

    private static func key(_ parent: UInt32, _ column: ColumnID) -> UInt64 {
        UInt64(parent) << 32 | UInt64(column.rawValue)
    }

    /// Where the key is, or would go: a slot without a node is free.
    private func slot(_ key: UInt64) -> Int {
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
        while nodes[slot] != 0, keys[slot] != key { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func grow() {
        var larger = Self(capacity: (mask + 1) * 2)
        for old in 0...mask where nodes[old] != 0 {
            let slot = larger.slot(keys[old])
            larger.keys[slot] = keys[old]
            larger.nodes[slot] = nodes[old]
        }
        larger.count = count
        self = larger
    }
}
