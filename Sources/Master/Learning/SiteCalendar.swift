import Foundation
import Shared

/// Local hours of a site, and which days are free.
struct SiteCalendar: Sendable {
    private let zone: TimeZone
    private let hasJapaneseHolidays: Bool
    private var cachedHour: Int64 = .min
    private var cached = LocalHour(hourOfDay: 0, weekday: 0, isFree: false, day: 0)

    init?(timeZone: String, holidays: String) {
        guard let zone = TimeZone(identifier: timeZone), ["jp", ""].contains(holidays) else { return nil }
        self.zone = zone
        hasJapaneseHolidays = holidays == "jp"
    }

    /// The local hour that holds `time`; quick for times of the hour asked for last.
    mutating func hour(of time: Timestamp) -> LocalHour {
        let hour = time.nanoseconds / (900 * Timestamp.nanosecondsPerSecond)
        if hour != cachedHour {
            cachedHour = hour
            cached = localHour(time)
        }
        return cached
    }

    private func localHour(_ time: Timestamp) -> LocalHour {
        let moment = Date(timeIntervalSince1970: time.seconds)
        let local = time + .seconds(Int64(zone.secondsFromGMT(for: moment)))
        let date = CivilDate(local)
        let weekday = ((local.dayNumber + 3) % 7 + 7) % 7
        let isHoliday = hasJapaneseHolidays && JapaneseHolidays.contains(date.year, date.month, date.day)
        return LocalHour(
            hourOfDay: date.secondOfDay / 3600, weekday: weekday, isFree: weekday >= 5 || isHoliday,
            day: local.dayNumber)
    }
}

/// A local hour of a site.
struct LocalHour: Equatable, Sendable {
    /// 0 to 23.
    var hourOfDay: Int
    /// Monday is 0.
    var weekday: Int
    /// Saturday, Sunday or a public holiday.
    var isFree: Bool
    /// Local days since 1970-01-01.
    var day: Int
    /// 0 to 23 on working days, 24 to 47 on free days.
    var slot: Int { hourOfDay + (isFree ? 24 : 0) }
}

/// Public holidays of Japan by the Act on National Holidays (Act No. 178 of 1948, as amended until 2020), years
/// 2020 to 2099; equinoxes by the usual formula of the National Astronomical Observatory's almanac.
enum JapaneseHolidays {
    static func contains(_ year: Int, _ month: Int, _ day: Int) -> Bool {
        if isNational(year, month, day) { return true }
        // A year's end is not a holiday by law, but companies rest.
        if (month == 12 && day >= 30) || (month == 1 && day <= 3) { return true }
        return isSubstitute(year, month, day) || isBetween(year, month, day)
    }

    private static func weekday(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let number = CivilDate.daysSinceEpoch(year: year, month: month, day: day)
        return ((number + 3) % 7 + 7) % 7
    }

    private static func isNational(_ year: Int, _ month: Int, _ day: Int) -> Bool {
        let isMonday = weekday(year, month, day) == 0
        switch month {
        case 1: return day == 1 || (isMonday && (8...14).contains(day))
        case 2: return day == 11 || day == 23
        case 3: return day == equinox(20.8431, year)
        case 4: return day == 29
        case 5: return (3...5).contains(day)
        case 7: return isMonday && (15...21).contains(day)
        case 8: return day == 11
        case 9: return day == equinox(23.2488, year) || (isMonday && (15...21).contains(day))
        case 10: return isMonday && (8...14).contains(day)
        case 11: return day == 3 || day == 23
        default: return false
        }
    }

    private static func equinox(_ base: Double, _ year: Int) -> Int {
        Int(base + 0.242194 * Double(year - 1980)) - (year - 1980) / 4
    }

    /// The first day after a holiday on a Sunday that is none itself (Article 3, paragraph 2).
    private static func isSubstitute(_ year: Int, _ month: Int, _ day: Int) -> Bool {
        for back in 1...3 {
            let date = CivilDate(
                Timestamp(nanoseconds: 0)
                    + .days(Int64(CivilDate.daysSinceEpoch(year: year, month: month, day: day) - back)))
            guard isNational(date.year, date.month, date.day) else { return false }
            if weekday(date.year, date.month, date.day) == 6 { return true }
        }
        return false
    }

    /// A day between two holidays (Article 3, paragraph 3); happens in September only.
    private static func isBetween(_ year: Int, _ month: Int, _ day: Int) -> Bool {
        month == 9 && day > 1 && day < 30 && isNational(year, 9, day - 1) && isNational(year, 9, day + 1)
    }
}
