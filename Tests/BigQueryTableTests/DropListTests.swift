import Testing

@testable import BigQueryTable

/// The text of `DroppedTags`.
@Suite struct DropListTests {
    /// The list of some elements in the same items.
    private func list(
        _ kind: SchemaKind,
        in path: [PathStep] = [],
        _ entries: [(tag: UInt32, reason: DropReason, text: String?)]
    ) -> String {
        var list = DropList()
        var names = ElementTable()
        var steps = FlatBuffer<PathStep>(capacity: 4)
        for step in path { steps.append(step) }
        for entry in entries {
            guard let text = entry.text else {
                list.append(entry.tag, entry.reason, nil, steps, &names, kind)
                continue
            }
            Array(text.utf8).withUnsafeBytes { list.append(entry.tag, entry.reason, $0, steps, &names, kind) }
        }
        return String(decoding: list.elements, as: UTF8.self)
    }

    @Test(
        arguments: [
            (0x0008_0020, .invalidValue, nil, #"{"TagName":"StudyDate","Reason":"INVALID_VALUE"}"#),
            (0x0008_0020, .invalidValue, "a\"b", #"{"TagName":"StudyDate","Reason":"INVALID_VALUE","Value":"a\"b"}"#),
            (0x0009_10AB, .binary, nil, #"{"TagName":"Tag_000910AB","Reason":"BINARY"}"#),
            (0x7FE0_0010, .truncated, nil, #"{"TagName":"PixelData","Reason":"TRUNCATED"}"#),
            (ColumnID.metadata.rawValue, .tooLarge, nil, #"{"TagName":"Metadata","Reason":"TOO_LARGE"}"#),
        ] as [(UInt32, DropReason, String?, String)]
    )
    func `an entry has a name, a reason, and a value if that is why`(
        tag: UInt32,
        reason: DropReason,
        text: String?,
        entry: String
    ) {
        #expect(list(.flattened, [(tag, reason, text)]) == entry)
    }

    @Test func `the JSON schema lists names alone`() {
        let entries: [(UInt32, DropReason, String?)] = [
            (0x0008_0020, .invalidValue, "bad"), (0x0009_10AB, .binary, nil),
        ]
        #expect(list(.json, entries) == #""StudyDate","Tag_000910AB""#)
    }

    @Test func `a name begins with the items around it`() {
        let path = [
            PathStep(column: ColumnID(rawValue: 0x0040_A730), item: 12),
            PathStep(column: ColumnID(rawValue: 0x0009_1001)),
        ]
        #expect(
            list(.json, in: path, [(0x0008_0020, .binary, nil)]) == #""ContentSequence[12].Tag_00091001[0].StudyDate""#
        )
    }

    @Test(arguments: [SchemaKind.flattened, .json])
    func `a list that is full has one more entry, which says so`(kind: SchemaKind) {
        var list = DropList()
        var names = ElementTable()
        var path = FlatBuffer<PathStep>(capacity: 1)
        path.append(PathStep(column: ColumnID(rawValue: 0x0040_A730)))
        #expect(list.hasRoom(for: DropList.maximumLength - 1) == true)
        #expect(list.hasRoom(for: DropList.maximumLength) == false)
        let text = [UInt8](repeating: 0x61, count: DropList.maximumLength)
        text.withUnsafeBytes { list.append(entries: $0) }
        #expect(list.hasRoom(for: 0) == false)
        for _ in 0..<3 { list.append(0x0008_0020, .binary, nil, path, &names, kind) }
        let tail = String(decoding: UnsafeBufferPointer(rebasing: list.elements[text.count...]), as: UTF8.self)
        #expect(tail == (kind == .json ? #","DroppedTags""# : #",{"TagName":"DroppedTags","Reason":"TOO_LARGE"}"#))
        // The next row's list is not cut.
        list.removeAll(keepingCapacityUpTo: 16)
        list.append(0x0008_0020, .binary, nil, path, &names, .json)
        #expect(String(decoding: list.elements, as: UTF8.self) == #""ContentSequence[0].StudyDate""#)
    }
}
