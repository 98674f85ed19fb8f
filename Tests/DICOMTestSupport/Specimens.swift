import DICOM

/// Small files that hold, together, all that a header can: seeds of the fuzzers, and fixtures of tests.
package enum Specimens {
    /// Each content with a name.
    package static let contents: [(name: String, builder: DICOMBuilder)] = [
        ("plain", plain), ("values", values), ("times", times), ("japanese", japanese), ("chinese", chinese),
        ("nested", nested), ("private", privates), ("repeating", repeating), ("mismatched", mismatched),
        ("unordered", unordered), ("encapsulated", encapsulated), ("unknown", unknown),
        ("identified", identified),
    ]

    /// All of them in each encoding, whole and as bare data sets.
    package static let files: [(name: String, bytes: [UInt8])] = contents.flatMap { name, builder in
        DICOMBuilder.Syntax.allCases.map { ("\(name)-\($0)", builder.file($0)) }
            + [
                ("\(name)-bare", builder.dataSet(.explicitLittleEndian)),
                ("\(name)-bare-implicit", builder.dataSet(.implicitLittleEndian)),
            ]
    }

    package static let plain = DICOMBuilder().text(0x0008_0005, .CS, "ISO_IR 100")
        .text(0x0008_0008, .CS, "ORIGINAL\\PRIMARY").instance().text(0x0008_0060, .CS, "CT")
        .text(0x0010_0010, .PN, "Doe^Jane^^Dr").text(0x0010_0020, .LO, "4711").text(0x0018_0050, .DS, "1.5")
        .text(0x0020_0013, .IS, "7").text(0x0020_0032, .DS, "-1\\2.50\\3e2").numbers(0x0028_0010, .US, [UInt16(2)])
        .element(0x7FE0_0010, .OW, [1, 2, 3, 4])

    /// Every VR, with one value and with several.
    package static let values = DICOMBuilder().text(0x0008_0001, .UL, "abcd").instance()
        .text(0x0008_0119, .UC, " long \\code ").text(0x0008_0120, .UR, "urn:x ").text(0x0010_1010, .AS, "042Y")
        .text(0x0010_21B0, .LT, " a\\b\n").text(0x0018_1250, .SH, " coil").numbers(0x0018_6020, .SL, [Int32(-5)])
        .numbers(0x0018_9219, .SS, [Int16(-1)]).numbers(0x0020_9165, .AT, [UInt16(0x0020), 0x9157])
        .numbers(0x0028_0106, .SS, [Int16(-7)]).numbers(0x0028_0009, .AT, [UInt16(0x0018), 0x1063, 0x0018, 0x1065])
        .floats(0x0018_9073, [0.1]).doubles(0x0018_9087, [1000.25]).doubles(0x0018_9089, [1, 0, -0.5])
        .text(0x0040_A160, .UT, "text \\ \"quoted\" ").numbers(0x0040_A082, .US, [UInt16(1), 2])
        .element(0x0042_0011, .OB, [1, 2]).numbers(0x0072_0082, .SV, [Int64.min]).numbers(
            0x0072_0083,
            .UV,
            [UInt64.max]
        )
        .numbers(0x0008_040C, .UV, [UInt64(1) << 40]).element(0x0066_0016, .OF, [0, 0, 128, 63])
        .text(0x0040_A30A, .DS, "1\\\\x").floats(0x0072_0076, [.nan, .infinity])

    package static let times = DICOMBuilder().instance().text(0x0008_0020, .DA, "20240229")
        .text(0x0008_0021, .DA, "1999.12.31").text(0x0008_002A, .DT, "20240229235959.123456+1400")
        .text(0x0008_0030, .TM, "235959.5").text(0x0008_0031, .TM, "10:11").text(0x0008_0201, .SH, "-0530")
        .text(0x0008_0022, .DA, "20230229").text(0x0018_1200, .DA, "20240101\\20240102").text(0x0040_A120, .DT, "2024")
        .text(0x0008_0033, .TM, "240000")

    package static let japanese = DICOMBuilder().text(0x0008_0005, .CS, "ISO 2022 IR 13\\ISO 2022 IR 87").instance()
        .element(
            0x0010_0010,
            .PN,
            [
                0xD4, 0xCF, 0xC0, 0xDE, 0x5E, 0xC0, 0xDB, 0xB3, 0x3D, 0x1B, 0x24, 0x42, 0x3B, 0x33, 0x45, 0x44, 0x1B,
                0x28, 0x4A,
            ]
                + [0x5E, 0x1B, 0x24, 0x42, 0x42, 0x40, 0x4F, 0x3A, 0x1B, 0x28, 0x4A, 0x20]
        )
        .element(
            0x0010_4000,
            .LT,
            [0x1B, 0x28, 0x42, 0x61, 0x5C, 0x0D, 0x0A, 0x1B, 0x24, 0x42, 0x3B, 0x33, 0x1B, 0x28, 0x4A, 0x62]
        )

    package static let chinese = DICOMBuilder().text(0x0008_0005, .CS, "GB18030").instance()
        .element(0x0008_0008, .CS, [0x41, 0x5C, 0x81, 0x5C]).element(0x0010_0020, .LO, [0x95, 0x32, 0x82, 0x36])
        .sequence(
            0x0008_1140,
            [
                DICOMBuilder().text(0x0008_0005, .CS, "ISO_IR 192").element(
                    0x0010_0010,
                    .PN,
                    [0xE7, 0x8E, 0x8B, 0x3D, 0xFF, 0x5E]
                )
            ]
        )

    package static let nested: DICOMBuilder = {
        let item = DICOMBuilder().text(0x0008_0060, .CS, "CT").numbers(0x0028_0103, .US, [UInt16(1)])
            .numbers(0x0028_0106, .SS, [Int16(-5)])
        let deep = item.sequence(0x0040_A730, [item, item.sequence(0x0040_A730, [item], length: .undefined)])
        return DICOMBuilder().instance().sequence(0x0008_1140, [item, deep, DICOMBuilder()])
            .sequence(0x0008_1115, [deep, deep], length: .undefined).sequence(0x0040_A043, [])
            .sequence(0x0040_A730, [deep.sequence(0x0040_A730, [deep])])
    }()

    package static let privates = DICOMBuilder().instance().text(0x0009_0010, .LO, "ACME 1.0")
        .text(0x0009_1001, .LO, "a\\ b\\").text(0x0009_1002, .PN, "Doe^J=x").numbers(0x0009_1003, .UV, [UInt64.max])
        .doubles(0x0009_1004, [0.1, .nan, -.infinity]).element(0x0009_1005, .OB, [1, 2]).element(0x0009_1006, .UN, [1])
        .sequence(0x0009_10AF, [DICOMBuilder().text(0x0009_0010, .LO, "ACME").text(0x0009_1001, .LT, "x")])
        .sequence(0x0029_1010, [plain], length: .undefined, vr: .UN).text(0x0008_9FFE, .LO, "unknown")
        .sequence(0x0008_9FFC, [DICOMBuilder().numbers(0x0028_0010, .US, [UInt16(1)])])

    /// Private elements of which only the private dictionary says what they are.
    package static let identified = DICOMBuilder().instance(study: "1.2", series: "1.2.3", sop: "1.2.3.4")
        .text(0x0027_0010, .LO, "FDMS 1.0").numbers(0x0027_10A3, .UN, [UInt16(0xFFFF), 1])
        .text(0x0029_0010, .LO, "SIEMENS CSA HEADER").text(0x0029_0011, .LO, "SIEMENS MEDCOM HEADER")
        .text(0x0029_1008, .UN, "IMAGE NUM 4 ").element(0x0029_1009, .UN, [0x4B, 0xF6, 0x6C, 0x6E])
        .text(0x0029_1108, .UN, "MEDCOM 1").text(0x0043_0010, .LO, "GEMS_PARM_01")
        .numbers(0x0043_1001, .UN, [Int16(-1)]).text(0x0043_100B, .UN, "12.5\\3 ").element(0x0043_100C, .UN)
        .sequence(
            0x0043_10AF,
            [DICOMBuilder().text(0x0043_0010, .LO, "GEMS_PARM_01").numbers(0x0043_1001, .UN, [Int16(2)])],
            length: .undefined
        )

    package static let repeating = DICOMBuilder().instance().numbers(0x5000_0005, .US, [UInt16(2)])
        .text(0x5000_0020, .CS, "ROI").numbers(0x5002_0005, .US, [UInt16(3)]).element(0x5000_3000, .OW, [1, 2])
        .numbers(0x6000_0010, .US, [UInt16(10)]).numbers(0x6000_0050, .SS, [Int16(1), -1])
        .text(0x6002_0015, .IS, "1").text(0x60FE_0022, .LO, "last").element(0x6002_3000, .OW, [1, 2])
        .text(0x0020_3102, .CS, "A\\B").sequence(0x6000_0100, [DICOMBuilder().numbers(0x6000_0010, .US, [UInt16(1)])])

    /// Values in a VR that is not the dictionary's.
    package static let mismatched = DICOMBuilder().instance().text(0x0008_0020, .LO, "20240101")
        .text(0x0008_0060, .US, "ab").text(0x0028_0010, .IS, "512").text(0x0028_0011, .DS, "5.0")
        .numbers(0x0020_0013, .US, [UInt16(7)]).doubles(0x0018_0050, [0.1]).numbers(0x0020_0011, .FD, [UInt64.max])
        .text(0x0018_9087, .DS, "1e400").text(0x0008_1140, .LO, "no sequence")
        .sequence(0x0010_0010, [plain]).text(0x0010_0020, .UN, "4711").element(0x0028_0008, .UN, [0x31, 0x20])

    package static let unordered = DICOMBuilder().text(0x0020_000E, .UI, "1.2.3.4").text(0x0008_0060, .CS, "CT")
        .text(0x0008_0060, .CS, "MR").text(0x0008_0018, .UI, "1.2").text(0x0020_000D, .UI, "1")
        .sequence(
            0x0008_1140,
            [DICOMBuilder().text(0x0010_0020, .LO, "b").text(0x0008_0060, .CS, "").text(0x0008_0060, .CS, "a")]
        )
        .numbers(0x0008_0000, .UL, [UInt32(4)])

    package static let encapsulated = DICOMBuilder().instance().fragments([[], [1, 2], [3, 4, 5, 6]])
        .text(0x7FE1_0010, .LO, "x").element(0xFFFC_FFFC, .OB, [0, 0])

    /// UN, of what the dictionary knows and of what it does not.
    package static let unknown = DICOMBuilder().instance().element(0x0010_0010, .UN, Array("Doe^Jane".utf8))
        .sequence(0x0040_A043, [plain], vr: .UN).sequence(0x0040_A730, [plain], length: .undefined, vr: .UN)
        .element(0x0028_0010, .UN, [0, 2]).element(0x0018_0051, .UN, [9]).element(
            0x0040_A168,
            .UN,
            Array("no sequence".utf8)
        )
}
