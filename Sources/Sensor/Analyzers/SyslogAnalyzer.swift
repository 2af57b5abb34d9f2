internal import Shared

/// Syslog (RFC 3164 and RFC 5424) over UDP (RFC 5426) and TCP (RFC 6587): one record a message.
struct SyslogAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "syslog"
    static let transports: Transports = [.udp, .tcp]

    /// Bytes of a message that are kept: what RFC 5424 section 6.1 asks every receiver to take.
    private static let messageLimit = 2048
    /// Longest message of a stream that is put together; of a longer one that tells its length, the beginning.
    private static let streamLimit = 8192
    /// Where a datagram is syslog whatever it says (RFC 5426 section 3.3).
    private static let port: UInt16 = 514

    /// Datagrams in a row that are none of syslog's before the connection is another's.
    private static let foreignLimit = 64

    /// The originator's messages over TCP; servers say nothing.
    private var stream = FramedStream()
    /// The beginning of a line was told that is longer than any: what comes is its rest.
    private var isInsideOfLine = false
    private var foreignCount = 0

    init() {}

    var heldBytes: Int { stream.heldBytes }

    /// A message, or its length and the message.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        if priority(payload) != nil { return .match }
        guard let (length, start) = count(payload), length > 2 else { return .noMatch }
        return priority(payload.extracting(droppingFirst: start)) != nil ? .match : .noMatch
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

    /// The length of a message in front of it, and where the message begins (RFC 6587 section 3.4.1).
    private static func count(_ bytes: RawSpan) -> (length: Int, start: Int)? {
        var value = 0
        for index in 0..<6 {
            guard let byte = try? bytes.byte(at: index) else { return nil }
            if byte == 0x20, index > 0 { return (try? bytes.byte(at: index + 1)) == 0x3C ? (value, index + 1) : nil }
            guard (0x30...0x39).contains(byte), index > 0 || byte != 0x30 else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return nil
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        guard sink.connection.transport == .tcp else {
            return take(datagram: payload, from: side, into: &sink)
        }
        guard side == .originator else { return .wantMore }
        var start = 0
        if isInsideOfLine {
            guard let end = payload.firstIndex(of: 0x0A) else { return .wantMore }
            (start, isInsideOfLine) = (end + 1, false)
        }
        var isTooLong = false
        try stream.append(payload.extracting(droppingFirst: start), limit: Self.streamLimit) { bytes in
            Self.probe(bytes, from: side) == .match
        } length: { bytes throws(DecodeError) -> Int in
            let length = try Self.length(bytes)
            guard length == 0, bytes.byteCount >= Self.streamLimit else { return length }
            // The end of the line is not here: all that is.
            isTooLong = true
            return bytes.byteCount
        } take: { bytes throws(DecodeError) -> Bool in
            Self.write(bytes, into: &sink)
            return true
        }
        isInsideOfLine = isTooLong
        return .wantMore
    }

    /// A datagram is a message. One without priority may be the rest of a message that its sender has cut in two: where
    /// nothing says that it is one, it is passed over.
    private mutating func take(datagram: RawSpan, from side: Side, into sink: inout RecordSink) -> Progress {
        let isExpected = sink.connection.responderPort == Self.port
        guard isExpected || Self.probe(datagram, from: side) == .match else {
            foreignCount += 1
            return foreignCount < Self.foreignLimit ? .wantMore : .handOver
        }
        foreignCount = 0
        Self.write(datagram, into: &sink)
        return .wantMore
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        guard side == .originator else { return .wantMore }
        // Relays hold their connections for months: what was lost is a message or two.
        if isInsideOfLine || !stream.lose(byteCount) { stream.loseMessage() }
        isInsideOfLine = false
        return .wantMore
    }

    /// The last line of a stream may have no end.
    mutating func finish(into sink: inout RecordSink) {
        let rest = Array(stream.takeAll())
        Self.write(rest.span.bytes, into: &sink)
    }

    /// Bytes of the message that begins here, its length or its line's end included; 0 when that cannot be told yet.
    private static func length(_ bytes: RawSpan) throws(DecodeError) -> Int {
        if let (length, start) = count(bytes) {
            // A priority and a letter are the least.
            guard length >= 4 else { throw .invalid(.length) }
            return start + length
        }
        return bytes.firstIndex(of: 0x0A).map { $0 + 1 } ?? 0
    }

    private static func write(_ whole: RawSpan, into sink: inout RecordSink) {
        let payload = whole.extracting(droppingFirst: count(whole)?.start ?? 0)
        let priority = priority(payload)
        let start = priority?.end ?? 0
        var end = Swift.min(payload.byteCount, start + messageLimit)
        // A line's end is none of the message; a zero is, for that is how its sender ends texts (RFC 3164 section 4.1).
        while end > start, let byte = try? payload.byte(at: end - 1), byte == 0x0D || byte == 0x0A { end -= 1 }
        // An empty line of a stream is no message.
        guard priority != nil || end > 0 else { return }
        let syslog = Records.syslog
        sink.begin(syslog)
        sink.batch.set(syslog.proto, name: sink.connection.transport.name)
        sink.batch.set(syslog.facility, priority.map { facilities[$0.value >> 3] } ?? "UNSPECIFIED")
        sink.batch.set(syslog.severity, priority.map { severities[$0.value & 7] } ?? "UNSPECIFIED")
        sink.batch.set(syslog.message, payload.extracting(start..<end).text())
        sink.end()
    }

    /// RFC 5424 section 6.2.1, in Zeek's spelling.
    private static let facilities = [
        "KERN", "USER", "MAIL", "DAEMON", "AUTH", "SYSLOG", "LPR", "NEWS", "UUCP", "CRON", "AUTHPRIV", "FTP", "NTP",
        "AUDIT", "ALERT", "CLOCK", "LOCAL0", "LOCAL1", "LOCAL2", "LOCAL3", "LOCAL4", "LOCAL5", "LOCAL6", "LOCAL7",
    ]
    private static let severities = ["EMERG", "ALERT", "CRIT", "ERR", "WARNING", "NOTICE", "INFO", "DEBUG"]
}
