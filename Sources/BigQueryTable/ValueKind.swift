import DICOM

/// What a value becomes in a row, decided by the dictionary's VR and never by the file.
enum ValueKind: UInt8 {
    case text, integer, real, date, time, timestamp, name, sequence
    /// No column: OB, OW, UN and their like, and dictionary entries that may be one of them.
    case binary

    /// The kind of a column for a VR of the dictionary.
    init(dictionary vr: VR) {
        self =
            switch vr {
            case .AE, .AS, .CS, .DS, .IS, .LO, .LT, .SH, .ST, .UC, .UI, .UR, .UT: .text
            case .AT, .SL, .SS, .SV, .UL, .US, .UV, .usOrSS: .integer
            case .FD, .FL: .real
            case .DA: .date
            case .TM: .time
            case .DT: .timestamp
            case .PN: .name
            case .SQ: .sequence
            default: .binary
            }
    }

    var fieldType: FieldType {
        switch self {
        case .text, .binary: .string
        case .integer: .integer
        case .real: .float
        case .date: .date
        case .time: .time
        case .timestamp: .timestamp
        case .name, .sequence: .record
        }
    }
}
