internal import Logging
internal import Synchronization
internal import Systemd

/// Keeps what happens again and again from filling the journal: a disk that comes and goes, files that all fail.
///
/// Alike are messages of one kind about one store and one table. Of these a few are written each minute; the next one after
/// that says how many were held back. Nothing wakes up for this: what is left is told with the next event, or sign of life.
final class RepeatLog: Sendable {
    private struct Key: Hashable {
        var message: UInt128
        var store: String
        var table: String
    }

    /// Ten, since a batch names that many failed files.
    private static let burst = 10
    private let limiter = Mutex(RepeatLimiter<Key>(burst: burst))

    /// Writes a message, unless too many like it were written just before.
    func log(_ message: JournalMessage, _ metadata: Logger.Metadata, to logger: Logger) {
        let key = Key(
            message: message.id,
            store: metadata[LogKey.store]?.description ?? "",
            table: metadata[LogKey.table]?.description ?? ""
        )
        let verdict = limiter.withLock { limiter in
            // What an operator asked for is told each time.
            message.isAnswer ? .write(suppressed: 0) : limiter.judge(key, at: .now)
        }
        if case .write(let suppressed) = verdict {
            logger.log(message, suppressed == 0 ? metadata : metadata.merging(Self.count(suppressed)) { $1 })
        }
        flush(to: logger)
    }

    /// Tells how many were held back in minutes that are over.
    func flush(to logger: Logger) {
        for (key, count) in limiter.withLock({ $0.takeSuppressed(at: .now) }) {
            var metadata = Self.count(count)
            if let key {
                metadata["repeated"] = "\(JournalMessage(id: key.message, level: .info, text: "").idText)"
                metadata[LogKey.store] = "\(key.store)"
                if !key.table.isEmpty { metadata[LogKey.table] = "\(key.table)" }
            }
            logger.log(JournalCatalogue.repeatsHeldBack, metadata)
        }
    }

    private static func count(_ suppressed: Int) -> Logger.Metadata { [LogKey.suppressed: "\(suppressed)"] }
}

extension JournalMessage {
    fileprivate var isAnswer: Bool { id == JournalCatalogue.operationEnded.id }
}
