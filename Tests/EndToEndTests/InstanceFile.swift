/// A small instance in explicit VR little endian. Its `mark` (PatientComments) tells its version from all others, so that a
/// row says which version it was made of.
struct InstanceFile {
    var study = "1.2.3.1"
    var series = "1.2.3.1.1"
    var instance: String
    var mark: String
    var modality = "CT"
    var pixels = 512
    var more: [(tag: UInt32, vr: String, value: [UInt8])] = []

    init(_ instance: String, mark: String = "first") {
        self.instance = instance
        self.mark = mark
    }

    var bytes: [UInt8] {
        var meta: [UInt8] = []
        Self.append(0x0002_0001, "OB", [0, 1], to: &meta)
        Self.append(0x0002_0002, "UI", uid("1.2.840.10008.5.1.4.1.1.2"), to: &meta)
        Self.append(0x0002_0003, "UI", uid(instance), to: &meta)
        Self.append(0x0002_0010, "UI", uid("1.2.840.10008.1.2.1"), to: &meta)
        Self.append(0x0002_0012, "UI", uid("1.2.3.4"), to: &meta)
        var elements: [(tag: UInt32, vr: String, value: [UInt8])] = [
            (0x0008_0005, "CS", text("ISO_IR 192")),
            (0x0008_0016, "UI", uid("1.2.840.10008.5.1.4.1.1.2")),
            (0x0008_0018, "UI", uid(instance)),
            (0x0008_0060, "CS", text(modality)),
            (0x0010_0010, "PN", text("Test^Only")),
            (0x0010_0020, "LO", text("T-1")),
            (0x0010_4000, "LT", text(mark)),
            (0x0020_000D, "UI", uid(study)),
            (0x0020_000E, "UI", uid(series)),
        ]
        elements += more
        if pixels > 0 { elements.append((0x7FE0_0010, "OW", [UInt8](repeating: 7, count: pixels))) }
        var out = [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
        Self.append(0x0002_0000, "UL", Self.littleEndian(UInt32(meta.count)), to: &out)
        out += meta
        for element in elements.sorted(by: { $0.tag < $1.tag }) {
            Self.append(element.tag, element.vr, element.value, to: &out)
        }
        return out
    }

    private func text(_ value: String) -> [UInt8] {
        let bytes = Array(value.utf8)
        return bytes.count.isMultiple(of: 2) ? bytes : bytes + [0x20]
    }

    private func uid(_ value: String) -> [UInt8] {
        let bytes = Array(value.utf8)
        return bytes.count.isMultiple(of: 2) ? bytes : bytes + [0]
    }

    private static func littleEndian(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func append(_ tag: UInt32, _ vr: String, _ value: [UInt8], to out: inout [UInt8]) {
        out += littleEndian(tag >> 16 | tag << 16)
        out += Array(vr.utf8)
        if ["OB", "OW", "SQ", "UN", "UT"].contains(vr) {
            out += [0, 0] + littleEndian(UInt32(value.count))
        } else {
            out += littleEndian(UInt32(value.count)).prefix(2)
        }
        out += value
    }
}
