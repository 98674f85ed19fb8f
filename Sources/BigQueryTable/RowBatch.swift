package import Vocabulary

/// Rows on their way to a table: cells and their bytes in two flat buffers that are used again for the next batch.
///
/// Batches are handed over, never shared: one thread fills a batch, passes it on, and gets it back when it is empty.
// Unchecked, since no two threads ever hold one at a time, and the hand-over is a lock.
package final class RowBatch: @unchecked Sendable {
    package struct Row: Sendable {
        package enum Kind: UInt8, Sendable { case create, delete }

        package var kind: Kind
        /// Which cells of the batch are this row's; their columns ascend.
        package var cells: Range<Int>
        /// The entry of the store's log that the row is for.
        package var change: ChangeNumber
        /// Microseconds since 1970, UTC.
        package var lastUpdated: UnixMicroseconds
        /// Bytes of the file; a deletion has none.
        package var size: Int64
        /// Where the arena holds `SourcePath`, in UTF-8.
        package var path: Range<Int>
        /// Whether the file breaks the rules, and something of it was passed over.
        package var isDamaged: Bool
        /// Bytes of the arena before the row: what taking it back leaves.
        fileprivate var arenaStart: Int
    }

    /// Bytes and cells that a batch keeps when it is emptied; a batch that grew beyond them gives the memory back.
    private static let keptBytes = 4 << 20
    private static let keptCells = 256 << 10

    package private(set) var rows: [Row] = []
    var output = RowOutput()

    /// Makes an empty batch.
    package init() {}

    /// The cells of all rows; valid until the batch is changed.
    package var cells: UnsafeBufferPointer<Cell> { output.cells.elements }

    /// The bytes that cells and paths point to; valid until the batch is changed.
    package var arena: UnsafeRawBufferPointer { UnsafeRawBufferPointer(output.arena.elements) }

    package var isEmpty: Bool { rows.isEmpty }

    /// Rows of damaged files.
    package var damagedCount: Int { rows.reduce(0) { $0 + ($1.isDamaged ? 1 : 0) } }

    /// What the batch holds in memory, for those who cut batches by size.
    package var byteCount: Int { output.arena.count + output.cells.count * MemoryLayout<Cell>.stride }

    /// Text of a cell or path, for tests and messages.
    package func text(_ range: Range<Int>) -> String {
        String(decoding: arena[range], as: UTF8.self)
    }

    /// Sets what is known only once the log has taken the row.
    package func stamp(row: Int, change: ChangeNumber, lastUpdated: UnixMicroseconds) {
        rows[row].change = change
        rows[row].lastUpdated = lastUpdated
    }

    /// Appends a row of Type DELETE: the UIDs and the path, all else NULL.
    package func appendDeletion(
        _ instance: InstanceIdentity,
        path: [UInt8],
        change: ChangeNumber,
        lastUpdated: UnixMicroseconds
    ) {
        let mark = output.mark
        output.append(.sopInstanceUID, instance.instance)
        output.append(.studyInstanceUID, instance.study)
        output.append(.seriesInstanceUID, instance.series)
        appendRow(.delete, since: mark, path: path, size: 0)
        stamp(row: rows.count - 1, change: change, lastUpdated: lastUpdated)
    }

    /// Closes a row over all cells since `mark`.
    func appendRow(_ kind: Row.Kind, since mark: RowOutput.Mark, path: [UInt8], size: Int64, isDamaged: Bool = false) {
        let start = output.arena.count
        output.arena.append(repairing: path)
        rows.append(
            Row(
                kind: kind,
                cells: mark.cells..<output.cells.count,
                change: 0,
                lastUpdated: 0,
                size: size,
                path: start..<output.arena.count,
                isDamaged: isDamaged,
                arenaStart: mark.arena
            )
        )
    }

    /// Drops the rows that the log did not take (stamped 0) or that are of a change up to `change`, and puts the rest in the
    /// log's order.
    package func keepStampedRows(after change: ChangeNumber) {
        rows.removeAll { $0.change <= change }
        rows.sort { $0.change < $1.change }
    }

    /// Takes the last row back.
    package func removeLast() {
        guard let row = rows.popLast() else { return }
        output.cells.truncate(to: row.cells.lowerBound)
        output.arena.truncate(to: row.arenaStart)
    }

    /// Empties the batch for its next use.
    package func removeAll() {
        rows.removeAll(keepingCapacity: rows.capacity <= 4096)
        output.cells.removeAll(keepingCapacityUpTo: Self.keptCells)
        output.arena.removeAll(keepingCapacityUpTo: Self.keptBytes)
    }
}
