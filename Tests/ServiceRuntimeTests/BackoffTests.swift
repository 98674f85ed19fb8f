import ServiceRuntime
import Testing

/// How long is waited between attempts.
@Suite struct BackoffTests {
    @Test(
        arguments: [
            (Backoff(), [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10]), (Backoff(from: 1, to: 1), [1, 1, 1]),
            (Backoff(from: 1, to: 3), [1, 2, 3, 3]),
        ] as [(Backoff, [Double])]
    )
    func `each pause is twice the one before, up to the longest`(backoff: Backoff, pauses: [Double]) {
        var backoff = backoff
        #expect(pauses.map { _ in backoff.next() } == pauses)
    }

    @Test func `after a success it begins anew`() {
        var backoff = Backoff(from: 1, to: 8)
        _ = (backoff.next(), backoff.next(), backoff.next())
        backoff.reset()
        #expect(backoff == Backoff(from: 1, to: 8))
        #expect([backoff.next(), backoff.next()] == [1, 2])
    }
}
