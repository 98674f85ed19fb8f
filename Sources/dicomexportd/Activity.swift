/// Tells who reports on the service that something happened, so that an idle service needs no timer.
struct Activity: Sendable {
    let events: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func happened() { continuation.yield() }
}
