import Testing

@testable import Systemd

@Suite struct RepeatLimiterTests {
    private let start = ContinuousClock.now

    @Test func `the first few of an interval are written and the rest counted`() {
        var limiter = RepeatLimiter<String>(burst: 2, interval: .seconds(10))
        #expect(limiter.judge("a", at: start) == .write(suppressed: 0))
        #expect(limiter.judge("a", at: start) == .write(suppressed: 0))
        #expect(limiter.judge("a", at: start + .seconds(1)) == .suppress)
        #expect(limiter.judge("b", at: start + .seconds(1)) == .write(suppressed: 0))
        #expect(limiter.judge("a", at: start + .seconds(9)) == .suppress)
        #expect(limiter.judge("a", at: start + .seconds(10)) == .write(suppressed: 2))
        #expect(limiter.judge("a", at: start + .seconds(10)) == .write(suppressed: 0))
    }

    @Test func `the end of a flood is told`() {
        var limiter = RepeatLimiter<String>(burst: 1, interval: .seconds(10))
        for _ in 0..<5 { _ = limiter.judge("a", at: start) }
        _ = limiter.judge("b", at: start)
        #expect(limiter.takeSuppressed(at: start + .seconds(9)).isEmpty)
        let taken = limiter.takeSuppressed(at: start + .seconds(10))
        #expect(taken.map(\.key) == ["a"] && taken.map(\.count) == [4])
        #expect(limiter.takeSuppressed(at: start + .seconds(20)).isEmpty)
        #expect(limiter.judge("a", at: start + .seconds(20)) == .write(suppressed: 0))
    }

    @Test func `endless keys share one allowance`() {
        var limiter = RepeatLimiter<Int>(burst: 2, interval: .seconds(10), capacity: 100)
        let written = (0..<10_000).count { limiter.judge($0, at: start) != .suppress }
        #expect(written == 102)
        let taken = limiter.takeSuppressed(at: start + .seconds(10))
        #expect(taken.map(\.key) == [nil] && taken.map(\.count) == [9898])
    }

    @Test func `room is made by what is over`() {
        var limiter = RepeatLimiter<Int>(burst: 1, interval: .seconds(10), capacity: 10)
        for key in 0..<10 { _ = limiter.judge(key, at: start) }
        #expect(limiter.judge(99, at: start + .seconds(10)) == .write(suppressed: 0))
        #expect(limiter.judge(98, at: start + .seconds(10)) == .write(suppressed: 0))
    }
}
