import Foundation
public import Shared

extension Format {
    /// The viewer's calendar day and wall clock.
    func civil(_ time: Timestamp) -> CivilDate { CivilDate(Timestamp(seconds: localSeconds(time))) }

    /// Whole seconds since the epoch, moved by the zone's offset: the viewer's wall clock as if it were UTC.
    func localSeconds(_ time: Timestamp) -> Double {
        let seconds = (Double(time.nanoseconds / 1_000_000) / 1000).rounded(.down)
        return seconds + Double(zone.secondsFromGMT(for: Date(timeIntervalSince1970: seconds)))
    }

    /// `12 Mar 2026, 14:05` or `2026年3月12日 14:05`.
    public func time(_ time: Timestamp) -> String { "\(date(time))\(language == .ja ? " " : ", ")\(clock(time))" }

    /// `14:05`.
    public func clock(_ time: Timestamp) -> String {
        let second = civil(time).secondOfDay
        return "\(Self.two(second / 3600)):\(Self.two(second % 3600 / 60))"
    }

    /// `14:05:09`.
    public func clockWithSeconds(_ time: Timestamp) -> String {
        "\(clock(time)):\(Self.two(civil(time).secondOfDay % 60))"
    }

    /// `12 Mar 2026` or `2026年3月12日`.
    public func date(_ time: Timestamp) -> String {
        let day = civil(time)
        if language == .ja { return "\(day.year)年\(day.month)月\(day.day)日" }
        return "\(day.day) \(Self.months[day.month - 1]) \(day.year)"
    }

    /// With the day of the week: `Thu 12 Mar 2026` or `2026年3月12日(木)`.
    public func dateWithWeekday(_ time: Timestamp) -> String {
        // 1970-01-01 was a Thursday.
        let days = Int((localSeconds(time) / 86_400).rounded(.down))
        let weekday = ((days + 4) % 7 + 7) % 7
        if language == .ja { return "\(date(time))(\(Self.japaneseWeekdays[weekday]))" }
        return "\(Self.weekdays[weekday]) \(date(time))"
    }

    /// Short form for tables: `2026-03-12 14:05:09`, the same in both languages and sortable.
    public func stamp(_ time: Timestamp) -> String {
        let day = civil(time)
        return "\(day.year)-\(Self.two(day.month))-\(Self.two(day.day)) \(clockWithSeconds(time))"
    }

    /// First and last moment, the date once where it is the same day.
    public func span(_ first: Timestamp, _ last: Timestamp) -> String {
        let dash = language == .ja ? "〜" : "–"
        if clock(first) == clock(last), date(first) == date(last) { return time(first) }
        if date(first) == date(last) { return "\(time(first))\(dash)\(clock(last))" }
        return "\(time(first)) \(dash) \(time(last))"
    }

    static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let japaneseWeekdays = ["日", "月", "火", "水", "木", "金", "土"]
}
