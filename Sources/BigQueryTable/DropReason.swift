import DICOM

/// Why an element is not in its column, spelled as `DroppedTags` shows it.
enum DropReason: String {
    case binary = "BINARY"
    case tooLarge = "TOO_LARGE"
    case tooDeep = "TOO_DEEP"
    case invalidValue = "INVALID_VALUE"
    case tooManyColumns = "TOO_MANY_COLUMNS"
    case truncated = "TRUNCATED"

    init(_ reason: Drop.Reason) {
        self =
            switch reason {
            case .tooLarge: .tooLarge
            case .tooDeep: .tooDeep
            case .truncated: .truncated
            }
    }
}
