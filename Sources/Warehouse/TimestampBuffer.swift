internal import Vocabulary

/// Kept memory for the text of a TIMESTAMP, since one is bound for each row.
struct TimestampBuffer: ~Copyable {
    private let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: TimestampText.length)

    init() {}

    deinit { bytes.deallocate() }

    /// The text of a time; valid until the next call.
    mutating func text(_ time: UnixMicroseconds) -> UnsafeRawBufferPointer {
        TimestampText.write(time.rawValue, to: bytes)
        return UnsafeRawBufferPointer(start: bytes, count: TimestampText.length)
    }
}
