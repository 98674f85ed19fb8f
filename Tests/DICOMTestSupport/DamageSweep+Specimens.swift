import DICOM

extension DamageSweep {
    /// Data sets with whatever could be taken for something else: UIDs in items, and a data set in a value.
    package static func specimens() -> [(name: String, bytes: [UInt8])] {
        var specimens: [(String, [UInt8])] = []
        for syntax in [DICOMBuilder.Syntax.explicitLittleEndian, .implicitLittleEndian, .explicitBigEndian] {
            for length in DICOMBuilder.Length.allCases {
                specimens.append(("image \(syntax) \(length)", image(length).file(syntax)))
                specimens.append(("plan \(syntax) \(length)", plan(length).file(syntax)))
            }
        }
        return specimens
    }

    /// An image with references, a segmentation, and a data set in a private value.
    private static func image(_ length: DICOMBuilder.Length) -> DICOMBuilder {
        let related = DICOMBuilder().text(0x0020_000D, .UI, "9.8.7").text(0x0020_000E, .UI, "9.8.7.6")
            .sequence(0x0040_A170, [code("121300", length)], length: length)
        let embedded = DICOMBuilder().text(0x0008_0018, .UI, "9.9.9").text(0x0008_0060, .CS, "XX")
            .text(0x0010_0010, .PN, "Other^Name").text(0x0010_0020, .LO, "OTHER").text(0x0020_000D, .UI, "9.9.8")
            .text(0x0020_000E, .UI, "9.9.7").text(0x0020_0010, .SH, "9").dataSet()
        let former = DICOMBuilder().text(0x0008_0018, .UI, "9.7.1").text(0x0010_0010, .PN, "Old^Name")
            .text(0x0010_0020, .LO, "FORMER").text(0x0020_000D, .UI, "9.7.2").text(0x0020_000E, .UI, "9.7.3")
        let segment = DICOMBuilder().sequence(0x0062_0003, [code("123037", length)], length: length)
            .numbers(0x0062_0004, .US, [UInt16(1)]).text(0x0062_0005, .LO, "Liver").text(0x0062_0008, .CS, "MANUAL")
        return DICOMBuilder().text(0x0008_0005, .CS, "ISO_IR 100").text(0x0008_0016, .UI, "1.2.840.10008.5.1.4.1.1.2")
            .text(0x0008_0018, .UI, "1.2.3.4.5").text(0x0008_0050, .SH, "A1").text(0x0008_0060, .CS, "CT")
            .sequence(0x0008_1250, [related, related], length: length)
            .text(0x0009_0010, .LO, "ACME").element(0x0009_1001, .OB, embedded)
            .text(0x0010_0010, .PN, "Doe^Jane").text(0x0010_0020, .LO, "PAT1")
            .sequence(
                0x0010_1002,
                [DICOMBuilder().text(0x0010_0020, .LO, "OLD1").text(0x0010_0022, .CS, "TEXT")],
                length: length
            )
            .text(0x0020_000D, .UI, "1.2.3").text(0x0020_000E, .UI, "1.2.3.4").text(0x0020_0010, .SH, "S1")
            .text(0x0020_0013, .IS, "7").numbers(0x0028_0010, .US, [UInt16(4)]).numbers(0x0028_0011, .US, [UInt16(4)])
            .sequence(0x0062_0002, [segment, segment], length: length)
            .sequence(
                0x0400_0561,
                [DICOMBuilder().sequence(0x0400_0550, [former], length: length).text(0x0400_0562, .DT, "2024")],
                length: length
            )
            .element(0x7FE0_0010, .OW, [UInt8](repeating: 0x55, count: 32))
    }

    /// A plan: sequences in sequences, and no pixel data.
    private static func plan(_ length: DICOMBuilder.Length) -> DICOMBuilder {
        let reference = DICOMBuilder().text(0x0008_1150, .UI, "1.2.840.10008.5.1.4.1.1.481.3")
            .text(0x0008_1155, .UI, "9.1.1")
        let point = DICOMBuilder().numbers(0x300A_0112, .IS, [UInt16(0x2030)]).text(0x300A_0114, .DS, "6.0")
            .sequence(0x300C_0002, [reference], length: length)
        let beam = DICOMBuilder().text(0x0008_0070, .LO, "Maker").text(0x0008_0080, .LO, "Clinic")
            .text(0x300A_00B2, .SH, "Linac").text(0x300A_00C0, .IS, "1").text(0x300A_00C2, .LO, "Beam")
            .sequence(0x300A_0111, [point, point], length: length).text(0x300A_00CE, .CS, "TREATMENT")
        let study = DICOMBuilder().text(0x0020_000D, .UI, "9.8.7")
            .sequence(0x0008_1115, [DICOMBuilder().text(0x0020_000E, .UI, "9.8.6")], length: length)
        return DICOMBuilder().text(0x0008_0016, .UI, "1.2.840.10008.5.1.4.1.1.481.5").text(
            0x0008_0018,
            .UI,
            "1.2.3.4.5"
        )
        .text(0x0008_0060, .CS, "RTPLAN").text(0x0008_0070, .LO, "Acme").sequence(0x0008_1200, [study], length: length)
        .text(0x0010_0010, .PN, "Doe^Jane").text(0x0010_0020, .LO, "PAT1").text(0x0020_000D, .UI, "1.2.3")
        .text(0x0020_000E, .UI, "1.2.3.4").text(0x300A_0002, .SH, "Plan")
        .sequence(0x300A_00B0, [beam, beam], length: length)
        .sequence(0x300C_0002, [reference], length: length).text(0x300E_0002, .CS, "UNAPPROVED")
    }

    private static func code(_ value: String, _ length: DICOMBuilder.Length) -> DICOMBuilder {
        DICOMBuilder().text(0x0008_0100, .SH, value).text(0x0008_0102, .SH, "DCM").text(0x0008_0104, .LO, "Meaning")
    }
}
