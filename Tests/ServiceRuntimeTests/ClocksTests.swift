import Glibc
import Operations
import Testing
import Vocabulary

@testable import ServiceRuntime

/// The wall clock, and durations as files have their times.
@Suite struct ClocksTests {
    @Test func `the wall clock is the system's, in nanoseconds and in microseconds`() {
        let before = Int64(time(nil))
        let (nanoseconds, microseconds) = (WallClock.nanoseconds, WallClock.microseconds)
        let after = Int64(time(nil))
        // The system's seconds are those of the last tick of the clock, at most some milliseconds old.
        #expect((before * 1_000_000_000...(after + 2) * 1_000_000_000).contains(nanoseconds.rawValue))
        #expect((before * 1_000_000...(after + 2) * 1_000_000).contains(microseconds.rawValue))
    }

    @Test(
        arguments: [
            (Duration.zero, 0), (.nanoseconds(1), 1), (.microseconds(-3), -3000), (.milliseconds(50), 50_000_000),
            (.seconds(-1), -1_000_000_000), (.milliseconds(-1500), -1_500_000_000),
            (.seconds(30 * 86_400), 2_592_000_000_000_000),
            // What is less than a nanosecond is dropped.
            (Duration(secondsComponent: 1, attosecondsComponent: 999_999_999), 1_000_000_000),
            (Duration(secondsComponent: 1, attosecondsComponent: 1_999_999_999), 1_000_000_001),
            (.seconds(9_223_372_036), 9_223_372_036_000_000_000),
            // More than 292 years.
            (.seconds(9_223_372_037), .max), (.seconds(Int64.max), .max),
        ] as [(Duration, Int64)]
    )
    func `a duration is whole nanoseconds`(duration: Duration, nanoseconds: Int64) {
        #expect(duration.nanoseconds == nanoseconds)
    }

    @Test(
        arguments: [
            (Duration.seconds(9_223_372_036) + .milliseconds(900), Int64.max), (.seconds(Int64.max), .max),
            (.seconds(Int64.min), .min),
        ] as [(Duration, Int64)]
    )
    func `a duration that is too long is the longest`(duration: Duration, nanoseconds: Int64) {
        #expect(duration.nanoseconds == nanoseconds)
    }
}
