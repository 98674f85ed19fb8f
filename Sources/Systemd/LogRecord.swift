import Logging

/// One event of the log with all that belongs to it, as both handlers write it.
struct LogRecord {
    let level: Logger.Level
    let text: String
    /// The id of the message in the catalogue, 32 hexadecimal digits; nil for a message that is not in it.
    let messageID: String?
    /// Everything else, by key. A message's own value wins over that of its logger.
    let pairs: [(key: String, value: String)]

    init(_ event: LogEvent, of handler: some LogHandler) {
        level = event.level
        text = LogText.clean(event.message.description, limit: LogText.messageLimit)
        var metadata = handler.metadata
        if let provided = handler.metadataProvider?.get() { metadata.merge(provided) { $1 } }
        if let own = event.metadata { metadata.merge(own) { $1 } }
        if let error = event.error { metadata["error"] = "\(error)" }
        messageID = metadata.removeValue(forKey: JournalMessage.idKey).map(LogText.text)
        // More would be a mistake; the bound keeps it from becoming a large one.
        pairs = metadata.sorted { $0.key < $1.key }.prefix(32).map { ($0.key, LogText.text(of: $0.value)) }
    }

    /// The message and its values on one line.
    var line: String {
        let parts = [text] + pairs.map { LogText.pair($0.key, $0.value) }
        return LogText.clean(parts.joined(separator: " "), limit: LogText.messageLimit * 4)
    }
}
