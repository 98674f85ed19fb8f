import BigQueryTable
import DICOM
import Vocabulary

/// Columns of the dictionary.
enum DataColumns {
    static let all: [ColumnID] = (0..<DataDictionary.count).map {
        ColumnID(rawValue: DataDictionary.entry(at: $0).tag.rawValue)
    }

    /// Those with one text.
    static let text = all.filter { $0.field.type == .string && $0.field.mode == .nullable && $0.rawValue > 0x0028_0000 }
}
