package import DICOM

/// Every place of a file damaged in every way, and what the reader may make of it: nothing that the undamaged file does not say.
package struct DamageSweep {
    /// What is done to a file, at some place of it.
    package struct Kind: Sendable {
        package let name: String
        /// Whole headers and more may be missing, without a trace.
        package var isPhaseKept: Bool { removed >= 8 && removed < .max && added(0).isEmpty }
        let removed: Int
        let added: @Sendable (UInt8) -> [UInt8]

        package static let all = [
            Kind(name: "low bit flipped", removed: 1) { [$0 ^ 1] },
            Kind(name: "high bit flipped", removed: 1) { [$0 ^ 0x80] },
            Kind(name: "byte zeroed", removed: 1) { _ in [0] },
            Kind(name: "byte filled", removed: 1) { _ in [0xFF] },
            Kind(name: "sixteen more", removed: 1) { [$0 &+ 16] },
            Kind(name: "byte cut", removed: 1) { _ in [] },
            Kind(name: "byte inserted", removed: 0) { _ in [0xAA] },
            Kind(name: "digit inserted", removed: 0) { _ in [0x31] },
            Kind(name: "four bytes overwritten", removed: 4) { _ in [0xDE, 0xAD, 0xBE, 0xEF] },
            Kind(name: "sixteen bytes zeroed", removed: 16) { _ in [UInt8](repeating: 0, count: 16) },
            Kind(name: "sixty-four bytes zeroed", removed: 64) { _ in [UInt8](repeating: 0, count: 64) },
            Kind(name: "two bytes cut", removed: 2) { _ in [] },
            Kind(name: "four bytes cut", removed: 4) { _ in [] },
            Kind(name: "eight bytes cut", removed: 8) { _ in [] },
            Kind(name: "sixteen bytes cut", removed: 16) { _ in [] },
            Kind(name: "twenty bytes cut", removed: 20) { _ in [] },
            Kind(name: "two hundred bytes cut", removed: 200) { _ in [] },
            Kind(name: "tail cut", removed: .max) { _ in [] },
        ]
    }

    /// Something that the reader says and the undamaged file does not.
    package struct Finding: Hashable, Sendable, CustomStringConvertible {
        package let fault: String
        package let kind: String
        package let at: Int
        package let tag: ElementTag

        package var description: String { "\(fault): \(tag.hexDigits), \(kind) at \(at)" }
    }

    /// An element of the undamaged file.
    private struct Original {
        let tag: ElementTag
        let isBytes: Bool
        /// The sequences that it lies in.
        let path: [ElementTag]
        let header: Int
        let value: Int
        let end: Int
        /// The headers of the sequences and items that it lies in.
        let around: [Range<Int>]
    }

    private let bytes: [UInt8]
    private var originals: [Int: Original] = [:]
    /// Damage lies behind file meta information.
    package let first: Int
    package var last: Int { bytes.count }

    /// The file has to be undamaged.
    package init(_ bytes: [UInt8]) throws(ParseError) {
        self.bytes = bytes
        var dataSet = DataSet()
        try dataSet.parse(bytes)
        var found: [Int: Original] = [:]
        var first = Int.max
        Self.visit(dataSet) { element, path, around in
            let size = Self.headerSize(element)
            if element.tag.group != 2 { first = min(first, element.offset - size) }
            found[element.offset] = Original(
                tag: element.tag,
                isBytes: element.vr.isBinary && element.tag != .item,
                path: path,
                header: element.offset - size,
                value: element.offset,
                end: element.offset + element.length,
                around: around
            )
        }
        originals = found
        self.first = first
    }

    /// The file with damage at a place.
    package func damaged(_ kind: Kind, at: Int) -> [UInt8] {
        let removed = min(kind.removed, bytes.count - at)
        return Array(bytes[..<at]) + kind.added(at < bytes.count ? bytes[at] : 0) + Array(bytes[(at + removed)...])
    }

    /// Damages the file at a place, reads it, and lists what is wrong with that.
    package func findings(_ kind: Kind, at: Int) -> [Finding] {
        let removed = min(kind.removed, bytes.count - at)
        let added = kind.added(at < bytes.count ? bytes[at] : 0)
        var dataSet = DataSet()
        do throws(ParseError) {
            try dataSet.parse(damaged(kind, at: at), isComplete: true)
        } catch {
            return []
        }
        var findings: [Finding] = []
        let isDamaged = dataSet.isDamaged
        Self.visit(dataSet) { element, path, _ in
            guard element.tag.group != 2 else { return }
            let header = element.offset - Self.headerSize(element)
            // What the damaged bytes themselves say.
            if header < at + added.count, element.offset > at, removed + added.count > 0, !(added.isEmpty) { return }
            if added.isEmpty, header < at, element.offset > at { return }
            let isBefore = element.offset < at + added.count || (header < at && element.offset <= at)
            let offset = isBefore ? element.offset : element.offset - added.count + removed
            guard let original = originals[offset], original.tag == element.tag else {
                findings.append(
                    Finding(
                        fault: path.isEmpty ? "no element" : "no element of an item",
                        kind: kind.name,
                        at: at,
                        tag: element.tag
                    )
                )
                return
            }
            func isTouched(_ range: Range<Int>) -> Bool {
                removed > 0
                    ? range.lowerBound < at + removed && at < range.upperBound
                    : range.lowerBound < at && at < range.upperBound
            }
            if path.isEmpty != original.path.isEmpty {
                let fault = path.isEmpty ? "of an item" : "of the data set"
                findings.append(Finding(fault: fault, kind: kind.name, at: at, tag: element.tag))
            } else if path != original.path, !original.around.contains(where: isTouched) {
                findings.append(Finding(fault: "of another sequence", kind: kind.name, at: at, tag: element.tag))
            }
            guard element.vr != .SQ, element.tag != .item else { return }
            let length = original.end - original.value
            if element.length != length, !isTouched(original.header..<original.end) {
                findings.append(Finding(fault: "longer or shorter", kind: kind.name, at: at, tag: element.tag))
            }
            if element.length != length, Self.isIdentity(element.tag), path.isEmpty {
                // Its length is damaged, or its value: it is right, or it is not there.
                findings.append(Finding(fault: "identity made up", kind: kind.name, at: at, tag: element.tag))
            }
        }
        if !isDamaged,
            originals.values.contains(where: { original in
                original.path.isEmpty && original.tag.group != 2 && dataSet.element(original.tag) == nil
                    && !(original.header < at + max(removed, 1) && at <= original.end)
            })
        {
            findings.append(Finding(fault: "lost in silence", kind: kind.name, at: at, tag: .item))
        }
        return findings
    }

    /// Whether damage touches the header of a value of which only its length says where it ends.
    package func isHeaderOfBytes(_ at: Int, _ kind: Kind) -> Bool {
        let end = at + max(1, min(kind.removed, bytes.count - at))
        return originals.values.contains { $0.isBytes && $0.header < end && at < $0.value }
    }

    private static func isIdentity(_ tag: ElementTag) -> Bool {
        tag == .sopInstanceUID || tag == .studyInstanceUID || tag == .seriesInstanceUID || tag.rawValue == 0x0010_0020
    }

    private static func headerSize(_ element: Element) -> Int {
        if element.tag == .item || element.flags.contains(.implicit) { return 8 }
        switch element.vr {
        case .OB, .OD, .OF, .OL, .OV, .OW, .SQ, .SV, .UC, .UN, .UR, .UT, .UV: return 12
        default: return 8
        }
    }

    private static func visit(
        _ dataSet: borrowing DataSet,
        _ body: (Element, [ElementTag], [Range<Int>]) -> Void
    ) {
        var open: [(end: Int, tag: ElementTag, header: Range<Int>)] = []
        for index in 0..<dataSet.count {
            let element = dataSet[index]
            while let last = open.last, index >= last.end { open.removeLast() }
            body(element, open.filter { $0.tag != .item }.map(\.tag), open.map(\.header))
            if element.vr == .SQ || element.tag == .item {
                open.append((element.next, element.tag, element.offset - headerSize(element)..<element.offset))
            }
        }
    }
}
