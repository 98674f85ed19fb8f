internal import Logging
internal import Systemd

/// Of exports.
extension JournalCatalogue {
    static let exportStarted = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0020,
        level: .notice,
        text: "an export has started"
    )
    static let exportWaits = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0021,
        level: .warning,
        text: "the export waits, and goes on by itself"
    )
    static let exportEnded = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0022,
        level: .notice,
        text: "an export has landed"
    )
    static let exportFailed = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0023,
        level: .warning,
        text: "an export has ended without landing; its table is as it was"
    )
    static let cancelRequested = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0024,
        level: .notice,
        text: "an operation is to be cancelled"
    )
}
