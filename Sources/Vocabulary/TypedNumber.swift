/// A whole number of one kind, which the compiler does not let stand for one of another kind.
package protocol TypedNumber: RawRepresentable, Hashable, Comparable, ExpressibleByIntegerLiteral,
    LosslessStringConvertible, Sendable
where RawValue == Int64 {
    init(rawValue: Int64)
}

extension TypedNumber {
    package init(integerLiteral value: Int64) { self.init(rawValue: value) }

    package static var min: Self { Self(rawValue: .min) }
    package static var max: Self { Self(rawValue: .max) }

    package init(_ number: Int) { self.init(rawValue: Int64(number)) }

    /// Reads decimal digits; nil for anything else.
    package init?(_ text: some StringProtocol) {
        guard let number = Int64(text) else { return nil }
        self.init(rawValue: number)
    }

    package init?(_ description: String) { self.init(description[...]) }

    package var description: String { String(rawValue) }

    package static func + (number: Self, count: Int64) -> Self { Self(rawValue: number.rawValue + count) }
    package static func - (number: Self, count: Int64) -> Self { Self(rawValue: number.rawValue - count) }

    package static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
}

/// A number of state.db's log. Numbers grow over the whole log; some are skipped, and some name what is no entry: the record of
/// a file, an absence, a scan.
package struct ChangeNumber: TypedNumber {
    package let rawValue: Int64

    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// What a DICOM store is in state.db.
package struct StoreID: TypedNumber {
    package let rawValue: Int64

    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The decimal id of a long-running operation, streams included: the microsecond at which it was asked for, or the next free one.
package struct OperationID: TypedNumber {
    package let rawValue: Int64

    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// Microseconds since 1970-01-01T00:00:00Z: what tables and the wire count in.
package struct UnixMicroseconds: TypedNumber {
    package let rawValue: Int64

    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// Nanoseconds since 1970-01-01T00:00:00Z: what file systems count in.
package struct UnixNanoseconds: TypedNumber {
    package let rawValue: Int64

    package init(rawValue: Int64) { self.rawValue = rawValue }

    /// Nanoseconds from another time to this one.
    package func since(_ other: UnixNanoseconds) -> Int64 { rawValue &- other.rawValue }

    /// Far beyond either end the sum wraps around, as file systems' own times may.
    package static func &+ (time: UnixNanoseconds, nanoseconds: Int64) -> UnixNanoseconds {
        UnixNanoseconds(rawValue: time.rawValue &+ nanoseconds)
    }
}
