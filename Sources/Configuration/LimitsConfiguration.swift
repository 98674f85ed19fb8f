/// Bounds on what one instance or table may cost.
package struct LimitsConfiguration: Equatable, Sendable {
    /// The most bytes of one element's encoded value.
    package var elementBytes = 16 << 20
    /// The deepest nesting of sequences; one at the top is depth 1.
    package var sequenceDepth = 15
    /// The most bytes of a header, pixel data not counted.
    package var headerBytes = 64 << 20
    /// The most columns of a table.
    package var columns = 1900
}

extension LimitsConfiguration {
    init(_ reader: inout TableReader) {
        // Offsets in a header are 32 bits wide, and a header is held in memory: 1 GiB is beyond reason already.
        elementBytes = reader.size("elementBytes", default: elementBytes, in: 1024...(1 << 30))
        headerBytes = reader.size("headerBytes", default: headerBytes, in: (64 << 10)...(1 << 30))
        // Each level is a level of recursion.
        sequenceDepth = reader.integer("sequenceDepth", default: sequenceDepth, in: 1...64)
        // SQLite's limit is 2000; the fixed columns of a table need a few themselves.
        columns = reader.integer("columns", default: columns, in: 32...1900)
        reader.reportUnknownKeys()
    }
}
