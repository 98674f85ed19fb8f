import Glibc

/// The reader of standard output has gone.
struct OutputClosed: Error {}

/// Standard output for results of any size.
final class ResultOutput {
    private static let enough = 1 << 16

    private let isTerminal = Terminal.outputIsTerminal
    var bytes: [UInt8] = []

    func write(_ text: String) { bytes += Array(text.utf8) }

    /// Between rows: writes what has gathered, on a terminal at once.
    func rowEnded() throws { if bytes.count >= Self.enough || isTerminal { try flush() } }

    func flush() throws {
        if isTerminal { bytes = Array(Terminal.sanitized(String(decoding: bytes, as: UTF8.self)).utf8) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EPIPE {
                throw OutputClosed()
            } else if errno != EINTR {
                throw CommandFailure(status: .failed, message: "Cannot write: \(String(cString: strerror(errno)))")
            } else if Interruption.isWanted {
                throw CommandFailure(status: .interrupted, message: "Interrupted.")
            }
        }
        bytes.removeAll(keepingCapacity: true)
    }
}
