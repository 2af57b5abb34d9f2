import Shared
import Testing

@Suite struct TimestampTests {
    /// Days count from 1970-01-01 and are rounded down; the ends of the range are 292 years away.
    @Test(arguments: [
        (Int64(0), 0), (86_399_999_999_999, 0), (86_400_000_000_000, 1), (-1, -1), (-86_400_000_000_000, -1),
        (-86_400_000_000_001, -2), (.max, 106_751), (.min, -106_752),
    ])
    func daysAreRoundedDownEverywhere(nanoseconds: Int64, day: Int) {
        #expect(Timestamp(nanoseconds: nanoseconds).dayNumber == day)
    }
}
