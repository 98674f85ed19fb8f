import TestSupport
import Testing
import Vocabulary

@Suite struct CivilCalendarTests {
    @Test(arguments: [
        (1, 1, 1, -719_162), (1, 12, 31, -718_798), (400, 2, 29, -573_372), (1582, 10, 15, -141_427),
        (1900, 2, 28, -25_509), (1900, 3, 1, -25_508), (1969, 12, 31, -1), (1970, 1, 1, 0), (2000, 2, 29, 11_016),
        (2000, 3, 1, 11_017), (2024, 2, 29, 19_782), (2100, 2, 28, 47_540), (2100, 3, 1, 47_541),
        (9999, 12, 31, 2_932_896),
    ])
    func `a date is a day, and a day is a date`(year: Int, month: Int, day: Int, days: Int) {
        #expect(CivilCalendar.days(year: year, month: month, day: day) == days)
        #expect(CivilCalendar.date(days: days) == (year, month, day))
        #expect(CivilCalendar.isValid(year: year, month: month, day: day))
    }

    @Test(arguments: [
        (0, 1, 1), (10_000, 1, 1), (-1, 1, 1), (2024, 0, 1), (2024, 13, 1), (2024, 1, 0), (2024, 1, 32), (2024, 4, 31),
        (2023, 2, 29), (1900, 2, 29), (2100, 2, 29), (2024, 2, 30), (2024, -1, 1), (2024, 1, -1), (.max, 1, 1),
        (.min, 1, 1),
    ])
    func `what no calendar has is refused`(year: Int, month: Int, day: Int) {
        #expect(!CivilCalendar.isValid(year: year, month: month, day: day))
    }

    @Test func `it goes both ways, day by day, over six times four centuries`() {
        let end = CivilCalendar.days(year: 2401, month: 1, day: 1)
        // One expectation for each of 876,947 days would take minutes.
        let wrong = (CivilCalendar.dayRange.lowerBound..<end).first { days in
            let date = CivilCalendar.date(days: days)
            let isSame = CivilCalendar.days(year: date.year, month: date.month, day: date.day) == days
            return !isSame || !CivilCalendar.isValid(year: date.year, month: date.month, day: date.day)
        }
        #expect(wrong == nil)
    }

    @Test func `random days come back, beyond the years of BigQuery too`() {
        var generator = SeededGenerator.fromEnvironment()
        let seed = generator.seed
        for _ in 0..<20_000 {
            let days = Int.random(in: -200_000_000...200_000_000, using: &generator)
            let (date, next) = (CivilCalendar.date(days: days), CivilCalendar.date(days: days + 1))
            #expect(CivilCalendar.days(year: date.year, month: date.month, day: date.day) == days, "seed \(seed)")
            #expect((date.year, date.month, date.day) < (next.year, next.month, next.day), "seed \(seed)")
            let isValid = CivilCalendar.isValid(year: date.year, month: date.month, day: date.day)
            #expect(isValid == CivilCalendar.dayRange.contains(days), "seed \(seed)")
        }
    }

    @Test func `a day that the month does not have is one of the next`() {
        #expect(CivilCalendar.days(year: 2023, month: 2, day: 31) == CivilCalendar.days(year: 2023, month: 3, day: 3))
    }
}
