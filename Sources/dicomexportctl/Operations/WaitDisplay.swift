import Glibc
import HealthcareAPI
import Vocabulary

/// What is said on standard error while an operation is waited for: a line that moves on a terminal, else now and then a line.
struct WaitDisplay {
    private let text: String
    private let isLive: Bool
    private var line = ProgressLine()
    private var isAtLineStart = false
    private var last = ContinuousClock.now

    /// Seconds between lines where there is no terminal: a log of an hour's export has some hundred.
    private static let interval = Duration.seconds(30)

    init(_ name: OperationName) {
        text = "Waiting for operation [\(name)] to complete..."
        isLive = Terminal.errorIsTerminal
    }

    func begin() { Terminal.error(text) }

    mutating func show(_ counter: ProgressCounter?, at now: ContinuousClock.Instant = .now) {
        guard let counter else { return }
        if isLive {
            Terminal.raw("\r\u{1B}[K", to: STDERR_FILENO)
            Terminal.error(line.text(counter, at: now))
            return
        }
        // The rate is reckoned from the first look on.
        let text = line.text(counter, at: now, hasBar: false)
        guard now - last >= Self.interval else { return }
        last = now
        Terminal.error((isAtLineStart ? "" : "\n") + text + "\n")
        isAtLineStart = true
    }

    func end(_ outcome: String = "done.") {
        if isLive {
            Terminal.raw("\r\u{1B}[K", to: STDERR_FILENO)
            Terminal.error(text)
        }
        Terminal.error(outcome + "\n")
    }
}
