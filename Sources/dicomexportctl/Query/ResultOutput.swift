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
        try Terminal.write(bytes)
        bytes.removeAll(keepingCapacity: true)
    }
}
