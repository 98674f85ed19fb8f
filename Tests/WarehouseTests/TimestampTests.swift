import Testing
import Vocabulary

@testable import Warehouse

@Suite struct TimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01 00:00:00.000000Z"),
            (1, "1970-01-01 00:00:00.000001Z"),
            (-1, "1969-12-31 23:59:59.999999Z"),
            (951_782_400_000_000, "2000-02-29 00:00:00.000000Z"),
            (1_709_251_199_120_000, "2024-02-29 23:59:59.120000Z"),
            (4_107_542_400_000_000, "2100-03-01 00:00:00.000000Z"),
            (-62_167_219_200_000_000, "0000-01-01 00:00:00.000000Z"),
            (Int64.max, "9999-12-31 23:59:59.999999Z"),
            (Int64.min, "0000-01-01 00:00:00.000000Z"),
        ] as [(Int64, String)]
    )
    func `a time is written as BigQuery writes it`(microseconds: Int64, text: String) {
        var timestamp = Timestamp()
        #expect(String(decoding: timestamp.text(UnixMicroseconds(rawValue: microseconds)), as: UTF8.self) == text)
    }
}
