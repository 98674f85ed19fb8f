internal import Glibc

/// The wall clock: what goes into tables and is compared with file times.
package enum WallClock {
    /// Nanoseconds since 1970.
    package static var nanoseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }

    /// Microseconds since 1970.
    package static var microseconds: Int64 { nanoseconds / 1000 }
}

extension Duration {
    /// Whole nanoseconds; the greatest number for more than 292 years.
    package var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : product &+ attoseconds / 1_000_000_000
    }
}
