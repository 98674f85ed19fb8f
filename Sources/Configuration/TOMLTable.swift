/// A table while its document is read: who may still add to it depends on how it came to be.
final class TOMLTable {
    /// How a table came to be.
    enum Origin {
        /// As a part of the path of a header for another table: a header of its own may still follow.
        case pathOfHeader
        /// By its own header.
        case header
        /// As a part of a dotted key: closed to headers for it, open to more dotted keys.
        case dottedKey
        /// Between braces: nothing can be added.
        case braces
    }

    /// What a key stands for.
    enum Entry {
        case value(TOMLNode)
        case table(TOMLTable)
        case tables([TOMLTable])
    }

    let line: Int
    var origin: Origin
    var entries: [String: (line: Int, entry: Entry)] = [:]

    init(line: Int, origin: Origin) {
        self.line = line
        self.origin = origin
    }

    /// The finished value.
    var node: TOMLNode {
        let nodes = entries.mapValues { line, entry in
            switch entry {
            case .value(let node): node
            case .table(let table): table.node
            case .tables(let tables): TOMLNode(line: line, value: .array(tables.map(\.node)))
            }
        }
        return TOMLNode(line: line, value: .table(nodes))
    }
}
