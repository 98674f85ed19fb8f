/// How rows are grouped into transactions by a busy service. An idle one commits at once.
package struct BatchConfiguration: Equatable, Sendable {
    /// The most rows of one transaction.
    package var rows = 500
    /// The longest that a row waits while more arrive.
    package var delay = Duration.milliseconds(50)
}

extension BatchConfiguration {
    init(_ reader: inout TableReader) {
        // Beyond 10,000 rows a batch costs memory and gains nothing: the cost of a commit is already spread thin.
        rows = reader.integer("rows", default: rows, in: 1...10_000)
        delay = reader.duration("delay", default: delay, in: .zero ... .seconds(10))
        reader.reportUnknownKeys()
    }
}
