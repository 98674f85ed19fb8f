import DICOM

extension Specimens {
    /// An enhanced CT image: functional groups for each frame (PS3.3 C.7.6.16).
    package static func multiFrame(frames: Int, length: DICOMBuilder.Length = .defined) -> DICOMBuilder {
        let shared = DICOMBuilder().sequence(
            0x0028_9110,
            [
                DICOMBuilder().text(0x0018_0050, .DS, "1.25").text(0x0028_0030, .DS, "0.5\\0.5")
            ]
        )
        let perFrame = (0..<frames).map { imageFrame($0, length) }
        return DICOMBuilder().text(0x0008_0008, .CS, "ORIGINAL\\PRIMARY\\VOLUME\\NONE").instance()
            .text(0x0008_0060, .CS, "CT").text(0x0028_0008, .IS, "\(frames)")
            .sequence(0x5200_9229, [shared], length: length).sequence(0x5200_9230, perFrame, length: length)
            .element(0x7FE0_0010, .OW, [0, 0])
    }

    private static func imageFrame(_ frame: Int, _ length: DICOMBuilder.Length) -> DICOMBuilder {
        let content = DICOMBuilder().text(0x0018_9074, .DT, "20240101120000.\(100_000 + frame % 900_000)")
            .doubles(0x0018_9220, [Double(frame) / 8]).text(0x0020_9056, .SH, "\(frame / 100)")
            .numbers(0x0020_9157, .UL, [UInt32(1), UInt32(frame)])
        let position = DICOMBuilder().text(0x0020_0032, .DS, "-120.5\\-130\\\(frame).25")
        let values = DICOMBuilder().text(0x0028_1052, .DS, "-1024").text(0x0028_1053, .DS, "1")
        return DICOMBuilder()
            .sequence(0x0018_9341, [DICOMBuilder().text(0x0018_1160, .SH, "FILTER")], length: length)
            .sequence(0x0020_9111, [content], length: length).sequence(0x0020_9113, [position], length: length)
            .sequence(0x0028_9145, [values], length: length)
    }

    /// A segmentation: each frame names its source and its segment (PS3.3 A.51).
    package static func segmentation(frames: Int, length: DICOMBuilder.Length = .undefined) -> DICOMBuilder {
        let segments = (1...4).map { segment in
            let builder = DICOMBuilder().numbers(0x0062_0004, .US, [UInt16(segment)])
            return builder.text(0x0062_0005, .LO, "Segment \(segment)").text(0x0062_0008, .CS, "AUTOMATIC")
                .sequence(0x0062_000F, [code("10200004", "SCT", "Liver")])
        }
        let perFrame = (0..<frames).map { segmentationFrame($0) }
        return DICOMBuilder().instance().text(0x0008_0060, .CS, "SEG").text(0x0028_0008, .IS, "\(frames)")
            .sequence(0x0062_0002, segments).sequence(0x5200_9230, perFrame, length: length)
    }

    private static func segmentationFrame(_ frame: Int) -> DICOMBuilder {
        let purpose = code("121322", "DCM", "Source image for image processing operation")
        let source = DICOMBuilder().text(0x0008_1150, .UI, "1.2.840.10008.5.1.4.1.1.2")
            .text(0x0008_1155, .UI, "1.2.3.4.5.\(frame)").sequence(0x0040_A170, [purpose])
        let index = DICOMBuilder().numbers(0x0020_9157, .UL, [UInt32(frame % 4 + 1), UInt32(frame)])
        let position = DICOMBuilder().text(0x0020_0032, .DS, "0\\0\\\(frame)")
        let segment = DICOMBuilder().numbers(0x0062_000B, .US, [UInt16(frame % 4 + 1)])
        return DICOMBuilder().sequence(0x0008_9124, [DICOMBuilder().sequence(0x0008_2112, [source])])
            .sequence(0x0020_9111, [index]).sequence(0x0020_9113, [position]).sequence(0x0062_000A, [segment])
    }

    /// A structured report whose content nests to a depth (PS3.3 A.35), a branch beside each level.
    package static func report(depth: Int, length: DICOMBuilder.Length = .defined) -> DICOMBuilder {
        let leaf = DICOMBuilder().text(0x0040_A040, .CS, "TEXT").text(0x0040_A160, .UT, "Finding \"none\" \\ \u{E9}")
        var content = leaf
        for level in (0..<max(depth, 1)).reversed() {
            let start = level == 0 ? DICOMBuilder().text(0x0008_0005, .CS, "ISO_IR 192").instance() : DICOMBuilder()
            let item = start.text(0x0040_A010, .CS, "CONTAINS").text(0x0040_A040, .CS, "CONTAINER")
                .sequence(0x0040_A043, [code("1\(level)", "99X", "Level \(level)")], length: length)
            content = item.sequence(0x0040_A730, [content, leaf], length: length)
        }
        return content
    }

    static func code(_ value: String, _ scheme: String, _ meaning: String) -> DICOMBuilder {
        DICOMBuilder().text(0x0008_0100, .SH, value).text(0x0008_0102, .SH, scheme).text(0x0008_0104, .LO, meaning)
    }
}
