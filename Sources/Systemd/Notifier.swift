import CSystemd
import Glibc

/// Tells the service manager how the service is doing (sd_notify(3)).
///
/// libsystemd reads `$NOTIFY_SOCKET`, abstract sockets included; without it every message is a no-op.
package struct Notifier: Sendable {
    /// What became of a message. None of it is a reason to stop.
    package enum Delivery: Equatable, Sendable {
        /// The manager has it in its queue.
        case sent
        /// Nobody asked for notifications.
        case noManager
        /// The message could not be sent; the error number.
        case failed(CInt)
    }

    package init() {}

    /// The service works: watches are armed and the socket listens. Also ends a reload.
    @discardableResult
    package func ready(status: String? = nil) -> Delivery {
        send("READY=1" + (status.map { "\nSTATUS=\(Self.line($0))" } ?? ""))
    }

    /// One line that `systemctl status` shows. Line breaks, which would begin another assignment, become spaces.
    @discardableResult
    package func status(_ text: String) -> Delivery { send("STATUS=\(Self.line(text))") }

    /// A reload begins. To be followed by `ready`.
    @discardableResult
    package func reloading() -> Delivery {
        // Since systemd 253 the time tells this reload from one that was asked for later; without it the manager waits.
        send("RELOADING=1\nMONOTONIC_USEC=\(Self.monotonicMicroseconds())")
    }

    /// The service is about to end.
    @discardableResult
    package func stopping(status: String? = nil) -> Delivery {
        send("STOPPING=1" + (status.map { "\nSTATUS=\(Self.line($0))" } ?? ""))
    }

    /// A sign of life. To be sent only when work gets done, or there is none to do.
    @discardableResult
    package func watchdog() -> Delivery { send("WATCHDOG=1") }

    /// Starting or stopping takes longer: the manager waits at least this long from now.
    @discardableResult
    package func extendTimeout(by duration: Duration) -> Delivery {
        send("EXTEND_TIMEOUT_USEC=\(duration.microseconds)")
    }

    private func send(_ message: String) -> Delivery {
        let result = sd_notify(0, message)
        if result > 0 { return .sent }
        return result == 0 ? .noManager : .failed(-result)
    }

    /// The manager drops a message of more than 4096 bytes as a whole.
    private static func line(_ text: String) -> String { LogText.clean(text, limit: 2048, escaping: false) }

    private static func monotonicMicroseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) &* 1_000_000 &+ Int64(time.tv_nsec) / 1000
    }
}

extension Duration {
    /// Whole microseconds, for the protocol of the service manager.
    var microseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds &* 1_000_000 &+ attoseconds / 1_000_000_000_000
    }
}
