import DICOM
import DICOMTestSupport
import Testing

@Suite struct DigestTests {
    static let key: (UInt64, UInt64) = (0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908)
    static let builder = DICOMBuilder().instance().text(0x0040_A160, .UT, "text")

    static func digest(_ file: [UInt8], limits: ReadLimits = ReadLimits()) throws -> [UInt64] {
        var dataSet = DataSet(limits: limits)
        try dataSet.parse(file)
        let digest = dataSet.digest(key: key)
        return [digest.0, digest.1]
    }

    static func pixels(_ byte: UInt8, _ count: Int) -> [UInt8] { [UInt8](repeating: byte, count: count) }

    @Test func `pixel data do not count, everything else does`() throws {
        for size in [10, 20_000] {
            func file(_ byte: UInt8, _ size: Int, tail: String = "x") -> [UInt8] {
                Self.builder.element(0x7FE0_0010, .OW, Self.pixels(byte, size)).text(0x7FE1_0010, .LO, tail).file()
            }
            let digest = try Self.digest(file(1, size))
            #expect(try Self.digest(file(2, size)) == digest)
            #expect(try Self.digest(file(1, size + 2)) != digest)
            #expect(try Self.digest(file(1, size, tail: "y")) != digest)
            #expect(try Self.digest(Array(file(1, size).dropLast(11))) != digest)
            // Every byte of the header, preamble included.
            var changed = file(1, size)
            for index in 0..<(changed.count - size - 10) where index % 3 == 0 {
                let old = changed[index]
                changed[index] ^= 0x01
                if let other = try? Self.digest(changed) { #expect(other != digest) }
                changed[index] = old
            }
        }
    }

    @Test func `fragments do not count`() throws {
        func file(_ byte: UInt8) -> [UInt8] {
            Self.builder.fragments([[], Self.pixels(byte, 500), Self.pixels(byte, 9000)]).file(.jpegBaseline)
        }
        #expect(try Self.digest(file(1)) == Self.digest(file(2)))
    }

    @Test func `of what is passed over, place and length count`() throws {
        let limits = ReadLimits(elementBytes: 100)
        func file(_ byte: UInt8, _ size: Int) -> [UInt8] {
            Self.builder.element(0x0042_0011, .OB, Self.pixels(byte, size)).file()
        }
        let digest = try Self.digest(file(1, 50_000), limits: limits)
        #expect(try Self.digest(file(2, 50_000), limits: limits) == digest)
        #expect(try Self.digest(file(1, 50_002), limits: limits) != digest)
        #expect(try Self.digest(file(1, 80)) != Self.digest(file(2, 80)))
    }

    @Test func `what is walked counts`() throws {
        let limits = ReadLimits(elementBytes: 100)
        func file(_ text: String, _ count: Int) -> [UInt8] {
            let items = (0..<count).map { _ in DICOMBuilder().text(0x0040_A160, .UT, text) }
            return Self.builder.sequence(0x0040_A730, items, length: .undefined).file()
        }
        let digest = try Self.digest(file("aa", 1000), limits: limits)
        #expect(try Self.digest(file("aa", 1000), limits: limits) == digest)
        #expect(try Self.digest(file("ab", 1000), limits: limits) != digest)
        #expect(try Self.digest(file("aa", 1001), limits: limits) != digest)
    }

    @Test func `the key matters`() throws {
        var dataSet = DataSet()
        try dataSet.parse(Self.builder.file())
        let (first, second) = (dataSet.digest(key: (1, 2)), dataSet.digest(key: (1, 3)))
        #expect(first != second)
    }
}
