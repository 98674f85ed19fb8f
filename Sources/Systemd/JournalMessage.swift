package import Logging

/// A kind of message that the service logs: its id in the journal's catalogue, its level and its constant text.
///
/// What varies from one event to the next is metadata, and becomes fields of the journal.
package struct JournalMessage: Sendable {
    /// The 128-bit id, fixed for ever: people's scripts match `MESSAGE_ID=`.
    package let id: UInt128
    package let level: Logger.Level
    package let text: String

    package init(id: UInt128, level: Logger.Level, text: String) {
        self.id = id
        self.level = level
        self.text = text
    }

    /// The id as the journal writes it: 32 hexadecimal digits in lower case.
    package var idText: String {
        let digits = String(id, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }

    /// The key under which the id travels to the handler. It is never shown as a value.
    static let idKey = "MESSAGE_ID"
}

extension Logger {
    /// Logs a message of the catalogue with what varies, which is never patient data.
    package func log(
        _ message: JournalMessage,
        _ metadata: @autoclosure () -> Logger.Metadata = [:],
        file: String = #fileID,
        function: String = #function,
        line: UInt = #line
    ) {
        log(
            level: message.level,
            "\(message.text)",
            metadata: metadata().merging([JournalMessage.idKey: .string(message.idText)]) { $1 },
            file: file,
            function: function,
            line: line
        )
    }
}
