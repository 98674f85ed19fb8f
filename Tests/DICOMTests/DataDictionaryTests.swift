import DICOM
import Testing

@Suite struct DataDictionaryTests {
    @Test func `entries have what PS3.6 says`() throws {
        let name = try #require(DataDictionary.entry(for: ElementTag(0x0010_0010)))
        #expect(name.keyword == "PatientName" && name.vr == .PN && !name.isMultiple)
        let type = try #require(DataDictionary.entry(for: ElementTag(0x0008_0008)))
        #expect(type.keyword == "ImageType" && type.vr == .CS && type.isMultiple)
        let pixels = try #require(DataDictionary.entry(for: .pixelData))
        #expect(pixels.vr == .obOrOW)
        let smallest = try #require(DataDictionary.entry(for: ElementTag(0x0028_0106)))
        #expect(smallest.vr == .usOrSS)
        let lut = try #require(DataDictionary.entry(for: ElementTag(0x0028_3006)))
        #expect(lut.vr == .usOrOW && lut.isMultiple)
        let sequence = try #require(DataDictionary.entry(for: ElementTag(0x0008_1140)))
        #expect(sequence.vr == .SQ)
        let command = try #require(DataDictionary.entry(for: ElementTag(0x0000_0100)))
        #expect(command.keyword == "CommandField" && command.vr == .US)
        #expect(DataDictionary.entry(for: .transferSyntaxUID)?.keyword == "TransferSyntaxUID")
    }

    @Test func `repeating groups resolve to one entry`() throws {
        for group: UInt32 in [0x6000, 0x6002, 0x60FE] {
            let entry = try #require(DataDictionary.entry(for: ElementTag(group << 16 | 0x0010)))
            #expect(entry.tag == ElementTag(0x6000_0010) && entry.keyword == "OverlayRows")
        }
        #expect(DataDictionary.entry(for: ElementTag(0x501E_0005))?.tag == ElementTag(0x5000_0005))
        #expect(DataDictionary.entry(for: ElementTag(0x6001_0010)) == nil)
        #expect(DataDictionary.entry(for: ElementTag(0x6100_0010)) == nil)
        #expect(DataDictionary.entry(for: ElementTag(0x0020_3102)) == nil)
    }

    @Test func `what is not in the standard has no entry`() {
        for tag: UInt32 in [0, 0x0009_0010, 0x0008_0000, 0xFFFE_E000, 0xFFFF_FFFF, 0x0010_9999] {
            #expect(DataDictionary.entry(for: ElementTag(tag)) == nil || tag == 0)
        }
    }

    @Test func `every entry is found by tag and by keyword`() {
        var previous: ElementTag?
        #expect(DataDictionary.count > 5000)
        for index in 0..<DataDictionary.count {
            let entry = DataDictionary.entry(at: index)
            #expect(DataDictionary.entry(for: entry.tag)?.index == index)
            #expect(DataDictionary.tag(of: entry.keyword) == entry.tag)
            #expect(previous.map { $0 < entry.tag } ?? true)
            #expect(entry.keyword.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
            previous = entry.tag
        }
        #expect(DataDictionary.tag(of: "NoSuchKeyword") == nil)
    }

    @Test func `the kinds of VRs are disjoint`() {
        for letters: StaticString in ["LO", "DS", "US", "FD", "AT", "OB", "UN", "SQ", "OV", "UV", "ZZ"] {
            let vr = VR(letters)
            #expect([vr.isText, vr.isNumeric, vr.isBinary, vr == .SQ].count { $0 } == 1)
        }
        #expect(VR("PN") == .PN && VR.PN.description == "PN")
        #expect(VR.usOrSS.isNumeric && VR.usOrOW.isBinary && VR.obOrOW.isBinary)
    }
}
