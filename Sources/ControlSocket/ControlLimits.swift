package import NIOCore

/// What a caller may use up. The values are the protocol's; tests use smaller ones.
package struct ControlLimits: Sendable {
    package var connections = 64
    package var connectionsPerUser = 8
    /// Bytes of request line and header fields.
    package var headerBytes = 16 << 10
    package var bodyBytes = 1 << 20
    /// The longest that a connection may take to send a request as a whole, from the end of the one before. It bounds a
    /// client that drips bytes as well as one that is silent.
    package var idle = TimeAmount.seconds(30)
    /// The longest that a caller waits for an answer.
    package var request = TimeAmount.seconds(60)
    /// The longest that a refused caller is listened to, so that it reads the refusal before it sees the end.
    package var linger = TimeAmount.seconds(1)
    /// How many refused callers are listened to at once; the others are cut off without a word.
    package var lingering = 32
    /// How long requests that run may go on after the service was told to stop.
    package var shutdown = Duration.seconds(5)

    package init() {}
}
