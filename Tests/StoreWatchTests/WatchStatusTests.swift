import Testing

@testable import StoreWatch

/// What people are told of a watch.
@Suite struct WatchStatusTests {
    @Test(
        arguments: [
            (nil, false, nil),
            (nil, true, "a network file system does not tell what other hosts write"),
            ("5 directories have no watch", false, "5 directories have no watch"),
            ("5 directories have no watch", true, "5 directories have no watch"),
        ] as [(String?, Bool, String?)]
    )
    func `a store is polled if directories have no watch, or if other hosts write into it`(
        unwatched: String?,
        isNetwork: Bool,
        polling: String?
    ) {
        var status = WatchStatus(root: .lost(""))
        status.unwatchedReason = unwatched
        status.isNetwork = isNetwork
        #expect(status.polling == polling)
    }

    @Test func `a thread is silent from when it ceased to wait until it waits again`() throws {
        let waker = try Waker()
        #expect(waker.silence() == nil)
        #expect(waker.whileWaiting { waker.silence() } == nil)
        let silence = try #require(waker.silence(at: .now + .seconds(90)))
        #expect(silence >= .seconds(90))
        #expect(waker.whileWaiting { waker.silence() } == nil)
    }
}
