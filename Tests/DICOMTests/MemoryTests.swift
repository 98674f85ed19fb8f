import DICOM
import DICOMTestSupport
import Testing

/// The memory of a data set grows, shrinks and is used again.
@Suite struct MemoryTests {
    @Test func `a large header between small ones is read, and its memory given back`() throws {
        let small = DICOMBuilder().instance().file()
        var builder = DICOMBuilder().instance()
        for _ in 0..<5 { builder = builder.element(0x0028_1201, .OW, [UInt8](repeating: 1, count: 1 << 20)) }
        let modality = DICOMBuilder().text(0x0008_0060, .CS, "CT").dataSet()
        let large = builder.file() + Array(repeating: modality, count: 40_000).joined()
        var dataSet = DataSet()
        for _ in 0..<3 {
            for _ in 0..<3 {
                try dataSet.parse(small)
                let count = dump(dataSet).count
                #expect(count == 4)
            }
            try dataSet.parse(large)
            let count = dataSet.count
            #expect(count == 5 + 40_000 + 4 + 5)
        }
        #expect(throws: ParseError.self) { try dataSet.parse(Array(large.dropLast(1))) }
        try dataSet.parse(small)
        let lines = dump(dataSet)
        #expect(lines.count == 4)
    }
}
