package import Vocabulary

/// Says that the times of new rows are ahead of the clock. Within a store each is greater than the one before, so that the latest row
/// stays the latest: once the clock was in the future, they go on from there.
package struct ClockNote: Equatable, CustomStringConvertible {
    /// How far they are ahead.
    package let seconds: Int64
    private let last: UnixMicroseconds

    /// nil if they are not ahead by more than a clock that is being adjusted may have them.
    package init?(last: UnixMicroseconds, now: UnixMicroseconds) {
        let (ahead, overflow) = last.rawValue.subtractingReportingOverflow(now.rawValue)
        guard !overflow, ahead > 60_000_000 else { return nil }
        seconds = ahead / 1_000_000
        self.last = last
    }

    package var description: String {
        """
        the clock was in the future: until \(TimestampText.text(last.rawValue)) each LastUpdated is a microsecond after the one before, in the \
        right order but not the time of day; to have right times again, see 'clocks' in operating.md
        """
    }
}
