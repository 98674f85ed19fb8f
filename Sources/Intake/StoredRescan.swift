internal import StoreIndex
internal import Vocabulary

/// Somebody's wish that directory and index be compared, as its operation is stored.
struct StoredRescan: Hashable, Sendable {
    /// The operation that ends with it.
    var operation: OperationID
    /// The store's directory when deletions were allowed; nil if none are.
    var allowance: Allowance?

    /// What is allowed: to conclude what was held then, in the store that was there then.
    struct Allowance: Hashable, Sendable {
        /// How many files were held.
        var files: Int64
        /// Device, inode and file system id of the store's directory; nil if it was not there.
        var root: StoreRecord.Root?
    }

    init(operation: OperationID, allowance: Allowance? = nil) {
        self.operation = operation
        self.allowance = allowance
    }

    /// Reads a stored operation. A request of before, which allowed whatever would be found, allows nothing.
    init(_ stored: StoredOperation) { self.init(operation: stored.id, stored: stored.request) }

    init(operation: OperationID, stored text: String) {
        self.operation = operation
        let fields = text.split(separator: " ")
        guard fields.count == 5, fields[0] == "allowed", let files = Int64(fields[1]) else { return }
        let numbers = fields[2...].compactMap { UInt64($0) }
        allowance = Allowance(
            files: files,
            root: numbers.count == 3
                ? StoreRecord.Root(device: numbers[0], inode: numbers[1], fileSystem: numbers[2]) : nil
        )
    }

    /// The text of an allowance in state.db.
    static func stored(_ allowance: Allowance?) -> String {
        guard let allowance else { return "" }
        let root = allowance.root.map { "\($0.device) \($0.inode) \($0.fileSystem)" } ?? "- - -"
        return "allowed \(allowance.files) \(root)"
    }
}
