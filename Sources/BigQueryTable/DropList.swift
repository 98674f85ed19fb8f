/// The entries of `DroppedTags`: what is not in its column, and why.
struct DropList: ~Copyable {
    /// Longer lists are cut: a hostile header could name millions, and a row has to fit into a table.
    static let maximumLength = 16 << 20

    private var entries = ByteWriter(capacity: 4 << 10)
    /// The list was cut.
    private var isCut = false

    /// Bytes.
    @inline(__always)
    var count: Int { entries.count }
    /// The entries with commas between; valid until the next mutation.
    var elements: UnsafeBufferPointer<UInt8> { entries.elements }

    /// Whether entries of so many bytes leave the list short enough.
    func hasRoom(for added: Int) -> Bool { entries.count + added < Self.maximumLength }

    /// Adds an element, or a column of ours, at the end of a path, with its value where that is why; in the JSON schema its
    /// name alone. A list that is too long ends with an entry that says so.
    mutating func append(
        _ tag: UInt32,
        _ reason: DropReason,
        _ text: UnsafeRawBufferPointer?,
        _ path: borrowing FlatBuffer<PathStep>,
        _ names: inout ElementTable,
        _ kind: SchemaKind
    ) {
        if entries.count < Self.maximumLength {
            begin(kind)
            for index in 0..<path.count {
                append(nameOf: path[index].column.rawValue, &names)
                entries.append(UInt8(ascii: "["))
                entries.append(unsigned: UInt64(path[index].item))
                entries.append("].")
            }
            end(tag, reason, text, &names, kind)
        } else if !isCut {
            begin(kind)
            end(ColumnID.droppedTags.rawValue, .tooLarge, nil, &names, kind)
            isCut = true
        }
    }

    /// Adds entries of another list, which begin with a comma unless this one is empty.
    mutating func append(entries text: UnsafeRawBufferPointer) { entries.append(text) }

    /// Forgets everything, and gives back memory beyond `keep` bytes.
    mutating func removeAll(keepingCapacityUpTo keep: Int) {
        entries.removeAll(keepingCapacityUpTo: keep)
        isCut = false
    }

    private mutating func begin(_ kind: SchemaKind) {
        if entries.count > 0 { entries.append(UInt8(ascii: ",")) }
        if kind == .flattened { entries.append("{\"TagName\":") }
        entries.append(UInt8(ascii: "\""))
    }

    private mutating func end(
        _ tag: UInt32,
        _ reason: DropReason,
        _ text: UnsafeRawBufferPointer?,
        _ names: inout ElementTable,
        _ kind: SchemaKind
    ) {
        append(nameOf: tag, &names)
        entries.append(UInt8(ascii: "\""))
        guard kind == .flattened else { return }
        entries.append(",\"Reason\":\"")
        entries.append(reason.text)
        entries.append(UInt8(ascii: "\""))
        if let text {
            entries.append(",\"Value\":")
            entries.appendJSON(text)
        }
        entries.append(UInt8(ascii: "}"))
    }

    private mutating func append(nameOf tag: UInt32, _ names: inout ElementTable) {
        if let index = names.index(of: tag) {
            entries.append(names[index].name)
        } else if ColumnID(rawValue: tag).isOwn {
            entries.append(string: ColumnID(rawValue: tag).name)
        } else {
            entries.append("Tag_")
            entries.append(hex: tag, digits: 8)
        }
    }
}
