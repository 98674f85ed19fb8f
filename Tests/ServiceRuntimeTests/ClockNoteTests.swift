import ServiceRuntime
import Testing
import Vocabulary

@Suite struct ClockNoteTests {
    @Test(
        arguments: [
            (0, 5, nil), (5, 5, nil), (65_000_000, 5_000_000, nil), (66_000_000, 5_000_000, 61), (.max, .min, nil),
            (2_082_758_400_000_000, 1_767_225_600_000_000, 315_532_800),
        ] as [(Int64, Int64, Int64?)]
    )
    func `times that are ahead of the clock by more than a minute are told of`(last: Int64, now: Int64, seconds: Int64?)
    {
        let note = ClockNote(last: UnixMicroseconds(rawValue: last), now: UnixMicroseconds(rawValue: now))
        #expect(note?.seconds == seconds)
    }

    @Test func `it says until when`() {
        let note = ClockNote(last: UnixMicroseconds(rawValue: 2_082_758_400_000_000), now: 0)
        #expect(note.map { "\($0)".contains("until 2036-01-01 00:00:00.000000Z") } == true)
    }
}
