internal import Shared

/// Network Time Protocol, versions 1 to 4 (RFC 5905, RFC 1305): one record a message.
struct NTPAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "ntp"
    static let transports: Transports = .udp

    private static let headerLength = 48
    /// Extension fields of one message that are counted (RFC 7822).
    private static let extensionLimit = 32
    /// Seconds between 1900 and 1970 (RFC 5905 figure 4).
    private static let epoch: Int64 = 2_208_988_800

    init() {}

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let first = try? payload.byte(at: 0), (1...4).contains(first >> 3 & 7) else { return .noMatch }
        switch first & 7 {
        case 1...5: return isTime(payload) ? .match : .noMatch
        case 6: return isControl(payload) ? .match : .noMatch
        case 7: return first >> 3 & 7 > 1 && isPrivate(payload) ? .match : .noMatch
        default: return .noMatch
        }
    }

    /// Times between questions, as powers of two seconds: below one in local networks (RFC 5905 section 7.3).
    private static let polls: ClosedRange<Int8> = -7...24

    /// A header whose numbers are those of a clock, and behind it nothing, a digest, or extensions of four bytes.
    private static func isTime(_ payload: RawSpan) -> Bool {
        let length = payload.byteCount
        guard length >= headerLength, length <= 1024, length % 4 == 0, let stratum = try? payload.byte(at: 1),
            let poll = try? payload.byte(at: 2), let precision = try? payload.byte(at: 3),
            let delay = try? payload.readBE(at: 4, as: UInt32.self),
            let dispersion = try? payload.readBE(at: 8, as: UInt32.self)
        else { return false }
        // 32 is what clients say that keep theirs to themselves (draft-ietf-ntp-data-minimization), as chrony does.
        return stratum <= 16 && polls.contains(Int8(bitPattern: poll))
            && (precision == 32 || precision >= 0xE0 || precision < 4)
            && delay < 0x0040_0000 && dispersion < 0x0100_0000
    }

    /// A control message (RFC 1305 appendix B): operation, and a count that fits.
    private static func isControl(_ payload: RawSpan) -> Bool {
        guard let operation = try? payload.byte(at: 1), (1...10).contains(operation & 31),
            let offset = try? payload.readBE(at: 8, as: UInt16.self),
            let count = try? payload.readBE(at: 10, as: UInt16.self)
        else { return false }
        return offset < 32_768 && payload.byteCount - 12 >= Int(count) && payload.byteCount - 12 < Int(count) + 100
    }

    /// A private message of ntpd (ntp_request.h): implementation 0, 2 or 3, request codes up to 45; the items that it
    /// counts are there, behind a response nothing but a digest, and a request is filled up to a usual length.
    private static func isPrivate(_ payload: RawSpan) -> Bool {
        guard payload.byteCount >= 8, payload.byteCount <= 512 + 24, let first = try? payload.byte(at: 0),
            let implementation = try? payload.byte(at: 2), let request = try? payload.byte(at: 3),
            let items = try? payload.readBE(at: 4, as: UInt16.self),
            let size = try? payload.readBE(at: 6, as: UInt16.self)
        else { return false }
        let (isResponse, error) = (first & 0x80 != 0, items >> 12)
        let rest = payload.byteCount - 8 - Int(items & 0xFFF) * Int(size)
        return [0, 2, 3].contains(implementation) && request <= 45 && size <= 500 && rest >= 0
            && (isResponse ? rest <= 24 : error == 0 && payload.byteCount % 4 == 0 && payload.byteCount <= 8 + 184)
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        let ntp = Records.ntp
        let first = try payload.byte(at: 0)
        guard first & 0x3F != 0 else { throw .invalid(.version) }
        // Control and private messages tell no time.
        guard (1...5).contains(first & 7) else { return .wantMore }
        sink.begin(ntp)
        sink.batch.set(ntp.version, UInt64(first >> 3 & 7))
        sink.batch.set(ntp.mode, UInt64(first & 7))
        do throws(DecodeError) {
            try writeTime(payload, version: first >> 3 & 7, into: &sink)
        } catch {
            sink.end()
            throw error
        }
        sink.end()
        return .wantMore
    }

    private func writeTime(_ payload: RawSpan, version: UInt8, into sink: inout RecordSink) throws(DecodeError) {
        let ntp = Records.ntp
        let stratum = try payload.byte(at: 1)
        sink.batch.set(ntp.stratum, UInt64(stratum))
        sink.batch.set(ntp.poll, Self.power(try payload.byte(at: 2)))
        sink.batch.set(ntp.precision, Self.power(try payload.byte(at: 3)))
        sink.batch.set(ntp.rootDelay, Self.short(try payload.readBE(at: 4)))
        sink.batch.set(ntp.rootDisp, Self.short(try payload.readBE(at: 8)))
        sink.batch.set(ntp.refId, try Self.reference(payload, stratum: stratum))
        sink.batch.set(ntp.refTime, Self.time(try payload.readBE(at: 16)))
        sink.batch.set(ntp.orgTime, Self.time(try payload.readBE(at: 24)))
        sink.batch.set(ntp.recTime, Self.time(try payload.readBE(at: 32)))
        sink.batch.set(ntp.xmtTime, Self.time(try payload.readBE(at: 40)))
        sink.batch.set(ntp.numExts, version == 4 ? Self.extensionCount(payload) : 0)
    }

    /// Two to the power of a signed number, in seconds.
    private static func power(_ exponent: UInt8) -> Interval {
        let exponent = Int(Int8(bitPattern: exponent))
        guard (-40...32).contains(exponent) else { return .zero }
        let second = Timestamp.nanosecondsPerSecond
        return Interval(nanoseconds: exponent < 0 ? second >> -exponent : second << exponent)
    }

    /// 16 bits of seconds and 16 bits of fraction.
    private static func short(_ value: UInt32) -> Interval {
        Interval(nanoseconds: (Int64(value) * Timestamp.nanosecondsPerSecond) >> 16)
    }

    /// 32 bits of seconds since 1900 and 32 bits of fraction; seconds before 1968 are those of the next era, from
    /// 2036 on (RFC 4330 section 3). Zero, which is no time, is told as zero, as Zeek does.
    private static func time(_ value: UInt64) -> Timestamp {
        guard value != 0 else { return Timestamp(nanoseconds: 0) }
        let seconds = Int64(value >> 32) + (value >> 63 == 0 ? 1 << 32 : 0) - epoch
        let fraction = Int64(((value & 0xFFFF_FFFF) * UInt64(Timestamp.nanosecondsPerSecond)) >> 32)
        return Timestamp(nanoseconds: seconds * Timestamp.nanosecondsPerSecond + fraction)
    }

    /// Kiss code or clock as text, else the address of the server above (RFC 5905 section 7.3).
    private static func reference(_ payload: RawSpan, stratum: UInt8) throws(DecodeError) -> String {
        if stratum > 1 { return IPAddress(v4: try payload.readBE(at: 12)).description }
        try payload.require(4, at: 12)
        // All four bytes, as Zeek writes them: shorter names end with zeros, and clients have nothing but zeros.
        return payload.extracting(12..<16).text()
    }

    /// Extension fields (RFC 7822): type, length of at least 16; a digest behind them is shorter or has none.
    private static func extensionCount(_ payload: RawSpan) -> UInt64 {
        var (offset, count) = (headerLength, UInt64(0))
        while payload.byteCount - offset > 24, count < extensionLimit,
            let length = try? payload.readBE(at: offset + 2, as: UInt16.self), length >= 16
        {
            offset += Int(length)
            count += 1
        }
        return count
    }
}
