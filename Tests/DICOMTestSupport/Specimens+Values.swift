import DICOM

extension Specimens {
    /// A CT image with the private elements of a vendor that likes them: blocks with creators, all kinds of values, sequences
    /// that hold more, and elements without a creator.
    package static func privateCT(elements: Int) -> DICOMBuilder {
        var builder = DICOMBuilder().text(0x0008_0005, .CS, "ISO_IR 100").instance().text(0x0008_0060, .CS, "CT")
        let perGroup = 60
        for group in 0...(elements / perGroup) {
            let base = UInt32(0x0009 + 2 * group) << 16
            builder = builder.text(base | 0x10, .LO, "ACME_\(group)").text(base | 0x11, .UN, "ACME OTHER")
            for index in 0..<min(perGroup, elements - group * perGroup) {
                builder = builder.adding(privateElement: base | 0x1000 | UInt32(index), number: index)
            }
            let inner = DICOMBuilder().text(base | 0x10, .LO, "ACME_\(group)").text(base | 0x1001, .SH, "in\\side")
                .sequence(
                    base | 0x1002,
                    [DICOMBuilder().numbers(base | 0x1003, .US, [UInt16(1), 2])],
                    length: .undefined
                )
            builder = builder.sequence(base | 0x1101, [inner, DICOMBuilder(), inner]).sequence(base | 0x1102, [])
                .text(base | 0x2001, .LO, "no creator")
        }
        return builder
    }

    /// Curves and overlays in several groups, with data and without.
    package static let planes: DICOMBuilder = {
        var builder = DICOMBuilder().instance()
        for group in [0x5000, 0x5002, 0x501E] as [UInt32] {
            let base = group << 16
            builder = builder.numbers(base | 0x05, .US, [UInt16(2)]).numbers(base | 0x10, .US, [UInt16(100)])
                .text(base | 0x20, .CS, "ECG").text(base | 0x22, .LO, "Lead \(group & 0xFF)")
                .text(base | 0x30, .SH, "mV\\s").numbers(base | 0x0103, .US, [UInt16(0)]).element(
                    base | 0x3000,
                    .OW,
                    [1, 2]
                )
        }
        for group in [0x6000, 0x6002, 0x60FE] as [UInt32] {
            let base = group << 16
            builder = builder.numbers(base | 0x10, .US, [UInt16(512)]).numbers(base | 0x11, .US, [UInt16(group & 0xFF)])
                .text(base | 0x15, .IS, "1 ").text(base | 0x22, .LO, group == 0x6002 ? "" : "Overlay").text(
                    base | 0x40,
                    .CS,
                    "G"
                )
                .numbers(base | 0x50, .SS, [Int16(1), -1]).numbers(base | 0x0100, .US, [UInt16(1)])
                .element(base | 0x3000, .OW, group == 0x6002 ? [] : [1, 2])
        }
        return builder
    }()

    /// All graphic characters above ASCII in a text, under some character set.
    package static func everyByte(terms: String) -> DICOMBuilder {
        DICOMBuilder().text(0x0008_0005, .CS, terms).instance()
            .element(0x0010_21B0, .LT, Array(0xA0...0xFF) + [0x2E, 0x20])
            .element(0x0010_0010, .PN, [0xC1, 0x5E, 0xC2, 0x3D, 0xC3, 0x20])
    }

    /// Every VR in elements of the dictionary, those of VM 1 and those of VM 1-n, with so many values.
    package static func everyVR(values: Int) -> DICOMBuilder {
        var builder = DICOMBuilder().instance()
        for (tag, vr) in everyTag.sorted(by: { $0.0 < $1.0 }) {
            switch vr {
            case .US, .SS:
                builder = builder.numbers(tag, vr, (0..<values).map { UInt16(truncatingIfNeeded: $0 * 40_000 + 7) })
            case .UL, .SL:
                builder = builder.numbers(
                    tag,
                    vr,
                    (0..<values).map { UInt32(truncatingIfNeeded: $0 * 3_000_000_000 + 7) }
                )
            case .UV, .SV: builder = builder.numbers(tag, vr, (0..<values).map { UInt64($0) << 62 + 7 })
            case .FL: builder = builder.floats(tag, (0..<values).map { Float($0) + 0.1 })
            case .FD: builder = builder.doubles(tag, (0..<values).map { Double($0) + 0.1 })
            case .AT: builder = builder.numbers(tag, vr, (0..<values * 2).map { UInt16($0 + 0x18) })
            case .OB, .OW, .UN: builder = builder.element(tag, vr, [UInt8](repeating: 1, count: 2 * values))
            case .OF, .OL: builder = builder.numbers(tag, vr, (0..<values).map { UInt32($0) })
            case .OD, .OV: builder = builder.numbers(tag, vr, (0..<values).map { UInt64($0) })
            default:
                let text = (0..<values).map { Self.text(vr, $0) }
                builder = builder.text(tag, vr, text.joined(separator: "\\"))
            }
        }
        return builder
    }

