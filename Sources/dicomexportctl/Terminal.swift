import Glibc

/// Standard output and standard error.
enum Terminal {
    static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes a result. What it holds comes from files of others, so that a terminal is not handed control characters.
    static func output(_ text: String) throws(CommandFailure) {
        try write(Array((outputIsTerminal ? sanitized(text) : text).utf8))
    }

    /// Writes a message.
    static func error(_ text: String) { raw(errorIsTerminal ? sanitized(text) : text, to: STDERR_FILENO) }

    /// Writes as it is: for our own control sequences. If that fails nobody is left to be told.
    static func raw(_ text: String, to descriptor: CInt) { try? write(Array(text.utf8), to: descriptor) }

    /// Whether somebody at a terminal agrees; without a terminal nobody is asked.
    static func confirms(_ text: String) -> Bool {
        guard isatty(STDIN_FILENO) == 1 else { return true }
        error("\(text)\n\nDo you want to continue (Y/n)?  ")
        guard let answer = readLine()?.lowercased() else { return false }
        return answer.isEmpty || answer == "y" || answer == "yes"
    }

    /// The text with every control character but line feed and tab made visible, and none that turns the direction of text.
    static func sanitized(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            if isUnsafe(scalar) {
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// Writes all of it, and waits for a reader that is slow.
    ///
    /// - Throws: `outputClosed` without a message if the reader has gone: it has seen enough. Else the reason, such as a full disk.
    static func write(_ bytes: [UInt8], to descriptor: CInt = STDOUT_FILENO) throws(CommandFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
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
                var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&wanted, 1, -1)
            case let code:
                let reason = String(cString: strerror(code))
                throw CommandFailure(status: .failed, message: "Cannot write to standard output: \(reason)")
            }
        }
    }
}
