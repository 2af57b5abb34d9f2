internal import Shared

/// UTCTime and GeneralizedTime (RFC 5280 section 4.1.2.5), as certificates and Kerberos write them.
enum DERTime {
    /// Nil when the text is not a moment.
    static func timestamp(_ element: DERElement) -> Timestamp? {
        timestamp(element.content, hasCentury: element.tag != DERTag.utcTime)
    }

    private static func timestamp(_ text: ArraySlice<UInt8>, hasCentury: Bool) -> Timestamp? {
        let digits = text.prefix { (0x30...0x39).contains($0) }.map { Int($0 - 0x30) }
        let yearDigits = hasCentury ? 4 : 2
        guard digits.count >= yearDigits + 8 else { return nil }
        var year = digits.prefix(yearDigits).reduce(0) { $0 * 10 + $1 }
        if !hasCentury { year += year < 50 ? 2000 : 1900 }
        func pair(_ index: Int) -> Int {
            let at = yearDigits + 2 * index
            return at + 1 < digits.count ? digits[at] * 10 + digits[at + 1] : 0
        }
        guard (1...12).contains(pair(0)), (1...31).contains(pair(1)) else { return nil }
        let days = CivilDate.daysSinceEpoch(year: year, month: pair(0), day: pair(1))
        let seconds = Int64(days) * 86_400 + Int64(pair(2) * 3600 + pair(3) * 60 + pair(4))
        let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: Timestamp.nanosecondsPerSecond)
        return overflow ? nil : Timestamp(nanoseconds: nanoseconds)
    }
}
