internal import Intake
internal import Logging
internal import Systemd

/// Every message of the service. The ids are fixed for ever: people's scripts match them (`docs/journal.md`).
enum JournalCatalogue {
    static let started = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0001,
        level: .notice,
        text: "the service has started"
    )
    static let stopping = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0002,
        level: .notice,
        text: "the service stops"
    )
    static let storeOpened = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0003,
        level: .info,
        text: "the store is watched"
    )
    static let scanEnded = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0004,
        level: .info,
        text: "a scan of the store has ended"
    )
    static let scanIncomplete = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0005,
        level: .warning,
        text: "a scan of the store could not read everything; nothing is concluded from what it could not read"
    )
    static let overflow = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0006,
        level: .warning,
        text: "the kernel's event queue ran over; a scan finds what was missed"
    )
    static let polling = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0007,
        level: .warning,
        text: "the store is polled"
    )
    static let pollingEnded = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0008,
        level: .notice,
        text: "the store is no longer polled"
    )
    static let rootLost = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0009,
        level: .error,
        text: "the store's directory cannot be read; nothing is concluded from it until it is back"
    )
    static let rootFound = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_000a,
        level: .notice,
        text: "the store's directory is back"
    )
    static let rootChanged = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_000b,
        level: .error,
        text: "another directory stands in the store's place; what is not in it is out of reach, not deleted"
    )
    static let deletionsHeld = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_000c,
        level: .error,
        text: "a scan did not find more files than holdDeletions lets go; their deletions are held"
    )
    static let deletionsReleased = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_000d,
        level: .notice,
        text: "deletions are no longer held"
    )
    static let filesFailed = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_000e,
        level: .warning,
        text: "files did not become rows"
    )
    static let fileFailed = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_000f,
        level: .warning,
        text: "a file did not become a row"
    )
    static let fileSkipped = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0010,
        level: .info,
        text: "a file is no instance"
    )
    static let intakeSuspended = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0011,
        level: .error,
        text: "nothing is recorded at present; a scan finds what arrives meanwhile"
    )
    static let intakeResumed = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0012,
        level: .notice,
        text: "changes are recorded again"
    )
    static let streamStarted = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0013,
        level: .info,
        text: "the stream appends to its table"
    )
    static let streamWaits = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0014,
        level: .warning,
        text: "the stream waits, and goes on by itself"
    )
    static let streamGoesOn = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0015,
        level: .notice,
        text: "the stream goes on"
    )
    static let streamStopped = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0016,
        level: .error,
        text: "the stream has stopped: decide how it goes on"
    )
    static let versionsGone = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0017,
        level: .warning,
        text: "versions of files were gone before they could be read"
    )
    static let operationEnded = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0018,
        level: .notice,
        text: "an operation has ended"
    )
    static let operationRequested = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0019,
        level: .notice,
        text: "an operation was asked for"
    )
    static let reloaded = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_001a,
        level: .notice,
        text: "the configuration was read again"
    )
    static let reloadRefused = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_001b,
        level: .error,
        text: "the new configuration was refused; the old one stays in force"
    )
    static let unknownGroup = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_001c,
        level: .warning,
        text: "a group of [access] does not exist on this host"
    )
    static let stalled = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_001d,
        level: .critical,
        text: "the pipeline makes no progress; the watchdog is not told that all is well"
    )
    static let repeatsHeldBack = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_001e,
        level: .notice,
        text: "messages like an earlier one were held back"
    )
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
    static let verified = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0025,
        level: .notice,
        text: "directory, index and table agree"
    )
    static let differs = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0026,
        level: .warning,
        text: "directory, index and table do not agree"
    )
    static let difference = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0027,
        level: .warning,
        text: "a file or an instance is not everywhere as it is elsewhere"
    )
    static let deletionsTold = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0028,
        level: .notice,
        text: "many files were deleted at once"
    )
    static let outOfReach = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_0029,
        level: .error,
        text: "files are out of reach; they are not taken for deleted ones"
    )
    static let inReach = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_002a,
        level: .notice,
        text: "no file is out of reach any more"
    )
    static let filesDamaged = JournalMessage(
        id: 0x6d1f_0a53_8c0b_4a6e_9d51_2f1c_70aa_002b,
        level: .warning,
        text: "damaged files became rows without what is damaged"
    )
}
