/// The tag of a data element (PS3.5 7.1), printed as PS3.6 writes it: `(0008,0018)`.
package struct ElementTag: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable, CustomStringConvertible {
    /// Group in the high 16 bits, element in the low ones: (0008,0018) is 0x00080018.
    package let rawValue: UInt32

    @inlinable
    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    @inlinable
    package init(_ rawValue: UInt32) {
        self.rawValue = rawValue
    }

    @inlinable package var group: UInt16 { UInt16(truncatingIfNeeded: rawValue >> 16) }
    @inlinable package var element: UInt16 { UInt16(truncatingIfNeeded: rawValue) }

    /// Private elements have odd groups (PS3.5 7.8).
    @inlinable package var isPrivate: Bool { rawValue & 0x0001_0000 != 0 }

    /// (gggg,0000), retired but for groups 0000 and 0002 (PS3.5 7.2).
    @inlinable package var isGroupLength: Bool { rawValue & 0xFFFF == 0 }

    /// (gggg,0010) to (gggg,00FF) of an odd group: reserves a block of private elements (PS3.5 7.8.1).
    @inlinable package var isPrivateCreator: Bool { isPrivate && (0x10...0xFF).contains(rawValue & 0xFFFF) }

    /// Four or eight upper-case hexadecimal digits, as `Tag_GGGGEEEE` and PS3.18 need them.
    package var hexDigits: String {
        let digits = String(rawValue, radix: 16, uppercase: true)
        return String(repeating: "0", count: 8 &- digits.utf8.count) + digits
    }

    package var description: String {
        let digits = hexDigits
        return "(\(digits.prefix(4)),\(digits.suffix(4)))"
    }

    @inlinable
    package static func < (left: ElementTag, right: ElementTag) -> Bool { left.rawValue < right.rawValue }
}

extension ElementTag {
    package static let transferSyntaxUID = ElementTag(0x0002_0010)
    package static let mediaStorageSOPClassUID = ElementTag(0x0002_0002)
    package static let specificCharacterSet = ElementTag(0x0008_0005)
    package static let sopClassUID = ElementTag(0x0008_0016)
    package static let sopInstanceUID = ElementTag(0x0008_0018)
    package static let timezoneOffsetFromUTC = ElementTag(0x0008_0201)
    package static let patientID = ElementTag(0x0010_0020)
    package static let studyInstanceUID = ElementTag(0x0020_000D)
    package static let seriesInstanceUID = ElementTag(0x0020_000E)
    package static let pixelRepresentation = ElementTag(0x0028_0103)
    package static let floatPixelData = ElementTag(0x7FE0_0008)
    package static let doubleFloatPixelData = ElementTag(0x7FE0_0009)
    package static let pixelData = ElementTag(0x7FE0_0010)
    package static let item = ElementTag(0xFFFE_E000)
    package static let itemDelimitation = ElementTag(0xFFFE_E00D)
    package static let sequenceDelimitation = ElementTag(0xFFFE_E0DD)
}
