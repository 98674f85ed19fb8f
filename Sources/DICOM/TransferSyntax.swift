import Glibc

/// How a data set is encoded, as far as the header is concerned (PS3.5 10 and annex A).
package struct TransferSyntax: Hashable, Sendable {
    /// VRs are not in the file.
    package var isImplicit: Bool
    package var isBigEndian: Bool
    package var isDeflated: Bool

    package static let implicitLittleEndian = TransferSyntax(isImplicit: true, isBigEndian: false, isDeflated: false)
    package static let explicitLittleEndian = TransferSyntax(isImplicit: false, isBigEndian: false, isDeflated: false)
    package static let explicitBigEndian = TransferSyntax(isImplicit: false, isBigEndian: true, isDeflated: false)
    package static let deflated = TransferSyntax(isImplicit: false, isBigEndian: false, isDeflated: true)
    package static let implicitBigEndian = TransferSyntax(isImplicit: true, isBigEndian: true, isDeflated: false)

    /// The syntax of a UID, without padding. Those not named here, known or private, are explicit VR little endian.
    static func named(_ uid: UnsafeRawBufferPointer) -> TransferSyntax {
        func matches(_ other: StaticString) -> Bool { uid.isText(other) }
        if matches("1.2.840.10008.1.2") { return .implicitLittleEndian }
        if matches("1.2.840.10008.1.2.1") { return .explicitLittleEndian }
        if matches("1.2.840.10008.1.2.2") { return .explicitBigEndian }
        if matches("1.2.840.10008.1.2.1.99") { return .deflated }
        // JPIP Referenced Deflate, JPIP HTJ2K Referenced Deflate.
        if matches("1.2.840.10008.1.2.4.95") || matches("1.2.840.10008.1.2.4.205") { return .deflated }
        // GE private: implicit VR big endian by its name; by other readers little endian with big endian pixel data.
        if matches("1.2.840.113619.5.2") { return .implicitBigEndian }
        return .explicitLittleEndian
    }

    var withOtherVRs: TransferSyntax {
        TransferSyntax(isImplicit: !isImplicit, isBigEndian: isBigEndian, isDeflated: isDeflated)
    }
}

extension UnsafeRawBufferPointer {
    /// Whether the bytes are those of a text.
    func isText(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount, let start = baseAddress else { return false }
        return memcmp(start, text.utf8Start, count) == 0
    }
}
