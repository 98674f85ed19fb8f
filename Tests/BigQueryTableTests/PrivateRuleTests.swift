import DICOM
import DICOMTestSupport
import Testing

@testable import BigQueryTable

/// Private elements of which the file does not say what they are.
@Suite struct PrivateRuleTests {
    private static func creator(_ tag: UInt32, _ name: String) -> Part { .text(tag, "LO", name) }
    private static var parameters: Part { creator(0x0043_0010, "GEMS_PARM_01") }

    /// Elements of all kinds, and the VR that the private dictionary has for each.
    private static func elements(_ vr: (String) -> String) -> [Part] {
        [
            creator(0x0009_0010, "GEMS_IDEN_01"), .text(0x0009_1004, vr("SH"), "LX"),
            creator(0x0019_0010, "SIEMENS MED NM"), .fl(0x0019_1006, 1.5), creator(0x0027_0010, "GEMS_IMAG_01"),
            .numbers(0x0027_1010, vr("SS"), [-3] as [Int16]), creator(0x0029_0010, "SIEMENS CSA HEADER"),
            .text(0x0029_1008, vr("CS"), "IMAGE NUM 4"), .bytes(0x0029_1010, vr("OB"), [1, 2, 3, 4]), parameters,
            .numbers(0x0043_1001, vr("SS"), [-1] as [Int16]), .text(0x0043_100B, vr("DS"), "12.5"),
        ].map { part in
            guard case .bytes(let bytes, _) = part.value, part.tag & 0xFFFF >= 0x1000 else { return part }
            return .bytes(part.tag, vr(part.vr), bytes)
        }
    }

    @Test(arguments: [Encoding.implicit, .explicit, .bigEndian])
    func `elements of implicit VR, and in UN, have the VR of the private dictionary`(encoding: Encoding) throws {
        let row = try TestRow(file: encoding.file(Self.elements { _ in "UN" }), schema: Self.schema())
        let expected = [
            ("00090010", "GEMS_IDEN_01"), ("00091004", "LX"), ("00190010", "SIEMENS MED NM"), ("00191006", "1.5"),
            ("00270010", "GEMS_IMAG_01"), ("00271010", "-3"), ("00290010", "SIEMENS CSA HEADER"),
            ("00291008", "IMAGE NUM 4"), ("00430010", "GEMS_PARM_01"), ("00431001", "-1"), ("0043100B", "12.5"),
        ]
        #expect(row["OtherElements"] == Self.others(expected))
        #expect(row["DroppedTags"] == Self.drops("00291010"))
    }