    private static func text(_ vr: VR, _ index: Int) -> String {
        switch vr {
        case .AS: "04\(index % 10)Y"
        case .DA: "202402\(10 + index % 19)"
        case .DS: " -\(index).50"
        case .DT: "20240229\(10 + index % 10)+0130"
        case .IS: "\(index) "
        case .PN: "Doe^J\(index)=x"
        case .TM: "10\(10 + index % 50)"
        case .UI: "1.2.\(index)"
        default: " V\(index) "
        }
    }

    private static let everyTag: [(UInt32, VR)] = [
        (0x0040_0241, .AE), (0x0040_0001, .AE), (0x0010_1010, .AS), (0x0072_005F, .AS), (0x0020_9165, .AT),
        (0x0028_0009, .AT),
        (0x0010_0022, .CS), (0x0014_0107, .CS), (0x0010_0030, .DA), (0x0014_407E, .DA), (0x0010_1020, .DS),
        (0x0014_0030, .DS),
        (0x0016_008D, .DT), (0x0040_A13A, .DT), (0x0018_11B7, .FD), (0x0018_6054, .FD), (0x0010_9431, .FL),
        (0x0018_605A, .FL),
        (0x0014_0206, .IS), (0x0014_2226, .IS), (0x0010_0020, .LO), (0x0010_2000, .LO), (0x0010_21B0, .LT),
        (0x0014_3080, .OB),
        (0x0066_0022, .OD), (0x0022_1531, .OF), (0x0066_0040, .OL), (0x0072_0081, .OV), (0x0028_1201, .OW),
        (0x0010_0010, .PN),
        (0x0010_1001, .PN), (0x0010_2160, .SH), (0x0010_2154, .SH), (0x0018_6020, .SL), (0x0040_A162, .SL),
        (0x0018_9219, .SS),
        (0x0072_007E, .SS), (0x0014_0025, .ST), (0x0072_0082, .SV), (0x0010_0032, .TM), (0x0014_407C, .TM),
        (0x0010_0212, .UC),
        (0x0016_0008, .UC), (0x0018_1002, .UI), (0x0018_100B, .UI), (0x0018_106E, .UL), (0x0018_6052, .UL),
        (0x0072_006D, .UN),
        (0x0040_4073, .UR), (0x0010_21C0, .US), (0x0018_9376, .US), (0x0016_0003, .UT), (0x0072_0083, .UV),
    ]
}

extension DICOMBuilder {
    fileprivate func adding(privateElement tag: UInt32, number: Int) -> DICOMBuilder {
        switch number % 12 {
        case 0: text(tag, .LO, "value \(number)\\ second ")
        case 1: text(tag, .DS, "\(number).5\\\\-1")
        case 2: text(tag, .LT, " free\\text\n")
        case 3: text(tag, .PN, "Doe^Jane=\\x")
        case 4: numbers(tag, .SL, [Int32(-number), .max])
        case 5: numbers(tag, .UV, [UInt64.max - UInt64(number)])
        case 6: doubles(tag, [Double(number) / 3, .infinity, -0.0])
        case 7: floats(tag, [Float(number) / 3, .nan])
        case 8: numbers(tag, .AT, [UInt16(0x18), UInt16(number)])
        case 9: element(tag, .OB, [1, 2])
        case 10: element(tag, .UN, Array("unknown ".utf8))
        default: element(tag, .SH, number % 24 == 11 ? [] : [0xE9, 0x20])
        }
    }
}
