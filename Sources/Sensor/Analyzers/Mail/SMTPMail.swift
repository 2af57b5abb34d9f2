internal import Shared

/// One mail: its envelope and the headers that records show (RFC 5322).
struct SMTPMail: Sendable {
    /// Recipients, addresses of one kind of header and hosts on the way that are kept: as many elements as a field of
    /// Zeek's records has.
    static let addressLimit = 100
    /// Header lines of one mail that are looked at.
    static let lineLimit = 1000
    /// Bytes of the texts that are kept of one mail: lines have 998 (RFC 5322 §2.1.1), and headers go on over some.
    static let textLimit = 256 << 10

    var start: Timestamp?
    var sender: String?
    private(set) var recipients: [String] = []
    private var fields: [String: String] = [:]
    /// Headers that add up.
    private var to: [String] = []
    private var cc: [String] = []
    private var received: [String] = []
    /// The header that a folded line continues.
    private var current: String?
    private var lineCount = 0
    /// Of the texts that are kept.
    private(set) var texts = TextBudget(limit: SMTPMail.textLimit)

    mutating func add(recipient: String) {
        guard recipients.count < Self.addressLimit, !recipients.contains(recipient), texts.take(recipient)
        else { return }
        recipients.append(recipient)
    }

    mutating func take(header line: RawSpan) {
        lineCount += 1
        guard lineCount <= Self.lineLimit, let first = try? line.byte(at: 0) else { return }
        if HTTPText.isBlank(first) {
            append(continuation: line.extracting(0..<HTTPText.core(line, 0..<line.byteCount).upperBound).text())
            return
        }
        guard let colon = line.firstIndex(of: 0x3A) else { return current = nil }
        let name = line.extracting(0..<colon).text().lowercased()
        let value = HTTPText.text(line, (colon + 1)..<line.byteCount)
        current = nil
        guard name == "received" || Self.names.contains(name), texts.take(value) else { return }
        current = Self.synonyms[name] ?? name
        switch name {
        case "received": received.append(value)
        case "to": to.append(value)
        case "cc": cc.append(value)
        default: fields[Self.synonyms[name] ?? name] = value
        }
    }

    /// Unfolded, a header keeps the blanks that its next line began with (RFC 5322 §2.2.3).
    private mutating func append(continuation text: String) {
        guard let current, texts.take(text) else { return }
        switch current {
        case "received": if !received.isEmpty { received[received.count - 1] += text }
        case "to": if !to.isEmpty { to[to.count - 1] += text }
        case "cc": if !cc.isEmpty { cc[cc.count - 1] += text }
        default: fields[current]? += text
        }
    }

    /// Headers that say the same as others: the last one counts.
    private static let synonyms = ["x-mailer": "user-agent", "x-user-agent": "user-agent"]

    private static let names: Set<String> = [
        "date", "from", "to", "cc", "reply-to", "message-id", "in-reply-to", "subject", "x-originating-ip",
        "user-agent", "x-mailer", "x-user-agent",
    ]

    func write(into sink: inout RecordSink) {
        let smtp = Records.smtp
        sink.batch.set(smtp.mailfrom, sender)
        sink.batch.set(smtp.rcptto, recipients.nilIfEmpty)
        sink.batch.set(smtp.date, fields["date"])
        sink.batch.set(smtp.from, fields["from"])
        sink.batch.set(smtp.to, MailAddresses.listed(in: to, limit: Self.addressLimit).nilIfEmpty)
        sink.batch.set(smtp.cc, MailAddresses.listed(in: cc, limit: Self.addressLimit).nilIfEmpty)
        sink.batch.set(smtp.replyTo, fields["reply-to"])
        sink.batch.set(smtp.msgId, fields["message-id"])
        sink.batch.set(smtp.inReplyTo, fields["in-reply-to"])
        sink.batch.set(smtp.subject, fields["subject"])
        sink.batch.set(smtp.xOriginatingIp, fields["x-originating-ip"].flatMap { MailAddresses.host(in: $0) })
        // Each relay puts its header in front: the last tells of the first.
        sink.batch.set(smtp.firstReceived, received.last)
        sink.batch.set(smtp.secondReceived, received.dropLast().last)
        sink.batch.set(smtp.userAgent, fields["user-agent"])
        let ends = [sink.connection.responder, sink.connection.originator]
        sink.batch.set(smtp.path, path(after: ends).map(\.description))
        if texts.isExceeded { sink.batch.hasCutTexts = true }
    }

    /// The hosts that the mail came over, backwards; one that tells of itself again is told once.
    private func path(after ends: [IPAddress]) -> [IPAddress] {
        var path = ends
        for header in received where path.count < Self.addressLimit {
            if let host = MailAddresses.host(ofReceived: header), host != path.last { path.append(host) }
        }
        return path
    }
}
