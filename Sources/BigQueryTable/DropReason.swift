/// Why an element is not in its column.
enum DropReason {
    case binary, tooLarge, tooDeep, invalidValue, tooManyColumns, truncated, malformed

    /// As `DroppedTags` shows it.
    var text: StaticString {
        switch self {
        case .binary: "BINARY"
        case .tooLarge: "TOO_LARGE"
        case .tooDeep: "TOO_DEEP"
        case .invalidValue: "INVALID_VALUE"
        case .tooManyColumns: "TOO_MANY_COLUMNS"
        case .truncated: "TRUNCATED"
        case .malformed: "MALFORMED"
        }
    }
}
