import CSystemd
import Glibc
package import Logging

/// Writes structured entries to the journal (sd_journal_sendv(3)).
///
/// Metadata become fields: `store` is `DICOMEXPORT_STORE`. Values are bounded and hold no control characters.
package struct JournalLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel = Logger.Level.info
    /// What `journalctl -t` selects.
    package let identifier: String

    package init(identifier: String) { self.identifier = identifier }

    package subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let record = LogRecord(event, of: self)
        // A journal that does not take the entry must not cost the message.
        if !Self.send(JournalEntry(record, identifier: identifier)) { StandardErrorLogHandler.write(record) }
    }

    private static func send(_ entry: JournalEntry) -> Bool {
        var bytes = entry.bytes
        let result = bytes.withUnsafeMutableBytes { buffer in
            let vectors = entry.fields.map { field in
                iovec(iov_base: buffer.baseAddress.map { $0 + field.lowerBound }, iov_len: field.count)
            }
            return sd_journal_sendv(vectors, CInt(vectors.count))
        }
        return result >= 0
    }
}
