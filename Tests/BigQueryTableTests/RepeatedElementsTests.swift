import DICOM
import Testing

@testable import BigQueryTable

/// What a data set has in common with the one before is neither read nor converted again: nobody may notice.
@Suite struct RepeatedElementsTests {
    /// The reader and builder that are kept from file to file, beside ones that are new for each file.
    private struct Pair: ~Copyable {
        let warmSchema = TableSchema(kind: .flattened, includesSourceStore: false)
        let coldSchema = TableSchema(kind: .flattened, includesSourceStore: false)
        var dataSet = DataSet()
        var builder: RowBuilder
        let batch = RowBatch()
        /// Elements that were taken from the data set before.
        var repeated = 0

        init() { builder = RowBuilder(schema: warmSchema) }

        mutating func check(_ file: [UInt8], _ note: Comment) {
            var cold = DataSet()
            let expected = Self.outcome { () throws(ParseError) in try cold.parse(file) }
            let found = Self.outcome { () throws(ParseError) in try dataSet.parse(file) }
            #expect(found == expected, note)
            #expect(Self.list(dataSet) == Self.list(cold), note)
            guard expected == nil else { return }
            repeated += dataSet.repeats.reduce(0) { $0 + $1.count }
            let coldBatch = RowBatch()
            var coldBuilder = RowBuilder(schema: coldSchema)
            coldBuilder.append(cold, path: Array("a".utf8), size: 1, to: coldBatch)
            builder.append(dataSet, path: Array("a".utf8), size: 1, to: batch)
            #expect(Self.row(batch) == Self.row(coldBatch), note)
            if batch.rows.count > 7 { batch.removeAll() }
        }

        private static func outcome(_ body: () throws(ParseError) -> Void) -> String? {
            do throws(ParseError) {
                try body()
                return nil
            } catch {
                return "\(error)"
            }
        }

        private static func list(_ dataSet: borrowing DataSet) -> [String] {
            (0..<dataSet.count).map { index in
                let element = dataSet[index]
                return
                    "\(element.tag) \(element.vr.rawValue) \(element.flags.rawValue) \(element.offset) \(element.length) \(element.next)"
            } + ["\(dataSet.bytes.count) \(dataSet.digest(key: (1, 2)))"]
        }

        private static func row(_ batch: RowBatch) -> [String] {
            guard let row = batch.rows.last else { return [] }
            return batch.cells[row.cells].map { cell in
                switch cell.kind {
                case .text: "\(cell.column.name) \(batch.text(cell.offset..<(cell.offset + cell.length)))"
                case .integer: "\(cell.column.name) \(cell.integer)"
                case .real: "\(cell.column.name) \(cell.real)"
                }
            }
        }
    }

    @Test func `files of a series make the rows that each makes alone`() {
        var random = SplitMix(seed: 1)
        var pair = Pair()
        for round in 0..<40 {
            var series = Self.series(&random)
            let encoding = Encoding.allCases[Int(random.next() % 3)]
            for slice in 0..<12 {
                let change = Int(random.next() % 6)
                for _ in 0..<change { Self.change(&series, &random) }
                pair.check(encoding.file(series), "round \(round), slice \(slice), \(encoding)")
            }
        }
        #expect(pair.repeated > 5_000)
        #expect(pair.warmSchema.json() == pair.coldSchema.json())
    }

    @Test func `damaged files make the rows or errors that each makes alone`() {
        var random = SplitMix(seed: 2)
        var pair = Pair()
        for round in 0..<30 {
            let encoding = Encoding.allCases[Int(random.next() % 3)]
            let whole = encoding.file(Self.series(&random))
            for slice in 0..<20 {
                var file = whole
                for _ in 0..<(random.next() % 3) {
                    file[132 + Int(random.next() % UInt64(file.count - 132))] = UInt8(truncatingIfNeeded: random.next())
                }
                if random.next() % 4 == 0 { file.removeLast(Int(random.next() % UInt64(file.count))) }
                pair.check(file, "round \(round), slice \(slice), \(encoding)")
            }
        }
        #expect(pair.repeated > 1_000)
    }

