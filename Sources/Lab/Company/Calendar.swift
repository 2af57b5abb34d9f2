internal import Shared

/// Working days in Japan.
enum Calendar {
    /// National holidays, Sunday substitutes included, as published by the Cabinet Office for 2025 to 2027.
    private static let holidays: Set<Int> = Set(
        [
            (
                2025,
                [
                    (1, 1), (1, 13), (2, 11), (2, 23), (2, 24), (3, 20), (4, 29), (5, 3), (5, 4), (5, 5), (5, 6),
                    (7, 21), (8, 11), (9, 15), (9, 23), (10, 13), (11, 3), (11, 23), (11, 24),
                ]
            ),
            (
                2026,
                [
                    (1, 1), (1, 12), (2, 11), (2, 23), (3, 20), (4, 29), (5, 3), (5, 4), (5, 5), (5, 6),
                    (7, 20), (8, 11), (9, 21), (9, 22), (9, 23), (10, 12), (11, 3), (11, 23),
                ]
            ),
            (
                2027,
                [
                    (1, 1), (1, 11), (2, 11), (2, 23), (3, 21), (3, 22), (4, 29), (5, 3), (5, 4), (5, 5),
                    (7, 19), (8, 11), (9, 20), (9, 23), (10, 11), (11, 3), (11, 23),
                ]
            ),
        ].flatMap { year, days in
            days.map { CivilDate.daysSinceEpoch(year: year, month: $0.0, day: $0.1) }
        })

    /// 0 is Monday (1970-01-01 was a Thursday).
    static func weekday(_ day: Int) -> Int { (day + 3) % 7 }

    static func isWorkingDay(_ day: Int) -> Bool { weekday(day) < 5 && !holidays.contains(day) }

    /// `2026-10-05`.
    static func name(_ day: Int) -> String {
        let date = CivilDate(Timestamp(nanoseconds: Int64(day) * 86_400 * Timestamp.nanosecondsPerSecond))
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(date.year)-\(two(date.month))-\(two(date.day))"
    }
}
