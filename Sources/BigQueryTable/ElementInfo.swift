import DICOM

/// What the dictionary says of a keyword's column, in the form that a row builder needs for each element.
struct ElementInfo: BitwiseCopyable {
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
    /// The table is known to have the column.
    var isAdmitted = false

    init(_ entry: DataDictionary.Entry) {
        let tag = entry.tag.rawValue
        let vr = entry.vr
        name = entry.keywordBytes
        column = ColumnID(rawValue: tag)
        self.vr = vr.rawValue
        kind = ValueKind(dictionary: vr)
        form = ValueForm(vr)
        isRepeated = entry.isMultiple || kind == .sequence
        isRepeatingGroup = column.isRepeatingGroup
        isSkipped = Self.isSkipped(tag)
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
