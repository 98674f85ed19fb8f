/// The defined terms of Specific Character Set (PS3.3 C.12.1.1.2).
enum CharacterSetTerm {
    /// The terms that can stand alone, then those with code extensions.
    static let all: [String] =
        ["ISO_IR 6", "GB18030", "GBK", "ISO_IR 192"]
        + singleByte.map { "ISO_IR \($0)" }
        + (["6", "87", "159", "149", "58"] + singleByte).map { "ISO 2022 IR \($0)" }

    private static let singleByte = [
        "100", "101", "109", "110", "144", "127", "126", "138", "148", "203", "13", "166",
    ]
}
