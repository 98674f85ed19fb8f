import Testing

@testable import StoreWatch

/// What is done about a store that cannot be read.
@Suite struct RootLossTests {
    enum Event: Sendable {
        case failed(Errno)
        case end
        case step(RootLoss.Step)
    }

    let start = ContinuousClock.now

    @Test(
        arguments: [
            ("announced once", [(0, .failed(.absent)), (0, .step(.announce("\(Errno.absent)"))), (0, .step(.wait))]),
            ("announced even if nobody tried", [(0, .step(.announce(""))), (5000, .step(.wait))]),
            (
                "tried after a second",
                [
                    (0, .failed(.absent)), (0, .step(.announce("\(Errno.absent)"))), (999, .step(.wait)),
                    (1000, .step(.retry)),
                ]
            ),
            (
                "tried again a second after each failure, and not announced again",
                [
                    (0, .failed(.absent)), (0, .step(.announce("\(Errno.absent)"))), (1000, .step(.retry)),
                    (1200, .failed(.accessDenied)), (2199, .step(.wait)), (2200, .step(.retry)),
                ]
            ),
            (
                "announced with the last reason",
                [(0, .failed(.absent)), (1, .failed(.accessDenied)), (5, .step(.announce("\(Errno.accessDenied)")))]
            ),
            (
                "announced again when it was back",
                [
                    (0, .failed(.absent)), (0, .step(.announce("\(Errno.absent)"))), (500, .end),
                    (600, .failed(.accessDenied)), (600, .step(.announce("\(Errno.accessDenied)"))),
                    (1500, .step(.wait)),
                    (1600, .step(.retry)),
                ]
            ),
        ] as [(String, [(Int, Event)])]
    )
    func `a loss is told of once, and the store is tried each second`(name: String, events: [(Int, Event)]) {
        var loss = RootLoss()
        for (milliseconds, event) in events {
            let now = start + .milliseconds(milliseconds)
            switch event {
            case .failed(let error): loss.failed(error, at: now)
            case .end: loss.end()
            case .step(let step): #expect(loss.takeStep(at: now) == step, "\(name), after \(milliseconds) ms")
            }
        }
    }

    @Test func `there is work until the loss is told of, and again after the store was back`() {
        var loss = RootLoss()
        #expect(loss.hasWork)
        loss.failed(.absent, at: start)
        #expect(loss.hasWork)
        _ = loss.takeStep(at: start)
        #expect(!loss.hasWork)
        loss.failed(.absent, at: start)
        #expect(!loss.hasWork)
        #expect(loss.retryAt == start + .seconds(1))
        loss.end()
        #expect(loss.hasWork)
        #expect(loss.retryAt == nil)
    }
}
