import Testing

@testable import DICOM

@Suite struct SipHashTests {
    /// The key 00 01 … 0F of the published vectors.
    static let key: (UInt64, UInt64) = (0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908)

    /// SipHash-2-4-128 of 00 01 … (length - 1), bytes in order of output.
    @Test(arguments: [
        (0, "a3817f04ba25a8e66df67214c7550293"),
        (1, "da87c1d86b99af44347659119b22fc45"),
        (2, "8177228da4a45dc7fca38bdef60affe4"),
        (7, "a1f1ebbed8dbc153c0b84aa61ff08239"),
        (8, "3b62a9ba6258f5610f83e264f31497b4"),
        (15, "5493e99933b0a8117e08ec0f97cfc3d9"),
        (63, "5150d1772f50834a503e069a973fbd7c"),
    ])
    func `published vectors of 2-4 come out`(length: Int, expected: String) {
        #expect(hex(SipHash<2, 4>(key: Self.key), length, pieces: [length]) == expected)
    }

    @Test func `pieces do not matter`() {
        let whole = hex(SipHash<1, 3>(key: Self.key), 61, pieces: [61])
        #expect(hex(SipHash<1, 3>(key: Self.key), 61, pieces: [1, 2, 3, 8, 7, 16, 24]) == whole)
        #expect(hex(SipHash<1, 3>(key: Self.key), 61, pieces: [60, 0, 1]) == whole)
    }

    @Test func `a word is its eight bytes`() {
        for offset in 0..<9 {
            var words = SipHash<1, 3>(key: Self.key)
            var bytes = words
            [UInt8](repeating: 5, count: offset).withUnsafeBytes { words.absorb($0) }
            [UInt8](repeating: 5, count: offset).withUnsafeBytes { bytes.absorb($0) }
            words.absorb(0x0102_0304_0506_0708)
            words.absorb(0xF1F2_F3F4_F5F6_F7F8)
            let same: [UInt8] = [8, 7, 6, 5, 4, 3, 2, 1, 0xF8, 0xF7, 0xF6, 0xF5, 0xF4, 0xF3, 0xF2, 0xF1]
            same.withUnsafeBytes { bytes.absorb($0) }
            #expect(words.digest() == bytes.digest())
        }
    }

    private func hex<let c: Int, let d: Int>(_ hash: SipHash<c, d>, _ length: Int, pieces: [Int]) -> String {
        var hash = hash
        let bytes = (0..<length).map { UInt8($0) }
        var at = 0
        for piece in pieces {
            bytes[at..<at + piece].withUnsafeBytes { hash.absorb($0) }
            at += piece
        }
        let digest = hash.digest()
        return [digest.0, digest.1].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
            .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
