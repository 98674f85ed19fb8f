import Testing
import Vocabulary

/// Numbers of one kind.
@Suite struct TypedNumberTests {
    @Test(
        arguments: [
            ("0", 0), ("17", 17), ("-3", -3), ("9223372036854775807", .max), ("9223372036854775808", nil), ("", nil),
            ("1 ", nil), ("0x1", nil), ("1.0", nil),
        ] as [(String, Int64?)]
    )
    func `the text of one is its digits, and nothing else is read as one`(text: String, number: Int64?) {
        #expect(ChangeNumber(text)?.rawValue == number)
        #expect(OperationID(text[...])?.rawValue == number)
        if let number { #expect(String(StoreID(rawValue: number)) == text) }
    }

    @Test func `they are ordered and counted as their numbers are`() {
        let first: ChangeNumber = 5
        #expect(first < first + 1 && first - 1 < first)
        #expect([first + 2, first, first + 1].max() == 7)
        #expect(ChangeNumber.min < 0 && ChangeNumber.max.rawValue == .max)
    }

    @Test func `times of file systems wrap around instead of ending the process`() {
        let last = UnixNanoseconds.max
        #expect(last &+ 1 == .min)
        #expect(UnixNanoseconds.min.since(last) == 1)
        #expect((last &+ -5).since(last) == -5)
    }
}
