package import DICOM

/// Makes DICOM files in memory, right or wrong ones: the same content in any transfer syntax.
///
///     DICOMBuilder().instance().text(.patientName, .PN, "Doe^Jane").file()
package struct DICOMBuilder: Sendable {
    /// How a data set is written.
    package enum Syntax: Hashable, Sendable, CaseIterable {
        case implicitLittleEndian, explicitLittleEndian, explicitBigEndian, implicitBigEndian, deflated, jpegBaseline

        package var uid: String {
            switch self {
            case .implicitLittleEndian: "1.2.840.10008.1.2"
            case .explicitLittleEndian: "1.2.840.10008.1.2.1"
            case .explicitBigEndian: "1.2.840.10008.1.2.2"
            case .implicitBigEndian: "1.2.840.113619.5.2"
            case .deflated: "1.2.840.10008.1.2.1.99"
            case .jpegBaseline: "1.2.840.10008.1.2.4.50"
            }
        }

        package var isImplicit: Bool { self == .implicitLittleEndian || self == .implicitBigEndian }
        package var isBigEndian: Bool { self == .explicitBigEndian || self == .implicitBigEndian }
    }

    /// Whether a sequence or item says how long it is.
    package enum Length: Hashable, Sendable, CaseIterable { case defined, undefined }

    enum Node: Sendable {
        case element(UInt32, VR, Value)
        case sequence(UInt32, VR, [DICOMBuilder], Length)
        case fragments(UInt32, VR, [[UInt8]])
        case raw([UInt8])
    }

    enum Value: Sendable {
        case bytes([UInt8])
        /// Numbers of so many bytes.
        case numbers([UInt64], size: Int)
    }

    var nodes: [Node] = []

    /// An empty data set, or item.
    package init() {}

    private func adding(_ node: Node) -> DICOMBuilder {
        var copy = self
        copy.nodes.append(node)
        return copy
    }

    /// Adds a value as it is, not padded.
    package func element(_ tag: UInt32, _ vr: VR, _ bytes: [UInt8] = []) -> DICOMBuilder {
        adding(.element(tag, vr, .bytes(bytes)))
    }

    /// Adds a text, padded to even length as its VR wants it.
    package func text(_ tag: UInt32, _ vr: VR, _ text: String) -> DICOMBuilder {
        var bytes = Array(text.utf8)
        if bytes.count % 2 == 1 { bytes.append(vr == .UI ? 0 : 0x20) }
        return element(tag, vr, bytes)
    }

    /// Adds integers in the byte order of the file, as wide as their type.
    package func numbers<Number: FixedWidthInteger>(_ tag: UInt32, _ vr: VR, _ values: [Number]) -> DICOMBuilder {
        let words = values.map { UInt64(truncatingIfNeeded: $0) }
        return adding(.element(tag, vr, .numbers(words, size: Number.bitWidth / 8)))
    }

    /// Adds FL values.
    package func floats(_ tag: UInt32, _ values: [Float]) -> DICOMBuilder {
        numbers(tag, .FL, values.map(\.bitPattern))
    }

    /// Adds FD values.
    package func doubles(_ tag: UInt32, _ values: [Double]) -> DICOMBuilder {
        numbers(tag, .FD, values.map(\.bitPattern))
    }

    /// Adds a sequence; with VR UN its content is implicit VR little endian, as PS3.5 6.2.2 wants it.
    package func sequence(
        _ tag: UInt32,
        _ items: [DICOMBuilder],
        length: Length = .defined,
        vr: VR = .SQ
    ) -> DICOMBuilder {
        adding(.sequence(tag, vr, items, length))
    }

    /// Adds encapsulated pixel data.
    package func fragments(_ fragments: [[UInt8]], tag: UInt32 = 0x7FE0_0010, vr: VR = .OB) -> DICOMBuilder {
        adding(.fragments(tag, vr, fragments))
    }

    /// Adds bytes that stand where an element should.
    package func raw(_ bytes: [UInt8]) -> DICOMBuilder { adding(.raw(bytes)) }

    /// Adds what every instance has: SOP class, and the three UIDs.
    package func instance(study: String = "1.2.3", series: String = "1.2.3.4", sop: String = "1.2.3.4.5")
        -> DICOMBuilder
    {
        text(0x0008_0016, .UI, "1.2.840.10008.5.1.4.1.1.2").text(0x0008_0018, .UI, sop)
            .text(0x0020_000D, .UI, study).text(0x0020_000E, .UI, series)
    }

    /// The whole file: preamble, file meta information, data set.
    package func file(
        _ syntax: Syntax = .explicitLittleEndian,
        declaring uid: String? = nil,
        mediaStorage: String = "1.2.840.10008.5.1.4.1.1.2"
    ) -> [UInt8] {
        Self.preamble + Self.meta(syntax: uid ?? syntax.uid, mediaStorage: mediaStorage) + dataSet(syntax)
    }

    /// The data set alone, as it stands in a file.
    package func dataSet(_ syntax: Syntax = .explicitLittleEndian) -> [UInt8] {
        var writer = ElementWriter(isImplicit: syntax.isImplicit, isBigEndian: syntax.isBigEndian)
        writer.write(self)
        return syntax == .deflated ? deflated(writer.bytes) : writer.bytes
    }

    /// 128 zeros and `DICM`.
    package static let preamble = [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)

    /// File meta information with its group length.
    package static func meta(syntax: String, mediaStorage: String = "1.2.840.10008.5.1.4.1.1.2") -> [UInt8] {
        let rest = DICOMBuilder().element(0x0002_0001, .OB, [0, 1]).text(0x0002_0002, .UI, mediaStorage)
            .text(0x0002_0003, .UI, "1.2.3.4.5").text(0x0002_0010, .UI, syntax).dataSet()
        return DICOMBuilder().numbers(0x0002_0000, .UL, [UInt32(rest.count)]).dataSet() + rest
    }
}
