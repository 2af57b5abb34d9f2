internal import Shared

/// Syslog over UDP (RFC 5426; RFC 3164 and RFC 5424): one record a message.
struct SyslogAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "syslog"
    static let transports: Transports = .udp

    /// Bytes of a message that are kept: what RFC 5424 section 6.1 asks every receiver to take.
    private static let messageLimit = 2048

    init() {}

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        priority(payload) != nil ? .match : .noMatch
    }

    /// The number in angle brackets, facility times eight and severity (RFC 5424 section 6.2.1), and what is behind.
    private static func priority(_ payload: RawSpan) -> (value: Int, end: Int)? {
        guard payload.starts(with: "<") else { return nil }
        var value = 0
        for index in 1..<5 {
            guard let byte = try? payload.byte(at: index) else { return nil }
            if byte == 0x3E { return index > 1 && value <= 191 ? (value, index + 1) : nil }
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return nil
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        guard let (priority, start) = Self.priority(payload) else { throw .invalid(.magic) }
        var end = Swift.min(payload.byteCount, start + Self.messageLimit)
        // A line's end is none of the message; a zero is, for that is how its sender ends texts (RFC 3164 section 4.1).
        while end > start, let byte = try? payload.byte(at: end - 1), byte == 0x0D || byte == 0x0A { end -= 1 }
        let syslog = Records.syslog
        sink.begin(syslog)
        sink.batch.set(syslog.proto, name: sink.connection.transport.name)
        sink.batch.set(syslog.facility, Self.facilities[priority >> 3])
        sink.batch.set(syslog.severity, Self.severities[priority & 7])
        sink.batch.set(syslog.message, payload.extracting(start..<end).text())
        sink.end()
        return .wantMore
    }

    /// RFC 5424 section 6.2.1, in Zeek's spelling.
    private static let facilities = [
        "KERN", "USER", "MAIL", "DAEMON", "AUTH", "SYSLOG", "LPR", "NEWS", "UUCP", "CRON", "AUTHPRIV", "FTP", "NTP",
        "AUDIT", "ALERT", "CLOCK", "LOCAL0", "LOCAL1", "LOCAL2", "LOCAL3", "LOCAL4", "LOCAL5", "LOCAL6", "LOCAL7",
    ]
    private static let severities = ["EMERG", "ALERT", "CRIT", "ERR", "WARNING", "NOTICE", "INFO", "DEBUG"]
}
