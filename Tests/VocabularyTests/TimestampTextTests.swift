import TestSupport
import Testing
import Vocabulary

@Suite struct TimestampTextTests {
    @Test(
        arguments: [
            (0, "1970-01-01 00:00:00.000000Z"), (1, "1970-01-01 00:00:00.000001Z"), (-1, "1969-12-31 23:59:59.999999Z"),
            (951_782_400_000_000, "2000-02-29 00:00:00.000000Z"),
            (1_582_979_696_250_000, "2020-02-29 12:34:56.250000Z"),
            (1_709_251_199_120_000, "2024-02-29 23:59:59.120000Z"),
            (4_107_542_400_000_000, "2100-03-01 00:00:00.000000Z"),
            (253_402_300_799_999_999, "9999-12-31 23:59:59.999999Z"),
            (-62_135_596_800_000_000, "0001-01-01 00:00:00.000000Z"),
            // What BigQuery cannot hold is clamped.
            (253_402_300_800_000_000, "9999-12-31 23:59:59.999999Z"), (.max, "9999-12-31 23:59:59.999999Z"),
            (-62_135_596_800_000_001, "0001-01-01 00:00:00.000000Z"),
            (-62_167_219_200_000_000, "0001-01-01 00:00:00.000000Z"), (.min, "0001-01-01 00:00:00.000000Z"),
        ] as [(Int64, String)]
    )
    func `an instant is text in UTC`(microseconds: Int64, text: String) {
        #expect(TimestampText.text(microseconds) == text)
    }

    @Test func `its range is that of the calendar`() {
        let day = 86_400_000_000 as Int64
        #expect(TimestampText.range.lowerBound == Int64(CivilCalendar.dayRange.lowerBound) * day)
        #expect(TimestampText.range.upperBound == Int64(CivilCalendar.dayRange.upperBound + 1) * day - 1)
    }

    @Test func `texts sort as the instants do`() {
        var generator = SeededGenerator.fromEnvironment()
        let seed = generator.seed
        for _ in 0..<5000 {
            let one = Int64.random(in: TimestampText.range, using: &generator)
            // Near it, so that they differ late in the text.
            let other = one + Int64.random(in: -2_000_000...2_000_000, using: &generator)
            guard TimestampText.range.contains(other), one != other else { continue }
            let (first, second) = (TimestampText.text(min(one, other)), TimestampText.text(max(one, other)))
            #expect(first < second && first.utf8.count == TimestampText.length, "seed \(seed)")
        }
    }
}