    @Test func `a context that changes changes the values of what stands as it stood`() throws {
        var pair = Pair()
        let name = Part.bytes(0x0010_0010, "PN", [0xC4, 0xE9, 0x5E, 0x41])
        let nested = Part.items(0x0008_1032, [.bytes(0x0008_0104, "LO", [0xC4, 0xE9])])
        let time = Part.text(0x0008_002A, "DT", "20240101120000")
        let value = Part.bytes(0x0028_0120, "US", [0xFF, 0xFF])
        let other = Part.bytes(0x0009_1001, "LO", [0xC4, 0xE9])
        for (terms, zone, sign) in [
            ("ISO_IR 100", "+0100", 0), ("ISO_IR 144", "+0100", 0), ("ISO_IR 144", "-0500", 0),
            ("ISO_IR 144", "-0500", 1),
            ("ISO_IR 100", "-0500", 1),
        ] as [(String, String, UInt16)] {
            let parts: [Part] = [
                .text(0x0008_0005, "CS", terms), time, .text(0x0008_0201, "SH", zone), nested, other, name,
                .us(0x0028_0103, sign), value,
            ]
            pair.check(Encoding.implicit.file(parts), "\(terms) \(zone) \(sign)")
        }
        #expect(pair.repeated > 0)
    }

    @Test(arguments: [Encoding.implicit, .explicit])
    func `a private creator that changes changes the values of what stands as it stood`(encoding: Encoding) {
        var pair = Pair()
        let elements: [Part] = [
            .bytes(0x0029_1108, "UN", Array("MEDCOM".utf8)), .bytes(0x0029_1109, "UN", Array("20240101".utf8)),
            .text(0x0040_0253, "SH", "1"), .bytes(0x0043_1001, "UN", [0x31, 0x32]),
            .items(0x0043_1010, [.text(0x0043_0010, "LO", "GEMS_PARM_01"), .bytes(0x0043_1001, "UN", [1, 0])]),
            .bytes(0x0043_1002, "UN", [0x33, 0x34]), .bytes(0x0043_10FE, "UN", [0x35, 0x36]),
        ]
        let names = ["SIEMENS CSA HEADER", "SIEMENS MEDCOM HEADER", "SIEMENS MED NM", "GEMS_PARM_01", "ACME", "OTHER"]
        var creators: [UInt32: String] = [:]
        var random = SplitMix(seed: 3)
        for round in 0..<400 {
            // Most rounds change one creator, or nothing: a row of repeated values is repeated again.
            if random.next() % 3 != 0 {
                let tag = [0x0029_0010, 0x0029_0011, 0x0043_0010, 0x0043_0011][Int(random.next() % 4)] as UInt32
                creators[tag] = random.next() % 4 == 0 ? nil : names[Int(random.next() % UInt64(names.count))]
            }
            let reserved = creators.map { Part.text($0.key, "LO", $0.value) }
            let parts = reserved + elements.filter { _ in random.next() % 16 != 0 }
            pair.check(encoding.file(parts.sorted { $0.tag < $1.tag }), "round \(round): \(creators)")
        }
        #expect(pair.repeated > 1_000)
    }

    @Test func `lists that begin elsewhere keep their commas`() {
        var pair = Pair()
        let first = Part.text(0x0009_1001, "LO", "a")
        let second = Part.text(0x0011_1001, "LO", "b")
        let broken = Part.text(0x0008_0020, "DA", "never")
        let alsoBroken = Part.text(0x0010_0030, "DA", "never")
        let sets: [[Part]] = [
            [broken, first, alsoBroken, second], [first, alsoBroken, second], [broken, alsoBroken, second],
            [alsoBroken, second], [broken, first, second], [broken, first, alsoBroken, second], [],
            [broken, first, alsoBroken, second], [first, second], [second],
        ]
        for (number, parts) in sets.enumerated() {
            pair.check(Encoding.explicit.file(parts + [.text(0x0040_0253, "SH", "end")]), "\(number)")
        }
        #expect(pair.repeated > 0)
    }

