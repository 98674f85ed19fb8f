/// Paths of the configuration: absolute, without `..`, and therefore comparable as text.
///
/// The comparison is of names only; that two names are one directory by a link or a mount is seen on the host only.
enum AbsolutePath {
    /// Why a text is not such a path.
    enum Flaw: Error, CustomStringConvertible {
        case empty, relative, parent, tooLong

        var description: String {
            switch self {
            case .empty: "must not be empty"
            case .relative: "must be an absolute path, beginning with /"
            case .parent: "must not contain .. as a part"
            case .tooLong: "must be shorter than 4096 bytes, each part at most 255"
            }
        }
    }

    /// Checks a path and removes doubled and trailing slashes and parts that are `.`; `..` depends on what is a link.
    static func normalize(_ text: String) -> Result<String, Flaw> {
        if text.isEmpty { return .failure(.empty) }
        guard text.utf8.first == UInt8(ascii: "/") else { return .failure(.relative) }
        // By bytes: a combining accent after a slash would hide the slash from a split by characters.
        let parts = text.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }.filter { $0 != "." }
        if parts.contains("..") { return .failure(.parent) }
        // Linux: PATH_MAX with its NUL, and NAME_MAX.
        if text.utf8.count > 4095 || parts.contains(where: { $0.utf8.count > 255 }) { return .failure(.tooLong) }
        return .success("/" + parts.joined(separator: "/"))
    }

    /// Whether a path is the directory or lies below it. Both are in plain form.
    static func contains(_ directory: String, _ path: String) -> Bool {
        directory == "/" || path.utf8.elementsEqual(directory.utf8) || path.utf8.starts(with: (directory + "/").utf8)
    }
}
