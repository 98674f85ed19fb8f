internal import BigQueryTable
package import DICOM
internal import Intake
package import ServiceRuntime
package import StoreIndex
package import Vocabulary

/// The intake's side of one stream: makes its rows while the header is in memory anyway.
package final class StreamFeed: IntakeFeed {
    private let stream: TableStream
    private var builder: RowBuilder?
    private var schema: TableSchema?
    private var batch: RowBatch?
    /// For each observation of the batch at hand, the row that was made for it.
    private var rows: [Int?] = []
    private let settings: StoreSettings

    package init(_ stream: TableStream, settings: StoreSettings) {
        self.stream = stream
        self.settings = settings
    }

    /// Bytes of the rows so far.
    package var byteCount: Int { batch?.byteCount ?? 0 }

    package var position: (operation: OperationID, cursor: ChangeNumber)? {
        stream.cursor.map { (operation: stream.operation, cursor: $0) }
    }

    package func wake() { stream.wake() }

    /// Takes an empty batch if the stream keeps up; otherwise it will read the log.
    package func begin() {
        rows.removeAll(keepingCapacity: true)
        guard let live = stream.takeBatch() else {
            batch = nil
            return
        }
        batch = live.batch
        if live.schema !== schema {
            schema = live.schema
            builder = RowBuilder(
                schema: live.schema,
                defaultCharacterSet: settings.defaultCharacterSet
            )
        }
    }

    /// Makes the row of an observation; `dataSet` is nil if it is no instance.
    package func add(_ observation: Observation, _ dataSet: borrowing DataSet, isInstance: Bool, isBaseline: Bool) {
        guard let batch, isInstance, stream.settings.backfill || !isBaseline else {
            rows.append(nil)
            return
        }
        builder?.append(dataSet, path: observation.path, size: observation.stamp.size, to: batch)
        rows.append(batch.rows.count - 1)
    }

    /// Hands over the rows of what became entries of the log.
    package func finish(_ recorded: [Recorded], previous: ChangeNumber, through: ChangeNumber) {
        guard let batch else { return stream.wake() }
        // A new version of a file that was not just read: its row is made from the log.
        let isMadeHere = zip(recorded.indices, recorded).allSatisfy { index, record in
            record.entries.allSatisfy {
                $0.kind != .create || ($0.change == record.change && rows.indices.contains(index))
            }
        }
        guard isMadeHere else {
            cancel()
            return stream.wake()
        }
        var failures: [ChangeNumber] = []
        for (index, record) in recorded.enumerated() {
            for entry in record.entries {
                switch entry.kind {
                case .create:
                    if let row = rows[index] { batch.stamp(row: row, change: entry.change, lastUpdated: entry.time) }
                case .delete:
                    batch.appendDeletion(entry)
                case .failure:
                    if stream.settings.backfill || !entry.isBaseline { failures.append(entry.change) }
                }
            }
        }
        batch.keepStampedRows(after: 0)
        stream.offer(Delivery(batch: batch, previous: previous, through: through, failures: failures))
        self.batch = nil
    }

    /// Gives the batch back: nothing of it became an entry.
    package func cancel() {
        if let batch { stream.giveBack(batch) }
        batch = nil
    }
}

extension RowBatch {
    /// A row of Type DELETE.
    func appendDeletion(_ entry: LogEntry) {
        guard let uids = entry.uids else { return }
        appendDeletion(uids, path: entry.path, change: entry.change, lastUpdated: entry.time)
    }
}
