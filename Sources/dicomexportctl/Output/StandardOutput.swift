import Glibc

/// Where results go. A result that could not be written is a failure of the command, whatever it did besides.
enum StandardOutput {
    /// Writes all of it, and waits for a reader that is slow.
    ///
    /// - Throws: `outputClosed` without a message if the reader has gone: it has seen enough. Else the reason, such as a full disk.
    static func write(_ bytes: [UInt8]) throws(CommandFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            guard count < 0 else {
                rest = rest.dropFirst(count)
                continue
            }
            switch errno {
            case EPIPE: throw CommandFailure(status: .outputClosed, message: "")
            case EINTR:
                if Interruption.isWanted { throw CommandFailure(status: .interrupted, message: "Interrupted.") }
            case EAGAIN:
                // Whoever shares the pipe or terminal has made it one that does not wait.
                var wanted = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
                poll(&wanted, 1, -1)
            case let code:
                let reason = String(cString: strerror(code))
                throw CommandFailure(status: .failed, message: "Cannot write to standard output: \(reason)")
            }
        }
    }
}
