import DICOM

/// What the dictionary says of a keyword's column, in the form that a row builder needs for each element.
struct ElementInfo: BitwiseCopyable {
    /// What a column takes that needs no more than a few instructions.
    enum Route: UInt8 {
        case slow, text, texts, integer, real, date, time

        init(_ kind: ValueKind, isRepeated: Bool, vr: UInt16) {
            switch kind {
            case .text: self = isRepeated ? .texts : .text
            case .integer where !isRepeated && vr != VRCode.usOrSS: self = .integer
            case .real where !isRepeated: self = .real
            case .date where !isRepeated: self = .date
            case .time where !isRepeated: self = .time
            default: self = .slow
            }
        }
    }

    /// The keyword, in ASCII; static memory.
    let name: UnsafeRawBufferPointer
    let column: ColumnID
    let vr: UInt16
    let kind: ValueKind
    let form: ValueForm
    let isRepeated: Bool
    let isRepeatingGroup: Bool
    /// Neither exported nor listed as dropped.
    let isSkipped: Bool
    /// How the common case goes.
    let route: Route
    /// The table is known to have the column.
    var isAdmitted = false

    init(_ entry: DataDictionary.Entry) {
        let tag = entry.tag.rawValue
        name = entry.keywordBytes
        column = ColumnID(rawValue: tag)
        vr = entry.vr.rawValue
        kind = ValueKind(dictionary: entry.vr)
        form = ValueForm(vr: vr)
        isRepeated = entry.isMultiple || kind == .sequence
        isRepeatingGroup = column.isRepeatingGroup
        isSkipped = Self.isSkipped(tag)
        route =
            isSkipped || isRepeatingGroup || column == .timezoneOffsetFromUTC
            ? .slow : Route(kind, isRepeated: isRepeated, vr: vr)
    }

    /// LUT descriptors: of palettes, of large palettes, and of modality, VOI and presentation.
    static func isDescriptor(_ tag: UInt32) -> Bool {
        switch tag {
        case 0x0028_1100...0x0028_1104, 0x0028_1111...0x0028_1113, 0x0028_3002: true
        default: false
        }
    }

    /// Group lengths, pixel data, and what says nothing about the instance.
    static func isSkipped(_ tag: UInt32) -> Bool {
        switch tag {
        case 0x7FE0_0008, 0x7FE0_0009, 0x7FE0_0010: true
        case 0x0002_0001, 0xFFFC_FFFC: true  // FileMetaInformationVersion, DataSetTrailingPadding
        default: tag & 0xFFFF == 0
        }
    }
}
