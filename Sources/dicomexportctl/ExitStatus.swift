import ArgumentParser

/// What a script learns from the exit status.
enum ExitStatus: Int32, Sendable {
    case done = 0
    /// The service refused, or its answer was of no use.
    case failed = 1
    /// The command line cannot be understood.
    case usage = 2
    /// The operation that was waited for ended in error.
    case operationFailed = 3
    /// Nobody answers on the socket.
    case unreachable = 4
    /// Ctrl-C; as a shell reports a command that SIGINT has ended.
    case interrupted = 130
    /// The reader of standard output has gone; as a shell reports a command that SIGPIPE has ended.
    case outputClosed = 141
}

/// Ends the command with a message and a status.
struct CommandFailure: Error, Hashable, Sendable {
    var status: ExitStatus
    var message: String

    static func usage(_ message: String) -> CommandFailure { CommandFailure(status: .usage, message: message) }
}