    /// Elements of every kind that the builder treats in its own way.
    private static func series(_ random: inout SplitMix) -> [Part] {
        let all: [Part] = [
            .text(0x0008_0005, "CS", "ISO_IR 100"), .text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\AXIAL"),
            .text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.2"), .text(0x0008_0018, "UI", "1.2.3.4"),
            .text(0x0008_0020, "DA", "20240311"), .text(0x0008_0021, "DA", "bad"),
            .text(0x0008_0030, "TM", "081502.25"),
            .text(0x0008_002A, "DT", "20240311082211.5"), .text(0x0008_0060, "CS", "CT"),
            .bytes(0x0008_0080, "LO", [0x4D, 0xFC, 0x6C, 0x6C]), .text(0x0008_0201, "SH", "+0100"),
            .items(0x0008_1110, [.text(0x0008_1150, "UI", "1.2"), .text(0x0008_1155, "UI", "1.5.6")]),
            .items(
                0x0008_1140,
                [.text(0x0008_1150, "UI", "1.2")],
                [.text(0x0008_1150, "UI", "1.3")],
                isUndefinedLength: true
            ),
            .text(0x0009_0010, "LO", "MAKER"), .text(0x0009_1001, "LO", "x"), .bytes(0x0009_1002, "OB", [1, 2, 3, 4]),
            .text(0x0010_0010, "PN", "A^B"), .text(0x0010_0020, "LO", "1"), .text(0x0018_0050, "DS", "2.5"),
            .fd(0x0018_9306, 0.6), .text(0x0020_000D, "UI", "1.2"), .text(0x0020_000E, "UI", "1.2.3"),
            .text(0x0020_0013, "IS", "7"), .text(0x0020_0032, "DS", "1\\2\\3"), .us(0x0028_0010, 512),
            .us(0x0028_0103, 0), .bytes(0x0028_0120, "US", [0xFF, 0xFF]), .fl(0x0018_1310, 1, 2),
            .items(0x0029_1010, [.text(0x0029_1001, "LO", "p")]), .text(0x0043_0010, "LO", "GEMS_PARM_01"),
            .text(0x0043_1001, "IS", "1\\2"), .bytes(0x0043_1002, "UN", [1, 0]),
            .bytes(0x0043_100B, "UN", [0x31, 0x35]),
            .items(0x0040_0275, [.text(0x0040_0007, "LO", "y")], vr: "UN"), .bytes(0x7FE0_0010, "OW", [0, 1, 2, 3]),
        ]
        return all.filter { _ in random.next() % 8 != 0 }.sorted { $0.tag < $1.tag }
    }

    private static func change(_ parts: inout [Part], _ random: inout SplitMix) {
        guard !parts.isEmpty else { return }
        let index = Int(random.next() % UInt64(parts.count))
        guard case .bytes(var bytes, let width) = parts[index].value, random.next() % 8 != 0 else {
            if random.next() % 2 == 0 { parts.remove(at: index) } else { parts.insert(parts[index], at: index) }
            return
        }
        switch random.next() % 4 {
        case 0: bytes += [0x20, 0x20]
        case 1: bytes.removeLast(min(bytes.count, 2))
        case 2 where !bytes.isEmpty: bytes[bytes.count - 1] = UInt8(0x30 + random.next() % 10)
        case 3 where parts[index].tag >> 16 == 0x60 || random.next() % 4 == 0:
            parts.insert(.us(0x6000_0010, 5), at: parts.count)
            return
        default: break
        }
        parts[index] = Part(tag: parts[index].tag, vr: parts[index].vr, value: .bytes(bytes, width: width))
    }
}

/// SplitMix64: the same sequence in every run.
private struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
