import Glibc
package import Logging

/// Writes one readable line for each event to standard error: `warning: text key=value`.
package struct StandardErrorLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel = Logger.Level.info

    package init() {}

    package subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) { Self.write(LogRecord(event, of: self)) }

    /// Writes in one call, so that lines of several threads do not mix. Where it fails there is nobody left to tell.
    static func write(_ record: LogRecord) {
        let line = Array("\(record.level): \(record.line)\n".utf8)
        _ = line.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
