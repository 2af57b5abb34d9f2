import Shared
import Testing

@testable import Master

@Suite struct SiteCalendarTests {
    /// From the Cabinet Office's list of national holidays for 2025 and 2026, and the days around them.
    @Test(arguments: [
        (2026, 1, 12, true), (2026, 2, 23, true), (2026, 3, 20, true), (2026, 5, 6, true), (2026, 9, 21, true),
        (2026, 9, 22, true), (2026, 9, 23, true), (2026, 10, 12, true), (2026, 11, 3, true), (2026, 11, 4, false),
        (2025, 2, 24, true), (2025, 5, 6, true), (2025, 11, 24, true), (2025, 9, 22, false), (2026, 7, 20, true),
    ])
    func holidaysFollowTheLaw(year: Int, month: Int, day: Int, isHoliday: Bool) {
        #expect(JapaneseHolidays.contains(year, month, day) == isHoliday)
    }

    @Test func hoursAreThoseOfTheSite() throws {
        var calendar = try #require(SiteCalendar(timeZone: "Asia/Tokyo", holidays: "jp"))
        // 2025-11-03T00:30:00Z is 09:30 on Culture Day, a Monday.
        let hour = calendar.hour(of: Timestamp(seconds: 1_762_129_800))
        #expect(hour.hourOfDay == 9)
        #expect(hour.weekday == 0)
        #expect(hour.isFree)
    }

    @Test func settingsNameEveryProblemAtOnce() {
        let settings = SiteSettings(site: "x", timeZone: "Nowhere/City", networks: ["10.0.0.0"], alertBudget: 0)
        #expect {
            try settings.validate()
        } throws: { error in
            (error as? SiteSettingsError)?.problems.count == 3
        }
    }
}
