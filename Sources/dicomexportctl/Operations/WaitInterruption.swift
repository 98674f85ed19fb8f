import Glibc
import Vocabulary

/// Ctrl-C while an operation is waited for ends the command, not the operation; it says how to follow or cancel it.
struct WaitInterruption {
    /// What the handler writes. Set before the handler is, and kept: a handler must neither allocate nor lock.
    private nonisolated(unsafe) static var text: UnsafeMutableBufferPointer<UInt8>?

    init(_ name: OperationName) {
        let flags =
            "--dataset=\(name.dataset.dataset) --location=\(name.dataset.location) --project=\(name.dataset.project)"
        let text = """

            Aborting wait for operation [\(name)].
            It goes on. To follow it:  dicomexportctl operations wait \(name.id) \(flags)
            To end it:                 dicomexportctl operations cancel \(name.id) \(flags)

            """
        let bytes = Array(Terminal.sanitized(text).utf8)
        let kept = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        _ = kept.initialize(from: bytes)
        Self.text = kept
        // Not a dispatch source: a signal that comes while one is made would be lost.
        signal(SIGINT) { _ in
            if let text = WaitInterruption.text { _ = write(STDERR_FILENO, text.baseAddress, text.count) }
            // The shell is to see that it was the signal: a loop around the command ends as well.
            signal(SIGINT, SIG_DFL)
            kill(getpid(), SIGINT)
        }
    }

    func end() { signal(SIGINT, SIG_DFL) }
}
