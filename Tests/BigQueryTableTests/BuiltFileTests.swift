import BigQueryTable
import DICOMTestSupport
import TestSupport
import Testing

/// Rows of files that are large, deep or odd, and built for it, beside what pydicom reads in the same bytes.
@Suite struct BuiltFileTests {
    private static let files: [(name: String, bytes: [UInt8])] = {
        var files: [(String, [UInt8])] = []
        for length in DICOMBuilder.Length.allCases {
            files.append(("frames-\(length)", Specimens.multiFrame(frames: 2_000, length: length).file()))
            files.append(("segments-\(length)", Specimens.segmentation(frames: 2_000, length: length).file()))
            for depth in [2, 14, 15, 16, 17, 24] {
                files.append(("report-\(depth)-\(length)", Specimens.report(depth: depth, length: length).file()))
            }
        }
        files.append(("private", Specimens.privateCT(elements: 700).file()))
        // Not ISO_IR 6, 13 and 203: pydicom takes them for Latin-1, Shift JIS and nothing that it knows.
        for number in ["100", "101", "109", "110", "126", "127", "138", "144", "148", "166"] {
            files.append(("set-\(number)", Specimens.everyByte(terms: "ISO_IR \(number)").file()))
            files.append(
                ("set-\(number)-extended", Specimens.everyByte(terms: "ISO 2022 IR \(number)\\ISO 2022 IR 6").file())
            )
        }
        for syntax in [.explicitLittleEndian, .implicitLittleEndian, .explicitBigEndian, .deflated]
            as [DICOMBuilder.Syntax]
        {
            files.append(("report-\(syntax)", Specimens.report(depth: 5).file(syntax)))
            files.append(("frames-\(syntax)", Specimens.multiFrame(frames: 20).file(syntax)))
            files.append(("planes-\(syntax)", Specimens.planes.file(syntax)))
            files.append(("identified-\(syntax)", Specimens.identified.file(syntax)))
            for values in [0, 1, 3] {
                files.append(("values-\(values)-\(syntax)", Specimens.everyVR(values: values).file(syntax)))
            }
        }
        return files
    }()

    @Test(
        .enabled(if: ConformanceRun.python != nil, ConformanceRun.needs),
        arguments: ["compare_rows.py", "count_elements.py"]
    )
    func `rows of built files are what pydicom reads, and no element is lost`(script: String) throws {
        try compare(Self.files, script)
    }

    /// pydicom takes minutes for so many.
    @Test func `20,000 frames are all in the row`() throws {
        let image = Specimens.multiFrame(frames: 20_000, length: .undefined).file()
        #expect(try frames(of: image) == "[" + (0..<20_000).map(imageFrame).joined(separator: ",") + "]")
        let segmentation = Specimens.segmentation(frames: 20_000, length: .defined).file()
        #expect(try frames(of: segmentation) == "[" + (0..<20_000).map(segmentFrame).joined(separator: ",") + "]")
    }

    private func frames(of file: [UInt8]) throws -> String? {
        let row = try TestRow(file: file, schema: TableSchema(kind: .flattened, includesSourceStore: false))
        #expect(row["DroppedTags"] == nil)
        guard case .text(let text) = row["PerFrameFunctionalGroupsSequence"] else { return nil }
        return text
    }

    private func imageFrame(_ frame: Int) -> String {
        let duration = frame % 8 == 0 ? "\(frame / 8)" : "\(Double(frame) / 8)"
        return #"{"ContrastBolusUsageSequence":[{"FilterType":"FILTER"}],"FrameContentSequence":[{"#
            + #""FrameAcquisitionDateTime":"2024-01-01 12:00:00.\#(100_000 + frame)Z","#
            + #""FrameAcquisitionDuration":\#(duration),"StackID":"\#(frame / 100)","DimensionIndexValues":[1,\#(frame)]}],"#
            + #""PlanePositionSequence":[{"ImagePositionPatient":["-120.5","-130","\#(frame).25"]}],"#
            + #""PixelValueTransformationSequence":[{"RescaleIntercept":"-1024","RescaleSlope":"1"}]}"#
    }

    private func segmentFrame(_ frame: Int) -> String {
        let purpose = "Source image for image processing operation"
        return
            #"{"DerivationImageSequence":[{"SourceImageSequence":[{"ReferencedSOPClassUID":"1.2.840.10008.5.1.4.1.1.2","#
            + #""ReferencedSOPInstanceUID":"1.2.3.4.5.\#(frame)","PurposeOfReferenceCodeSequence":[{"CodeValue":"121322","#
            + #""CodingSchemeDesignator":"DCM","CodeMeaning":"\#(purpose)"}]}]}],"FrameContentSequence":[{"#
            + #""DimensionIndexValues":[\#(frame % 4 + 1),\#(frame)]}],"PlanePositionSequence":[{"#
            + #""ImagePositionPatient":["0","0","\#(frame)"]}],"SegmentIdentificationSequence":[{"#
            + #""ReferencedSegmentNumber":[\#(frame % 4 + 1)]}]}"#
    }

    private func compare(_ files: [(name: String, bytes: [UInt8])], _ script: String) throws {
        let home = try TemporaryDirectory()
        let directory = home.path
        for (name, bytes) in files { try #require(TestFile.write(bytes, to: "\(directory)/\(name).dcm")) }
        try ConformanceRun.compare(ConformanceRun.files(in: directory), with: script)
    }
}
