import DICOM

extension RowBuilder {
    /// Lists what the reader passed over because the file breaks the rules: the element at which reading broke, and where and
    /// how many bytes.
    @inline(never)
    mutating func appendDamages(of dataSet: borrowing DataSet) {
        for damage in dataSet.damages {
            let depth = path.count
            for step in damage.path {
                path.append(
                    PathStep(column: ColumnID(rawValue: step.tag.rawValue), item: UInt32(truncatingIfNeeded: step.item))
                )
            }
            var place = "offset \(damage.offset), \(damage.count) bytes"
            place.withUTF8 { text in
                drop(
                    damage.tag.rawValue,
                    damage.reason == .truncated ? .truncated : .malformed,
                    text: UnsafeRawBufferPointer(text)
                )
            }
            path.truncate(to: depth)
        }
    }

    /// The character set of a data set of which nobody knows it, because the element that says it may be lost: what is not ASCII
    /// has no meaning then.
    func initialCharacterSet(of dataSet: borrowing DataSet) -> CharacterSet {
        if dataSet.isDamaged, dataSet.mayHaveLost(.specificCharacterSet) { return characterSets.ascii }
        return characterSets.standard
    }
}
