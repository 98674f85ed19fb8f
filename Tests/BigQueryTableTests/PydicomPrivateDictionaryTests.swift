import DICOM
import Testing

/// The private dictionary beside pydicom's, from which it is made: entry by entry, by pydicom's own look-up.
@Suite struct PydicomPrivateDictionaryTests {
    @Test(.enabled(if: ConformanceRun.python != nil, ConformanceRun.needs))
    func `every private element of pydicom has the VR and VM that pydicom finds`() throws {
        let result = try ConformanceRun.run("\(ConformanceRun.command("private_entries.py")) 2>&1")
        try #require(result.status == 0, "\(result.output)")
        var count = 0
        var creators: Set<Substring> = []
        for line in result.output.split(separator: "\n") {
            let fields = line.split(separator: "\t")
            try #require(fields.count == 4, "\(line)")
            let tag = try #require(UInt32(fields[1], radix: 16))
            let creator = Array(fields[0].utf8).withUnsafeBytes { PrivateDictionary.creator(named: $0) }
            let fact = creator.flatMap { PrivateDictionary.fact(for: ElementTag(tag), of: $0) }
            let vr = fact?.vr ?? .UN
            #expect(vr.description == fields[2], "\(line)")
            if vr.isNumeric { #expect(fact?.multiplicity == Multiplicity(fields[3].utf8), "\(line)") }
            creators.insert(fields[0])
            count += 1
        }
        #expect(count > 20_000 && creators.count > 400)
        print("\(count) private tags of \(creators.count) creators are as in pydicom")
    }
}
