/// A calendar day and time of day in UTC, proleptic Gregorian calendar.
///
/// The day arithmetic follows Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013).
public struct CivilDate: Equatable, Sendable {
    public var year: Int
    /// 1 to 12.
    public var month: Int
    /// 1 to 31.
    public var day: Int
    /// Seconds since midnight, 0 to 86,399.
    public var secondOfDay: Int
    /// 0 to 999,999,999.
    public var nanosecond: Int

    public init(_ time: Timestamp) {
        let perDay: Int64 = 86_400 * Timestamp.nanosecondsPerSecond
        var days = Int(time.nanoseconds / perDay)
        var rest = Int(time.nanoseconds % perDay)
        if rest < 0 {
            rest += Int(perDay)
            days -= 1
        }
        secondOfDay = rest / 1_000_000_000
        nanosecond = rest % 1_000_000_000
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days since 1970-01-01 of a calendar day.
    public static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}

extension Timestamp {
    /// RFC 3339 in UTC with microseconds: `2026-11-02T09:30:00.000000Z`.
    public var rfc3339: String {
        let date = CivilDate(self)
        func padded(_ value: Int, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        let second = date.secondOfDay
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T"
            + "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
            + ".\(padded(date.nanosecond / 1000, 6))Z"
    }

    /// Whole days since the epoch, in UTC (rounded down).
    public var dayNumber: Int {
        let perDay = 86_400 * Timestamp.nanosecondsPerSecond
        // Without overflow at either end: times come from the wire.
        return Int(nanoseconds >= 0 ? nanoseconds / perDay : (nanoseconds + 1) / perDay - 1)
    }
}
