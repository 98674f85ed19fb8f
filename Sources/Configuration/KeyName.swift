/// The path of a key in the file, written as its author would: `dicomStores[1].labels."a b"`.
struct KeyName: Sendable, CustomStringConvertible {
    /// The path of this key after those of the tables and arrays that it is in, the outermost first.
    let path: [String]

    /// The document itself.
    static let root = KeyName(path: [])

    var description: String { path.last ?? "" }

    /// The name of an entry of the table that is named by this path.
    func appending(_ key: String) -> KeyName {
        let bare = !key.isEmpty && key.utf8.allSatisfy(Self.isBare)
        let part = bare ? key : "\"\(key.map(Self.escaped).joined())\""
        return KeyName(path: path + [path.isEmpty ? part : "\(description).\(part)"])
    }

    /// The name of an element, counted from 0, of the array that is named by this path.
    func appending(_ index: Int) -> KeyName { KeyName(path: path + ["\(description)[\(index)]"]) }

    private static func isBare(_ byte: UInt8) -> Bool {
        byte.isAlphanumeric || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }

    private static func escaped(_ character: Character) -> String {
        switch character {
        case "\"": "\\\""
        case "\\": "\\\\"
        default: String(character).printable
        }
    }
}
