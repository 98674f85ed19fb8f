/// The path of a key in the file, written as its author would: `dicomStores[1].labels."a b"`.
struct KeyName: Sendable, CustomStringConvertible {
    private(set) var description = ""

    /// The document itself.
    static let root = KeyName()

    /// The name of an entry of the table that is named by this path.
    func appending(_ key: String) -> KeyName {
        let bare = !key.isEmpty && key.utf8.allSatisfy(Self.isBare)
        let part = bare ? key : "\"\(key.map(Self.escaped).joined())\""
        return KeyName(description: description.isEmpty ? part : "\(description).\(part)")
    }

    /// The name of an element, counted from 0, of the array that is named by this path.
    func appending(_ index: Int) -> KeyName { KeyName(description: "\(description)[\(index)]") }

    private static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func escaped(_ character: Character) -> String {
        switch character {
        case "\"": "\\\""
        case "\\": "\\\\"
        default:
            character.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } ? "\(character)" : "?"
        }
    }
}
