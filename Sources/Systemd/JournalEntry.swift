import Logging

/// The fields of one journal entry, as libsystemd takes them: `NAME=value`, one after the other in one buffer.
struct JournalEntry {
    private(set) var bytes: [UInt8] = []
    private(set) var fields: [Range<Int>] = []

    init(_ record: LogRecord, identifier: String) {
        append("PRIORITY", "\(record.level.syslogPriority)")
        append("SYSLOG_IDENTIFIER", identifier)
        // Readers who print messages only, as journalctl does by default, want to see the values too.
        append("MESSAGE", record.line)
        if let id = record.messageID { append("MESSAGE_ID", id) }
        for (key, value) in record.pairs {
            append(Self.fieldName(key), LogText.clean(value, limit: LogText.valueLimit))
        }
    }

    private mutating func append(_ name: String, _ value: String) {
        let start = bytes.count
        bytes += name.utf8
        bytes.append(UInt8(ascii: "="))
        bytes += value.utf8
        fields.append(start..<bytes.count)
    }

    /// The field of a key: `sopInstanceUID` is `DICOMEXPORT_SOP_INSTANCE_UID`. The journal takes 64 of A-Z, 0-9 and `_`.
    static func fieldName(_ key: String) -> String {
        var name = Array("DICOMEXPORT_".utf8)
        let letters = Array(key.utf8)
        for (index, letter) in letters.enumerated() {
            let startsWord =
                letter.isUpper && index > 0
                && (!letters[index - 1].isUpper || (index + 1 < letters.count && letters[index + 1].isLower))
            if startsWord, name.last != UInt8(ascii: "_") { name.append(UInt8(ascii: "_")) }
            switch letter {
            case _ where letter.isLower: name.append(letter - 32)
            case _ where letter.isUpper, UInt8(ascii: "0")...UInt8(ascii: "9"): name.append(letter)
            default: name.append(UInt8(ascii: "_"))
            }
        }
        return String(decoding: name.prefix(64), as: UTF8.self)
    }
}

extension UInt8 {
    fileprivate var isUpper: Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) }
    fileprivate var isLower: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
}

extension Logger.Level {
    /// The level of syslog(3). What is traced is for debugging.
    var syslogPriority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
