import DICOM

/// A column, known by the tag that its name stands for. Ascending ids are the order of columns.
///
/// For a keyword it is the tag, for repeating groups the base tag (5000eeee, 6000eeee), for a private or unknown sequence
/// the tag itself. Columns that no element stands for have ids that no element can have: group FFFE is that of delimiters.
package struct ColumnID: RawRepresentable, Hashable, Comparable, BitwiseCopyable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    package static let sopInstanceUID = Self(rawValue: 0x0008_0018)
    static let timezoneOffsetFromUTC = Self(rawValue: 0x0008_0201)
    package static let patientID = Self(rawValue: 0x0010_0020)
    package static let studyInstanceUID = Self(rawValue: 0x0020_000D)
    package static let seriesInstanceUID = Self(rawValue: 0x0020_000E)

    /// Private elements and those that the dictionary does not know.
    package static let otherElements = Self(rawValue: 0xFFFE_0000)
    package static let droppedTags = Self(rawValue: 0xFFFE_0001)
    /// The whole data set, in the JSON schema.
    package static let metadata = Self(rawValue: 0xFFFE_0002)
    /// Bytes of `metadata`, in the JSON schema.
    package static let structuredStorageSize = Self(rawValue: 0xFFFE_0003)
    // The rest are never cells: they are bound from the row itself.
    package static let type = Self(rawValue: 0xFFFE_0004)
    package static let lastUpdated = Self(rawValue: 0xFFFE_0005)
    package static let storageClass = Self(rawValue: 0xFFFE_0006)
    package static let blobStorageSize = Self(rawValue: 0xFFFE_0007)
    package static let sourceDicomStore = Self(rawValue: 0xFFFE_0008)
    package static let sourcePath = Self(rawValue: 0xFFFE_0009)

    /// Whether the column is one of ours, and not an element's.
    package var isOwn: Bool { rawValue >> 16 == 0xFFFE }

    /// Whether an element has a tag that no data set may use (PS3.5 7.8), and that would stand behind our own columns.
    static func isImpossible(tag: UInt32) -> Bool { tag >> 16 == 0xFFFF }

    /// Whether the column is a sequence that the dictionary has no keyword for: `Tag_GGGGEEEE`.
    package var isPrivateSequence: Bool { !isOwn && DataDictionary.entry(for: ElementTag(rawValue: rawValue)) == nil }

    /// Whether the column gathers a repeating group, 50xx or 60xx: its values are pairs of group and value.
    package var isRepeatingGroup: Bool { rawValue >> 16 == 0x5000 || rawValue >> 16 == 0x6000 }

    /// The columns that a table has from the start, and keeps when nothing fills them.
    package static func initial(kind: SchemaKind, includesSourceStore: Bool) -> [ColumnID] {
        var columns: [ColumnID] = [
            .sopInstanceUID, .studyInstanceUID, .seriesInstanceUID, .droppedTags, .type, .lastUpdated, .storageClass,
            .blobStorageSize,
        ]
        switch kind {
        case .flattened: columns += [.patientID, .otherElements, .sourcePath]
        case .json: columns += [.metadata, .structuredStorageSize]
        }
        if includesSourceStore { columns.append(.sourceDicomStore) }
        return columns.sorted()
    }
}
