import BigQueryTable
import DICOM

/// The whole way from bytes to rows, with all that must hold on it: what the fuzzer and its short form in the tests run.
package struct RowPath: ~Copyable {
    private var small = DataSet(limits: ReadLimits(elementBytes: 200, sequenceDepth: 3, headerBytes: 4 << 10))
    private var large = DataSet()
    private let batch = RowBatch()
    /// How many inputs became rows.
    package private(set) var rowCount = 0

    /// Memory is kept from input to input, as a service does; nothing else is.
    package init() {}

    /// Reads one input, and makes its rows in both schemas. The input's length decides the limits, so that an input alone
    /// repeats what it did. Throws if a promise is broken; an input that is refused keeps all of them.
    package mutating func run(_ bytes: [UInt8]) throws(BrokenPromise) {
        if bytes.count % 4 == 3 {
            let columns = ColumnLimits(columns: 24, privateSequences: 1, nestedFields: 12)
            rowCount += try Self.run(bytes, &small, batch, columns, characterSet: "ISO_IR 192")
        } else {
            rowCount += try Self.run(bytes, &large, batch, ColumnLimits(), characterSet: "ISO_IR 100")
        }
    }

    /// Answers how many rows there are.
    private static func run(
        _ bytes: [UInt8],
        _ dataSet: inout DataSet,
        _ batch: RowBatch,
        _ columns: ColumnLimits,
        characterSet: String
    ) throws(BrokenPromise) -> Int {
        do throws(ParseError) {
            try dataSet.parse(bytes)
        } catch {
            guard dataSet.count == 0, dataSet.bytes.isEmpty else { throw BrokenPromise("elements of a refused file") }
            return 0
        }
        _ = InstanceUIDs.of(dataSet)
        for kind in SchemaKind.allCases {
            let schema = TableSchema(kind: kind, includesSourceStore: false, limits: columns)
            var builder = RowBuilder(schema: schema, defaultCharacterSet: characterSet)
            batch.removeAll()
            builder.append(dataSet, path: Array(bytes.prefix(9)), size: 0, to: batch)
            // The first row tells the schema what is new, the second takes the short ways.
            builder.append(dataSet, path: Array(bytes.prefix(9)), size: 0, to: batch)
            try RowCheck.check(batch, row: 0, fields: schema.fields)
            guard areEqual(batch) else { throw BrokenPromise("the second row of a file is another") }
        }
        return SchemaKind.allCases.count
    }

    private static func areEqual(_ batch: RowBatch) -> Bool {
        let (first, second) = (batch.rows[0].cells, batch.rows[1].cells)
        guard first.count == second.count else { return false }
        return zip(batch.cells[first], batch.cells[second]).allSatisfy { left, right in
            guard left.column == right.column, left.kind == right.kind, left.length == right.length else {
                return false
            }
            guard left.kind == .text else { return left.bits == right.bits }
            return batch.arena[left.offset..<(left.offset + left.length)]
                .elementsEqual(batch.arena[right.offset..<(right.offset + right.length)])
        }
    }
}
