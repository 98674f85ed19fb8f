import BigQueryTable
import DICOM
import Vocabulary

/// The whole way from bytes to rows, with all that must hold on it: what the fuzzer and its short form in the tests run.
package struct RowPath: ~Copyable {
    private let batch = RowBatch()
    private let warmBatch = RowBatch()
    /// How many inputs became rows.
    package private(set) var rowCount = 0

    /// Makes a way on which nothing is left from input to input, so that an input alone repeats what it did.
    package init() {}

    /// Reads one input, and makes its rows in both schemas. The input's length decides the limits. Throws if a promise is
    /// broken; an input that is refused keeps all of them.
    package mutating func run(_ bytes: [UInt8]) throws(BrokenPromise) {
        let isSmall = bytes.count % 4 == 3
        let limits = isSmall ? ReadLimits(elementBytes: 200, sequenceDepth: 3, headerBytes: 4 << 10) : ReadLimits()
        let columns =
            isSmall ? ColumnLimits(columns: 24, privateSequences: 1, nestedFields: 12) : ColumnLimits()
        let characterSet = isSmall ? "ISO_IR 192" : "ISO_IR 100"
        var dataSet = DataSet(limits: limits)
        guard try Self.read(bytes, &dataSet) else { return }
        // A service reads file after file, and takes from the one before what is the same.
        var warm = DataSet(limits: limits)
        let hasFormer = try Self.read(Self.neighbour(of: bytes), &warm)
        let schemas = SchemaKind.allCases.map { kind in
            TableSchema(kind: kind, includesSourceStore: false, limits: columns)
        }
        batch.removeAll()
        for schema in schemas {
            var builder = RowBuilder(schema: schema, defaultCharacterSet: characterSet)
            // The first row tells the schema what is new, the second takes the short ways.
            for _ in 0..<2 { builder.append(dataSet, path: Array(bytes.prefix(9)), size: 0, to: batch) }
            let row = batch.rows.count - 2
            try RowCheck.check(batch, row: row, fields: schema.fields)
            guard RowCheck.areEqual((batch, row), (batch, row + 1)) else {
                throw BrokenPromise("the second row of a data set is another")
            }
        }
        warmBatch.removeAll()
        var flattened = RowBuilder(schema: schemas[0], defaultCharacterSet: characterSet)
        var json = RowBuilder(schema: schemas[1], defaultCharacterSet: characterSet)
        for step in hasFormer ? 0..<3 : 1..<3 {
            if step > 0 {
                guard try Self.read(bytes, &warm), warm.digest(key: (1, 2)) == dataSet.digest(key: (1, 2)) else {
                    throw BrokenPromise("another data set behind another one")
                }
            }
            warmBatch.removeAll()
            flattened.append(warm, path: Array(bytes.prefix(9)), size: 0, to: warmBatch)
            json.append(warm, path: Array(bytes.prefix(9)), size: 0, to: warmBatch)
            if step == 0 { continue }
            guard RowCheck.areEqual((warmBatch, 0), (batch, 0)), RowCheck.areEqual((warmBatch, 1), (batch, 2)) else {
                throw BrokenPromise("another row behind that of another data set")
            }
        }
        rowCount += schemas.count
    }

    /// Whether the bytes are a data set; what is refused leaves nothing.
    private static func read(_ bytes: [UInt8], _ dataSet: inout DataSet) throws(BrokenPromise) -> Bool {
        do throws(ParseError) {
            try dataSet.parse(bytes)
            _ = InstanceIdentity.of(dataSet)
            return true
        } catch {
            guard dataSet.count == 0, dataSet.bytes.isEmpty else { throw BrokenPromise("elements of a refused file") }
            return false
        }
    }

    /// Nearly the same bytes: one is another, or two are not there. The input decides where.
    private static func neighbour(of bytes: [UInt8]) -> [UInt8] {
        let hash = bytes.reduce(14_695_981_039_346_656_037 as UInt64) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        var neighbour = bytes
        guard bytes.count > 2 else { return bytes }
        let at = Int(hash >> 8) % (bytes.count - 2)
        switch hash & 3 {
        case 0: neighbour.removeSubrange(at..<(at + 2))
        case 1: neighbour[at] &+= 1
        default: neighbour[at] = UInt8(truncatingIfNeeded: hash >> 40)
        }
        return neighbour
    }
}
