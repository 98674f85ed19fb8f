import DICOM
import Testing
import Vocabulary

@testable import BigQueryTable

@Suite struct InstanceUIDTests {
    private func uids(_ instance: [UInt8]) throws -> InstanceIdentity? {
        var dataSet = DataSet()
        try dataSet.parse(
            Encoding.implicit.file([
                .bytes(0x0008_0018, "UI", instance), .text(0x0020_000D, "UI", "1.2"), .text(0x0020_000E, "UI", "1.2.3"),
            ])
        )
        return InstanceIdentity.of(dataSet)
    }

    @Test func `padding is no part of a UID`() throws {
        #expect(try uids(Array("1.5\0".utf8))?.instance == "1.5")
        #expect(try uids(Array(" 1.5 ".utf8) + [0])?.instance == "1.5")
    }

    @Test(arguments: [0xE9, 0x00, 0x0A, 0x7F] as [UInt8])
    func `what has bytes that no UID has is none: what it was cannot be told`(byte: UInt8) throws {
        #expect(try uids([0x31, 0x2E, byte, 0x31]) == nil)
        // Not all writers keep to digits and dots.
        #expect(try uids(Array("1.2.A-7".utf8))?.instance == "1.2.A-7")
    }

    @Test func `what is not ASCII in another UID has no meaning`() throws {
        let file = Encoding.implicit.file([
            .bytes(0x0008_0016, "UI", [0x31, 0x2E, 0xE9, 0x00]), .text(0x0008_0018, "UI", "1.2.3"),
            .text(0x0020_000D, "UI", "1.2"), .text(0x0020_000E, "UI", "1.2.3"),
        ])
        let row = try TestRow(file: file, schema: TableSchema(kind: .flattened, includesSourceStore: false))
        #expect(row["SOPClassUID"] == "1.\u{FFFD}")
    }

    @Test func `a UID that is empty or endless is none`() throws {
        #expect(try uids([]) == nil)
        #expect(try uids([0, 0]) == nil)
        #expect(try uids([UInt8](repeating: 0x31, count: 256)) != nil)
        #expect(try uids([UInt8](repeating: 0x31, count: 258)) == nil)
    }
}
