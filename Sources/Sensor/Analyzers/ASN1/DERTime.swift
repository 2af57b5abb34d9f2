internal import Shared

/// UTCTime and GeneralizedTime (RFC 5280 section 4.1.2.5), as certificates and Kerberos write them.
enum DERTime {
    /// Nil when the text is not a moment.
    static func timestamp(_ element: DERElement) -> Timestamp? {
        timestamp(element.content, hasCentury: element.tag != DERTag.utcTime)
    }

    /// What cannot be told for it is too far away is the last second that can: `99991231235959Z` stands for a
    /// certificate that never ends (section 4.1.2.5).
    private static func timestamp(_ text: ArraySlice<UInt8>, hasCentury: Bool) -> Timestamp? {
        let digits = text.prefix { (0x30...0x39).contains($0) }.map { Int($0 - 0x30) }
        let yearDigits = hasCentury ? 4 : 2
        guard digits.count >= yearDigits + 8, let zone = zone(text.dropFirst(digits.count), hasCentury: hasCentury)
        else { return nil }
        var year = digits.prefix(yearDigits).reduce(0) { $0 * 10 + $1 }
        if !hasCentury { year += year < 50 ? 2000 : 1900 }
        func pair(_ index: Int) -> Int {
            let at = yearDigits + 2 * index
            return at + 1 < digits.count ? digits[at] * 10 + digits[at + 1] : 0
        }
        guard (1...12).contains(pair(0)), (1...31).contains(pair(1)) else { return nil }
        let days = CivilDate.daysSinceEpoch(year: year, month: pair(0), day: pair(1))
        let seconds = Int64(days) * 86_400 + Int64(pair(2) * 3600 + pair(3) * 60 + pair(4)) - zone
        guard seconds >= -lastSecond else { return nil }
        return Timestamp(nanoseconds: min(seconds, lastSecond) * Timestamp.nanosecondsPerSecond)
    }

    private static let lastSecond = Int64.max / Timestamp.nanosecondsPerSecond

    /// Seconds before UTC, of what stands behind the digits. Nil for a UTCTime that does not end in `Z`, which it must
    /// (section 4.1.2.5.1), and where nothing sensible stands.
    private static func zone(_ rest: ArraySlice<UInt8>, hasCentury: Bool) -> Int64? {
        if !hasCentury { return rest.elementsEqual("Z".utf8) ? 0 : nil }
        let mark = rest.drop { $0 == 0x2E || (0x30...0x39).contains($0) }
        guard let sign = mark.first, sign != 0x5A else { return 0 }
        let digits = mark.dropFirst().map { Int64($0) - 0x30 }
        guard sign == 0x2B || sign == 0x2D, digits.count == 4, digits.allSatisfy({ (0...9).contains($0) }) else {
            return nil
        }
        let seconds = (digits[0] * 10 + digits[1]) * 3600 + (digits[2] * 10 + digits[3]) * 60
        return sign == 0x2B ? seconds : -seconds
    }
}
