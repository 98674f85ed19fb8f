import Glibc
package import Logging

/// Chooses where the service logs to.
package enum ServiceLog {
    /// The handler for this process.
    ///
    /// - Parameters:
    ///   - identifier: What `journalctl -t` selects.
    ///   - journalStream: The value of `$JOURNAL_STREAM`.
    /// - Returns: The journal if standard error is connected to it, else standard error.
    package static func handler(identifier: String, journalStream: String?) -> any LogHandler {
        if isJournal(STDERR_FILENO, journalStream: journalStream) {
            JournalLogHandler(identifier: identifier)
        } else {
            StandardErrorLogHandler()
        }
    }

    /// Whether a descriptor is the stream to the journal that the manager set up.
    ///
    /// The variable alone says nothing: a child whose standard error was redirected inherits it as well.
    ///
    /// - Parameters:
    ///   - descriptor: The descriptor.
    ///   - journalStream: Device and inode in decimal, with a colon between.
    /// - Returns: Whether they are the descriptor's own.
    package static func isJournal(_ descriptor: CInt, journalStream: String?) -> Bool {
        let parts = (journalStream ?? "").split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let device = UInt64(parts[0]), let inode = UInt64(parts[1]) else { return false }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        return UInt64(status.st_dev) == device && UInt64(status.st_ino) == inode
    }
}
