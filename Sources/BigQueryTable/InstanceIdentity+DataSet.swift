package import DICOM
package import Vocabulary

extension InstanceIdentity {
    /// A UID has at most 64 bytes (PS3.5 9.1). A longer one is let pass for the sake of old writers, but not megabytes of it.
    private static let longest = 256

    /// The UIDs of a data set, as its row will have them; nil if one is absent, empty or too long, or has bytes that no UID has:
    /// that is damage, and what it was cannot be told.
    package static func of(_ dataSet: borrowing DataSet) -> InstanceIdentity? {
        guard dataSet.identifiesInstance else { return nil }
        // One walk for the three. Of a tag that stands twice the last counts.
        let source = Source(dataSet)
        var (study, series, instance) = (-1, -1, -1)
        var index = 0
        while index < source.count {
            let tag = source.tag(at: index)
            if tag <= 0x0020_000E {
                if tag == 0x0008_0018 { instance = index }
                if tag == 0x0020_000D { study = index }
                if tag == 0x0020_000E { series = index }
            }
            index = source.next(after: index)
        }
        guard let study = text(at: study, in: source), let series = text(at: series, in: source),
            let instance = text(at: instance, in: source)
        else { return nil }
        return InstanceIdentity(study: study, series: series, instance: instance)
    }

    private static func text(at index: Int, in source: Source) -> String? {
        guard index >= 0 else { return nil }
        let element = source[index]
        if element.isSequence || element.isDropped { return nil }
        let value = element.value.trimmed(start: true)
        guard !value.isEmpty, value.count <= longest, value.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            return nil
        }
        return String(decoding: value, as: UTF8.self)
    }
}

extension UnsafeRawBufferPointer {
    /// The bytes in UTF-8, with U+FFFD for each that is not ASCII: UIDs are in no character set (PS3.5 9.1).
    var replacingNonASCII: [UInt8] {
        if isASCII { return Array(self) }
        return flatMap { $0 < 0x80 ? [$0] : [0xEF, 0xBF, 0xBD] }
    }
}