    @Test func `what the file says of an element comes before the dictionary`() throws {
        let row = try TestRow(Self.parameters, .text(0x0043_1001, "LO", "four"), .us(0x0043_1002, 0xFFFF))
        #expect(
            row["OtherElements"]
                == Self.others([("00430010", "GEMS_PARM_01"), ("00431001", "four"), ("00431002", "65535")])
        )
    }

    @Test func `a creator has the block that it has reserved, whichever that is`() throws {
        let row = try TestRow(
            Self.creator(0x0029_0011, "SIEMENS CSA HEADER"),
            Self.creator(0x0029_00E1, "SIEMENS MEDCOM HEADER"),
            .text(0x0029_1108, "CS", "IMAGE"),
            .text(0x0029_E108, "CS", "MEDCOM 1"),
            encoding: .implicit
        )
        #expect(
            row["OtherElements"]
                == Self.others([
                    ("00290011", "SIEMENS CSA HEADER"), ("002900E1", "SIEMENS MEDCOM HEADER"), ("00291108", "IMAGE"),
                    ("0029E108", "MEDCOM 1"),
                ])
        )
        #expect(row["DroppedTags"] == nil)
    }

    @Test func `an element without its creator stays UN`() throws {
        let value = Part.numbers(0x0043_1001, "SS", [1] as [Int16])
        let others: [[Part]] = [
            [], [Self.creator(0x0041_0010, "GEMS_PARM_01")], [Self.creator(0x0043_0011, "GEMS_PARM_01")],
            [Self.creator(0x0043_0010, "ACME")], [Self.creator(0x0043_0010, "")],
            [.items(0x0008_1140, [Self.parameters])], [.items(0x0043_0010, [Self.parameters])],
        ]
        for creators in others {
            let row = try TestRow(file: Encoding.implicit.file(creators + [value]), schema: Self.schema())
            #expect(row["DroppedTags"] == Self.drops("00431001"))
        }
    }

    @Test func `elements that no block holds stay UN`() throws {
        let row = try TestRow(
            .bytes(0x0043_0001, "LO", Array("GEMS_PARM_01".utf8)),
            Self.parameters,
            .us(0x0043_0101, 1),
            .us(0x0043_0F01, 1),
            encoding: .implicit
        )
        #expect(row["DroppedTags"] == Self.drops("00430001", "00430101", "00430F01"))
    }

    @Test func `a block is reserved in its data set or item alone`() throws {
        let value = Part.numbers(0x0043_1001, "SS", [1] as [Int16])
        let other = Self.creator(0x0043_0010, "ACME")
        let row = try TestRow(
            .items(0x0008_1140, [value], [Self.parameters, value], [other, value], [value]),
            Self.parameters,
            .items(0x0043_1010, [value], isUndefinedLength: true),
            .numbers(0x0043_1102, "SS", [1] as [Int16]),
            value,
            encoding: .implicit
        )
        let element = #"{"Tag":"Tag_00431001","Data":["1"]}"#
        let reserved = #"{"Tag":"Tag_00430010","Data":["GEMS_PARM_01"]}"#
        #expect(
            row["ReferencedImageSequence"]
                == .text(
                    #"[{},{"OtherElements":[\#(reserved),\#(element)]},"#
                        + #"{"OtherElements":[{"Tag":"Tag_00430010","Data":["ACME"]}]},{}]"#
                )
        )
        #expect(row["OtherElements"] == .text("[\(reserved),\(element)]"))
        let names = ["ReferencedImageSequence[0].", "ReferencedImageSequence[2].", "ReferencedImageSequence[3]."]
        #expect(
            row["DroppedTags"]
                == .text(
                    "["
                        + (names + ["Tag_00431010[0]."]).map { #"{"TagName":"\#($0)Tag_00431001","Reason":"BINARY"}"# }
                        .joined(separator: ",") + #",{"TagName":"Tag_00431102","Reason":"BINARY"}]"#
                )
        )
    }

    @Test(arguments: ["GEMS_PARM_01", "GEMS_PARM_01  ", " GEMS_PARM_01", "GEMS_PARM_01\0\0"])
    func `padding of a creator does not count`(name: String) throws {
        let row = try TestRow(
            Self.creator(0x0043_0010, name),
            .numbers(0x0043_1001, "SS", [7] as [Int16]),
            encoding: .implicit
        )
        #expect(row["OtherElements"] == Self.others([("00430010", "GEMS_PARM_01"), ("00431001", "7")]))
    }

    @Test(arguments: ["gems_parm_01", "GEMS_PARM_0", "GEMS_PARM_011", "GEMS_PARM_01\\ACME", "GEMS PARM 01"])
    func `a creator counts as it is spelled`(name: String) throws {
        let row = try TestRow(
            Self.creator(0x0043_0010, name),
            .numbers(0x0043_1001, "SS", [7] as [Int16]),
            encoding: .implicit
        )
        #expect(row["DroppedTags"] == Self.drops("00431001"))
    }

    /// Values that are not what the dictionary says of their element.
    private static let misfits: [(String, UInt32, [UInt8])] = [
        ("GEMS_PARM_01", 0x0043_1001, [1, 2, 3]),  // SS of odd length
        ("GEMS_PARM_01", 0x0043_1001, [1, 2, 3, 4]),  // two of one
        ("SIEMENS MED NM", 0x0019_1006, [0, 0, 0x80, 0x7F]),  // FL, infinite
        ("SIEMENS MED NM", 0x0019_1006, [0, 0]),
        ("GEMS_PARM_01", 0x0043_100B, [1, 0, 0, 0]),  // DS
        ("GEMS_PARM_01", 0x0043_100B, Array("12,5".utf8)),
        ("GEMS_PARM_01", 0x0043_100B, [0, 0, 0x31, 0x32]),
        ("SIEMENS CSA HEADER", 0x0029_1009, Array("a\0b".utf8)),  // LO
        ("SIEMENS CSA HEADER", 0x0029_1009, Array("a\nb".utf8)),
        ("SIEMENS CSA HEADER", 0x0029_1009, [0x41, 0x85]),  // a control character of ISO 8859
        ("SIEMENS CSA HEADER", 0x0029_1008, [0x41, 0xC4]),  // CS has no character set
        ("PAPYRUS 3.0", 0x0041_1021, Array("1.2.a".utf8)),  // UI
    ]

    @Test(arguments: misfits.indices)
    func `a value that cannot be what the dictionary says stays binary`(index: Int) throws {
        let (name, tag, bytes) = Self.misfits[index]
        let parts: [Part] = [Self.creator(tag & 0xFFFF_0000 | 0x10, name), .bytes(tag, "UN", bytes)]
        for encoding in [Encoding.implicit, .explicit] {
            let row = try TestRow(file: encoding.file(parts), schema: Self.schema())
            #expect(row["DroppedTags"] == Self.drops(ElementTag(tag).hexDigits))
            let json = try TestRow(file: encoding.file(parts), schema: Self.schema(.json))
            #expect(json["DroppedTags"] == .text("[\"Tag_\(ElementTag(tag).hexDigits)\"]"))
        }
    }

    @Test func `text is decoded, and undecodable text is none`() throws {
        let parts: [Part] = [Self.creator(0x0029_0010, "SIEMENS CSA HEADER"), .text(0x0029_1009, "LO", "Köln")]
        let utf8 = [.text(0x0008_0005, "CS", "ISO_IR 192")] + parts
        let row = try TestRow(file: Encoding.implicit.file(utf8), schema: Self.schema())
        #expect(row["OtherElements"] == Self.others([("00290010", "SIEMENS CSA HEADER"), ("00291009", "Köln")]))
        let latin = Part.bytes(0x0029_1009, "LO", [0x4B, 0xF6, 0x6C, 0x6E])
        let broken = try TestRow(file: Encoding.implicit.file([utf8[0], utf8[1], latin]), schema: Self.schema())
        #expect(broken["DroppedTags"] == Self.drops("00291009"))
    }

    @Test func `nothing but padding is no value, and nobody misses it`() throws {
        let row = try TestRow(
            Self.creator(0x0029_0010, "SIEMENS CSA HEADER"),
            .bytes(0x0029_1008, "CS", []),
            .bytes(0x0029_1009, "LO", [0x20, 0x20, 0, 0]),
            encoding: .implicit
        )
        #expect(row["OtherElements"] == Self.others([("00290010", "SIEMENS CSA HEADER")]))
        #expect(row["DroppedTags"] == nil)
    }

    @Test func `US or SS of the private dictionary follows PixelRepresentation`() throws {
        let parts: [Part] = [Self.creator(0x0027_0010, "FDMS 1.0"), .us(0x0027_10A3, 0xFFFF, 1)]
        for (sign, value) in [(0, "65535"), (1, "-1")] as [(UInt16, String)] {
            let row = try TestRow(
                file: Encoding.implicit.file(parts + [.us(0x0028_0103, sign)]),
                schema: Self.schema()
            )
            #expect(
                row["OtherElements"]
                    == .text(
                        #"[{"Tag":"Tag_00270010","Data":["FDMS 1.0"]},{"Tag":"Tag_002710A3","Data":["\#(value)","1"]}]"#
                    )
            )
        }
    }

    @Test func `numbers of implicit VR have the byte order of their data set`() throws {
        let builder = DICOMBuilder().instance().text(0x0043_0010, .LO, "GEMS_PARM_01")
            .numbers(0x0043_1001, .SS, [258] as [Int16])
        for syntax in [DICOMBuilder.Syntax.implicitLittleEndian, .implicitBigEndian] {
            let row = try TestRow(file: builder.file(syntax), schema: Self.schema())
            #expect(row["OtherElements"] == Self.others([("00430010", "GEMS_PARM_01"), ("00431001", "258")]))
        }
    }

    @Test func `a private sequence in implicit VR is read if its end is marked, else it stays binary`() throws {
        let items: [Part] = [.us(0x0028_0010, 1)]
        let creator = Self.creator(0x0041_0010, "PAPYRUS 3.0")
        let open = try TestRow(creator, .items(0x0041_1010, items, isUndefinedLength: true), encoding: .implicit)
        #expect(open["Tag_00411010"] == #"[{"Rows":1}]"#)
        let closed = try TestRow(creator, .items(0x0041_1010, items), encoding: .implicit)
        #expect(closed["DroppedTags"] == Self.drops("00411010"))
    }

    @Test func `elements of an unordered data set find their creator`() throws {
        let row = try TestRow(
            .numbers(0x0043_1001, "SS", [7] as [Int16]),
            Self.creator(0x0043_0010, "ACME"),
            Self.parameters,
            encoding: .implicit
        )
        #expect(row["OtherElements"] == Self.others([("00430010", "GEMS_PARM_01"), ("00431001", "7")]))
    }

    @Test func `the JSON schema has them too`() throws {
        let parts: [Part] = [
            Self.creator(0x0041_0010, "PAPYRUS 3.0"), .bytes(0x0041_1010, "SQ", []), Self.parameters,
            .numbers(0x0043_1001, "SS", [-1] as [Int16]), .bytes(0x0043_1002, "SS", []),
            .text(0x0043_100B, "DS", "1.50\\2"), .text(0x0043_2001, "LO", "x"),
        ]
        let row = try TestRow(file: Encoding.implicit.file(parts), schema: Self.schema(.json))
        #expect(
            row["Metadata"]
                == .text(
                    #"{"00020010":{"vr":"UI","Value":["1.2.840.10008.1.2"]},"#
                        + #""00410010":{"vr":"LO","Value":["PAPYRUS 3.0"]},"00411010":{"vr":"SQ"},"#
                        + #""00430010":{"vr":"LO","Value":["GEMS_PARM_01"]},"00431001":{"vr":"SS","Value":[-1]},"#
                        + #""00431002":{"vr":"SS"},"0043100B":{"vr":"DS","Value":[1.50,2]}}"#
                )
        )
        #expect(row["DroppedTags"] == #"["Tag_00432001"]"#)
    }

    private static func schema(_ kind: SchemaKind = .flattened) -> TableSchema {
        TableSchema(kind: kind, includesSourceStore: false)
    }

    private static func others(_ entries: [(String, String)]) -> TestRow.Value {
        .text("[" + entries.map { #"{"Tag":"Tag_\#($0.0)","Data":["\#($0.1)"]}"# }.joined(separator: ",") + "]")
    }

    private static func drops(_ tags: String...) -> TestRow.Value {
        .text("[" + tags.map { #"{"TagName":"Tag_\#($0)","Reason":"BINARY"}"# }.joined(separator: ",") + "]")
    }
}
