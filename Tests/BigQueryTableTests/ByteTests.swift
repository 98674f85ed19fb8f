import Testing

@testable import BigQueryTable

/// The small parts that the hot path is made of, beside the plainest way to say the same.
@Suite struct ByteTests {
    private var random = SystemRandomNumberGenerator()

    @Test func `a scan finds what a look at each byte finds`() {
        var bytes: [UInt8] = []
        for length in 0..<40 {
            for position in -1..<length {
                for special in [0x5C, 0x22, 0x1B, 0x00, 0x1F, 0x7F, 0x80, 0xFF, 0x21, 0x5B, 0x5D] as [UInt8] {
                    bytes = [UInt8](repeating: 0x41, count: length)
                    if position >= 0 { bytes[position] = special }
                    let scan = bytes.withUnsafeBytes { TextScan($0) }
                    #expect(scan.contains(.encoded) == bytes.contains { $0 >= 0x80 || $0 == 0x1B })
                    #expect(scan.contains(.backslash) == bytes.contains(0x5C))
                    // More than there is to escape may be found, never less.
                    if bytes.contains(where: { $0 < 0x20 || $0 == 0x22 }) { #expect(scan.contains(.special)) }
                    if bytes.allSatisfy({ (0x20..<0x80).contains($0) && $0 != 0x22 }) {
                        #expect(!scan.contains(.special))
                    }
                }
            }
        }
    }

    @Test func `a run of any length is copied whole, and nothing beside it`() {
        for length in 0..<70 {
            let source = (0..<length).map { UInt8($0 + 1) }
            var target = [UInt8](repeating: 0xEE, count: length + 2)
            source.withUnsafeBytes { source in
                target.withUnsafeMutableBytes { target in
                    if let from = source.baseAddress, let to = target.baseAddress {
                        ByteWriter.copy(from, to: to + 1, count: length)
                    }
                }
            }
            #expect(target == [0xEE] + source + [0xEE])
        }
    }

    @Test func `numbers are written in decimal`() {
        let edges: [UInt64] = (0...19).flatMap { power -> [UInt64] in
            let value = (0..<power).reduce(UInt64(1)) { product, _ in product * 10 }
            return [value - 1, value, value + 1]
        }
        for value in edges + [.max, .max - 1] {
            #expect(text { $0.append(unsigned: value) } == "\(value)")
        }
        for value in [.min, .min + 1, -10, -1, 0, 9, 10, .max] as [Int64] {
            #expect(text { $0.append(integer: value) } == "\(value)")
        }
        #expect(text { $0.append(hex: 0x0043_10AF, digits: 8) } == "004310AF")
        #expect(text { $0.append(hex: 0x60FE, digits: 4) } == "60FE")
    }

    @Test func `floats read back the same, and are as short as Swift's`() {
        var random = random
        for _ in 0..<20_000 {
            let decimals = Double(Int.random(in: -1_000_000...1_000_000, using: &random)) / 1000
            let anything = Double(bitPattern: .random(in: 0...UInt64.max, using: &random))
            for value in [decimals, anything, Double(Float(decimals))] where value.isFinite {
                let written = text { $0.append(real: value) }
                #expect(Double(written) == value)
                #expect(written.utf8.count <= "\(value)".utf8.count)
            }
        }
    }

    @Test func `a table of nodes finds what was inserted, however large it grows`() {
        var table = NodeTable()
        var nodes: [UInt32] = []
        for tag in 0..<20_000 as Range<UInt32> {
            nodes.append(table.insert(ColumnID(rawValue: tag), in: tag % 7))
        }
        #expect(Set(nodes).count == nodes.count && !nodes.contains(NodeTable.root))
        for tag in 0..<20_000 as Range<UInt32> {
            #expect(table.node(of: ColumnID(rawValue: tag), in: tag % 7) == nodes[Int(tag)])
            #expect(table.node(of: ColumnID(rawValue: tag), in: tag % 7 + 1) == nil)
        }
    }

    private func text(_ write: (inout ByteWriter) -> Void) -> String {
        var writer = ByteWriter(capacity: 1)
        write(&writer)
        return String(decoding: writer.elements, as: UTF8.self)
    }
}
