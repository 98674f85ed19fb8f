package import DICOM

/// Makes rows of data sets, by the rules of Google's DICOM schema. One for each thread and table: it keeps its memory, and
/// remembers what it has told the schema.
package struct RowBuilder: ~Copyable {
    /// Longer lists of dropped elements are cut: a hostile header could name millions, and a row has to fit into a table.
    static let maximumDropsLength = 16 << 20
    /// What SQLite takes as one text by default (SQLITE_MAX_LENGTH) is a little more.
    static let maximumTextLength = 950_000_000
    /// What is kept of a side buffer from row to row, bytes.
    private static let keptBytes = 1 << 20

    package let schema: TableSchema
    let characterSets: CharacterSetCache

    /// Where the row goes: lent by the batch while one is made.
    var output = RowOutput()
    var decoder = TextDecoder()
    /// By index of the dictionary.
    var infos: FlatBuffer<ElementInfo>
    /// Element indices of the levels that are open, a stack.
    var order = FlatBuffer<UInt32>(capacity: 1024)
    /// Entries of `OtherElements` of the levels that are open, a stack.
    var others = ByteWriter(capacity: 16 << 10)
    /// Where those of the innermost level begin.
    var othersStart = 0
    /// Entries of `DroppedTags`.
    var drops = ByteWriter(capacity: 4 << 10)
    /// The list was cut.
    var dropsAreCut = false
    /// Values under construction.
    var scratch = ByteWriter(capacity: 1024)
    var nodes = NodeTable()
    /// The sequences that are open, outermost first.
    var path = FlatBuffer<PathStep>(capacity: 16)

    /// Makes a builder for a table.
    ///
    /// - Parameters:
    ///   - schema: The table's; shared with other builders and the table's writer.
    ///   - defaultCharacterSet: The term for data sets without SpecificCharacterSet, or with an unknown one.
    package init(schema: TableSchema, defaultCharacterSet: String = "ISO_IR 100") {
        self.schema = schema
        characterSets = CharacterSetCache(default: defaultCharacterSet)
        infos = FlatBuffer(capacity: DataDictionary.count)
        for index in 0..<DataDictionary.count { infos.append(ElementInfo(DataDictionary.entry(at: index))) }
    }

    /// Appends the row of one instance; change and time are stamped on it later.
    ///
    /// - Parameters:
    ///   - dataSet: What was read of the file. It has its UIDs: see ``InstanceUIDs/of(_:)``.
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
        let source = Source(elements: dataSet.allElements, bytes: dataSet.bytes)
        let level = openLevel(0..<source.elements.count, of: source, in: Scope(characterSet: characterSets.standard))
        switch schema.kind {
        case .flattened: appendColumns(of: level, source, pixelDataIsShort: dataSet.pixelDataIsShort != nil)
        case .json: appendMetadata(of: level, source, pixelDataIsShort: dataSet.pixelDataIsShort != nil)
        }
        close(level)
        swap(&output, &batch.output)
        batch.appendRow(.create, since: mark, path: path, size: size)
        others.removeAll(keepingCapacityUpTo: Self.keptBytes)
        drops.removeAll(keepingCapacityUpTo: Self.keptBytes)
        scratch.removeAll(keepingCapacityUpTo: Self.keptBytes)
        order.removeAll(keepingCapacityUpTo: Self.keptBytes)
    }
}
