internal import Shared

/// Numbers and times from ASCII, without a detour over text; nil when the bytes are something else.
enum NumberText {
    static func unsigned(_ bytes: UnsafeRawBufferPointer) -> UInt64? {
        guard !bytes.isEmpty else { return nil }
        var value: UInt64 = 0
        var index = 0
        while index < bytes.count {
            let digit = bytes[index] &- 0x30
            if digit > 9 { return index > 0 ? whole(bytes) : nil }
            let (product, high) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            if high || carry { return nil }
            value = sum
            index += 1
        }
        return value
    }

    /// `39.0` and `4e2` are whole numbers too; some shippers write all numbers as fractions.
    private static func whole(_ bytes: UnsafeRawBufferPointer) -> UInt64? {
        guard let value = double(bytes), value >= 0, value < 18_446_744_073_709_500_416 else { return nil }
        return value.rounded(.towardZero) == value ? UInt64(value) : nil
    }

    static func double(_ bytes: UnsafeRawBufferPointer) -> Double? {
        // The grammar of JSON numbers, roughly; the reader of String would take hexadecimal and "nan" too.
        guard bytes.count <= 64, let first = bytes.first, first == 0x2D || first == 0x2E || first &- 0x30 <= 9,
            bytes.allSatisfy({ $0 &- 0x30 <= 9 || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0) })
        else { return nil }
        return Double(String(decoding: bytes, as: UTF8.self))
    }

    /// Seconds with a fraction, as nanoseconds: exact, and rounded from the tenth digit of the fraction on.
    static func nanoseconds(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        var index = 0
        let isNegative = bytes.first == 0x2D
        if isNegative { index = 1 }
        let start = index
        var seconds: Int64 = 0
        while index < bytes.count, bytes[index] &- 0x30 <= 9 {
            guard index - start < 10 else { return slowNanoseconds(bytes) }
            seconds = seconds * 10 + Int64(bytes[index] - 0x30)
            index += 1
        }
        let isDigit = { (place: Int) in place < bytes.count && bytes[place] &- 0x30 <= 9 }
        guard index > start || (index < bytes.count && bytes[index] == 0x2E && isDigit(index + 1)) else { return nil }
        var fraction: Int64 = 0
        if index < bytes.count, bytes[index] == 0x2E {
            index += 1
            var digits = 0
            while index < bytes.count, bytes[index] &- 0x30 <= 9 {
                if digits < 9 { fraction = fraction * 10 + Int64(bytes[index] - 0x30) }
                if digits == 9, bytes[index] >= 0x35 { fraction += 1 }
                digits += 1
                index += 1
            }
            while digits < 9 {
                fraction *= 10
                digits += 1
            }
        }
        guard index == bytes.count else { return slowNanoseconds(bytes) }
        // Up to ten digits of seconds and nine of the fraction: past the year 2262 nanoseconds do not fit.
        let (product, overflow) = seconds.multipliedReportingOverflow(by: Timestamp.nanosecondsPerSecond)
        if overflow { return slowNanoseconds(bytes) }
        let sum = product &+ fraction
        return sum < 0 ? .max : (isNegative ? -sum : sum)
    }

    /// Exponents and years far away, clamped as ``Timestamp`` does.
    private static func slowNanoseconds(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        double(bytes).map { Timestamp(seconds: $0).nanoseconds }
    }

    /// A moment: seconds or milliseconds since the epoch, or RFC 3339 text.
    /// - Parameter isOwn: the record's own `ts`, where 10^11 seconds (the year 5138) cannot be meant. Certificates hold
    ///   until the end of 9999 (RFC 5280 section 4.1.2.5): what is beyond that is in milliseconds as well.
    static func time(_ bytes: UnsafeRawBufferPointer, isOwn: Bool) -> Int64? {
        if bytes.count >= 20, bytes[4] == 0x2D { return rfc3339(bytes) }
        guard bytes.count >= 12, !bytes.prefix(12).contains(0x2E), let number = unsigned(bytes),
            number > (isOwn ? 99_999_999_999 : 253_402_300_799)
        else { return nanoseconds(bytes) }
        guard number < 9_223_372_036_854 else { return isOwn ? nil : .max }
        return Int64(number) * 1_000_000
    }

    /// RFC 3339 section 5.6: `2025-11-03T09:30:00.123456Z`, or with an offset from UTC.
    static func rfc3339(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        func digits(_ start: Int, _ count: Int) -> Int? {
            guard start + count <= bytes.count else { return nil }
            var value = 0
            for index in start..<(start + count) {
                let digit = bytes[index] &- 0x30
                guard digit <= 9 else { return nil }
                value = value * 10 + Int(digit)
            }
            return value
        }
        guard bytes.count >= 20, let year = digits(0, 4), let month = digits(5, 2), let day = digits(8, 2),
            let hour = digits(11, 2), let minute = digits(14, 2), let second = digits(17, 2),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        var index = 19
        var fraction: Int64 = 0
        if bytes[index] == 0x2E {
            index += 1
            var scale: Int64 = 100_000_000
            while index < bytes.count, bytes[index] &- 0x30 <= 9 {
                fraction += Int64(bytes[index] - 0x30) * scale
                scale /= 10
                index += 1
            }
        }
        guard index < bytes.count else { return nil }
        var offset = 0
        let sign = bytes[index]
        if sign == 0x2B || sign == 0x2D {
            guard let hours = digits(index + 1, 2) else { return nil }
            let minutes = digits(index + 4, 2) ?? digits(index + 3, 2) ?? 0
            offset = (hours * 60 + minutes) * (sign == 0x2D ? -60 : 60)
        } else if sign | 0x20 != 0x7A {
            return nil
        }
        let days = CivilDate.daysSinceEpoch(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        guard abs(seconds) < 9_223_372_036 else { return nil }
        return Int64(seconds) * Timestamp.nanosecondsPerSecond + fraction
    }
}
