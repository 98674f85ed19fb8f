package import DICOM
internal import Vocabulary

/// Makes rows of data sets, by the rules of Google's DICOM schema. One for each thread and table: it keeps its memory, and
/// remembers what it has told the schema.
package struct RowBuilder: ~Copyable {
    /// What SQLite takes as one text by default (SQLITE_MAX_LENGTH) is a little more.
    static let maximumTextLength = 950_000_000
    /// What is kept of a side buffer from row to row, bytes.
    private static let keptBytes = 256 << 10

    package let schema: TableSchema
    let characterSets: CharacterSetCache

    /// The data set while a row is made of it.
    var source = Source()
    /// What holds in the open level.
    var scope: Scope
    /// Where the row goes: lent by the batch while one is made.
    var output = RowOutput()
    var decoder = TextDecoder()
    var table = ElementTable()
    var nodes = NodeTable()
    var reals = RealCache()
    /// The row before this one.
    var memory = RowMemory()
    /// The sequences that are open, outermost first.
    var path = FlatBuffer<PathStep>(capacity: 16)
    /// Whose private elements are whose.
    var blocks = PrivateBlocks()
    /// Element indices of the open levels that are out of order, a stack.
    var order = FlatBuffer<UInt32>(capacity: 64)
    /// Elements without a column of their own.
    var others = OtherElements()
    /// Elements that are not in their columns.
    var drops = DropList()
    /// Values under construction.
    var scratch = ByteWriter(capacity: 1024)

    /// Makes a builder for a table.
    ///
    /// - Parameters:
    ///   - schema: The table's; shared with other builders and the table's writer.
    ///   - defaultCharacterSet: The term for data sets without SpecificCharacterSet, or with an unknown one.
    package init(schema: TableSchema, defaultCharacterSet: String = "ISO_IR 100") {
        self.schema = schema
        characterSets = CharacterSetCache(default: defaultCharacterSet)
        scope = Scope(characterSet: characterSets.standard)
    }

    /// Appends the row of one instance; change and time are stamped on it later.
    ///
    /// - Parameters:
    ///   - dataSet: What was read of the file. It has its UIDs: see ``InstanceIdentity/of(_:)``.
    ///   - path: The file, relative to the store: any bytes.
    ///   - size: Of the file, bytes.
    ///   - batch: Takes the row.
    package mutating func append(
        _ dataSet: borrowing DataSet,
        path: [UInt8],
        size: Int64,
        to batch: RowBatch
    ) {
        swap(&output, &batch.output)
        let mark = output.mark
        source = Source(dataSet)
        scope = Scope(characterSet: initialCharacterSet(of: dataSet))
        let level = openLevel(0..<source.count)
        switch schema.kind {
        case .flattened: appendColumns(of: level, dataSet)
        case .json: appendMetadata(of: level, dataSet)
        }
        close(level)
        source = Source()
        swap(&output, &batch.output)
        batch.appendRow(.create, since: mark, path: path, size: size, isDamaged: dataSet.isDamaged)
        decoder.trim()
        order.removeAll(keepingCapacityUpTo: Self.keptBytes)
        others.removeAll(keepingCapacityUpTo: Self.keptBytes)
        drops.removeAll(keepingCapacityUpTo: Self.keptBytes)
        scratch.removeAll(keepingCapacityUpTo: Self.keptBytes)
        blocks.removeAll(keepingCapacityUpTo: Self.keptBytes >> 4)
    }
}
