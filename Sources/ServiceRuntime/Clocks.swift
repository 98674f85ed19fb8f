internal import Glibc
package import Vocabulary

/// The wall clock: what goes into tables and is compared with file times.
package enum WallClock {
    /// Nanoseconds since 1970.
    package static var nanoseconds: UnixNanoseconds {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UnixNanoseconds(rawValue: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
    }

    /// Microseconds since 1970.
    package static var microseconds: UnixMicroseconds { UnixMicroseconds(rawValue: nanoseconds.rawValue / 1000) }
}

extension Duration {
    /// Whole nanoseconds; the greatest number, or the least, for more than 292 years.
    package var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isTooLongThen) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        guard isTooLong || isTooLongThen else { return sum }
        return seconds < 0 ? .min : .max
    }
}
