import DICOM
import DICOMTestSupport
import TestSupport
import Testing

/// Whatever the bytes, the reader answers with a data set or a reason. The long form of this is Fuzz/HeaderFuzzer.swift.
@Suite struct RobustnessTests {
    static let limits = ReadLimits(elementBytes: 300, sequenceDepth: 3, headerBytes: 8 << 10)

    static let builder: DICOMBuilder = {
        let item = DICOMBuilder().text(0x0008_0060, .CS, "CT").numbers(0x0028_0010, .US, [UInt16(5)])
        let deep = DICOMBuilder().sequence(0x0040_A730, [item, item.sequence(0x0040_A730, [item], length: .undefined)])
        return DICOMBuilder().text(0x0008_0005, .CS, "ISO_IR 100").instance()
            .sequence(0x0008_1140, [item, deep, DICOMBuilder()])
            .sequence(0x0008_1115, [deep, deep], length: .undefined)
            .sequence(0x0029_1010, [item], length: .undefined, vr: .UN)
            .sequence(0x0040_A043, [item], vr: .UN)
            .element(0x0040_A043, .UN, Array("no sequence".utf8))
            .element(0x0042_0011, .OB, [UInt8](repeating: 1, count: 301))
    }()

    static var files: [[UInt8]] {
        DICOMBuilder.Syntax.allCases.flatMap { syntax in
            [
                builder.element(0x7FE0_0010, .OW, [1, 2, 3, 4]).text(0x7FE1_0010, .LO, "x").file(syntax),
                builder.fragments([[], [1, 2], [3, 4, 5, 6]]).element(0xFFFC_FFFC, .OB, [0, 0]).file(syntax),
            ]
        }
    }

    /// Reads, and checks what must hold of every data set.
    static func read(_ bytes: [UInt8], _ dataSet: inout DataSet) {
        do throws(ParseError) {
            try dataSet.parse(bytes)
            check(dataSet, size: bytes.count)
        } catch {
            let isEmpty = dataSet.count == 0 && dataSet.bytes.isEmpty
            if !isEmpty || error.offset < 0 { Issue.record("\(error)") }
        }
    }

    static func check(_ dataSet: borrowing DataSet, size: Int) {
        let (count, total) = (dataSet.count, dataSet.bytes.count)
        var ends: [Int] = []
        for index in 0..<count {
            let element = dataSet[index]
            while let end = ends.last, index >= end { ends.removeLast() }
            let isInside = element.next > index && element.next <= (ends.last ?? count)
            let isInBytes = element.offset >= 0 && element.length >= 0 && element.offset + element.length <= total
            // A test macro for each of millions of elements would be slow.
            if !isInside || !isInBytes { Issue.record("element \(index) of \(count): \(element)") }
            if element.next > index + 1 {
                ends.append(element.next)
                if element.vr != .SQ && element.tag != .item { Issue.record("children of \(element)") }
            }
        }
        _ = dataSet.digest(key: (1, 2))
        let drops = dataSet.drops.count { $0.index != nil }
        if drops != dataSet.dropCount { Issue.record("\(drops) drops, not \(dataSet.dropCount)") }
    }

    @Test func `every prefix is read or refused`() {
        var dataSet = DataSet(limits: Self.limits)
        for file in Self.files {
            Self.read(file, &dataSet)
            for length in 0..<file.count { Self.read(Array(file.prefix(length)), &dataSet) }
        }
    }

    @Test func `a prefix of a data set that ends within the header is truncated`() {
        // Elements of a data set can be missing without a trace: all that can be said is that no other reason appears.
        let file = Self.builder.file()
        for length in 1..<file.count {
            if let reason = failure(Array(file.prefix(length)))?.reason { #expect(reason == .truncated) }
        }
    }

    @Test func `every byte may be anything`() {
        var dataSet = DataSet(limits: Self.limits)
        for file in [Self.files[2], Self.files[1]] {
            var bytes = file
            for index in 132..<file.count {
                for value: UInt8 in [0, 0xFF, file[index] &+ 1, file[index] ^ 0x80] {
                    bytes[index] = value
                    Self.read(bytes, &dataSet)
                }
                bytes[index] = file[index]
            }
        }
    }

    @Test(arguments: 0..<4)
    func `random damage is read or refused`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var dataSet = DataSet(limits: seed % 2 == 0 ? Self.limits : ReadLimits())
        let files = Self.files
        let words: [[UInt8]] = [
            [0xFE, 0xFF, 0x00, 0xE0], [0xFE, 0xFF, 0x0D, 0xE0], [0xFE, 0xFF, 0xDD, 0xE0], [0xFF, 0xFF, 0xFF, 0xFF],
            [0xFF, 0xFF, 0xFF, 0x7F], Array("SQ".utf8) + [0, 0], Array("UN".utf8) + [0, 0], Array("OB".utf8) + [0, 0],
            [0xE0, 0x7F, 0x10, 0x00], [0, 0, 0, 0], [0x40, 0x00, 0x30, 0xA7],
        ]
        for _ in 0..<700 {
            var bytes = files.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let at = Int.random(in: 132..<max(bytes.count, 133), using: &random)
                guard at < bytes.count else { continue }
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1:
                    bytes.replaceSubrange(
                        at..<min(at + 4, bytes.count),
                        with: words.randomElement(using: &random) ?? []
                    )
                case 2: bytes.insert(contentsOf: words.randomElement(using: &random) ?? [], at: at)
                case 3: bytes.removeSubrange(at..<min(at + Int.random(in: 1...12, using: &random), bytes.count))
                default:
                    let from = Int.random(in: 132..<bytes.count, using: &random)
                    bytes.insert(contentsOf: bytes[from..<min(from + 40, bytes.count)], at: at)
                }
            }
            Self.read(bytes, &dataSet)
        }
    }
}
