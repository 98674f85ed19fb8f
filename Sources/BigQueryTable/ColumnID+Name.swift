import DICOM

extension ColumnID {
    private static let ownNames = [
        "OtherElements", "DroppedTags", "Metadata", "StructuredStorageSize", "Type", "LastUpdated", "StorageClass",
        "BlobStorageSize", "SourceDicomStore", "SourcePath",
    ]

    /// The keyword, `Tag_GGGGEEEE` with upper-case digits, or the name of a column of ours.
    package var name: String {
        if isOwn {
            let index = Int(rawValue - Self.otherElements.rawValue)
            return index < Self.ownNames.count ? Self.ownNames[index] : Self.tagName(rawValue)
        }
        return DataDictionary.entry(for: ElementTag(rawValue: rawValue))?.keyword ?? Self.tagName(rawValue)
    }

    /// Finds the column that a table calls so; nil for a name that is none of ours.
    package init?(name: String) {
        if let index = Self.ownNames.firstIndex(of: name) {
            self.init(rawValue: Self.otherElements.rawValue + UInt32(index))
        } else if name.utf8.count == 12, name.hasPrefix("Tag_"), let tag = UInt32(name.dropFirst(4), radix: 16),
            name == Self.tagName(tag), tag < Self.otherElements.rawValue
        {
            self.init(rawValue: tag)
        } else if let tag = DataDictionary.tag(of: name) {
            self.init(rawValue: tag.rawValue)
        } else {
            return nil
        }
    }

    /// `Tag_GGGGEEEE`.
    static func tagName(_ tag: UInt32) -> String {
        let digits = String(tag, radix: 16, uppercase: true)
        return "Tag_" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
}
