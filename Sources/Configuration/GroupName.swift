/// Names of UNIX groups. Whether a group exists is asked when the service starts, not here.
enum GroupName {
    /// Why a text cannot name a group, or nil.
    static func flaw(in text: String) -> String? {
        let isName =
            (1...255).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: "-")
            && !text.utf8.contains { $0 <= 0x20 || $0 == 0x7F || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/") }
        return isName ? nil : "\"\(text.printable)\" is not the name of a group"
    }
}
