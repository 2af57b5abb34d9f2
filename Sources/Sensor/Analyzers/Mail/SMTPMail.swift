internal import Shared

/// One mail: its envelope and the headers that records show (RFC 5322).
struct SMTPMail: Sendable {
    /// Recipients, and addresses of one header, that are kept.
    static let addressLimit = 100
    /// Header lines of one mail that are looked at.
    static let lineLimit = 1000
    /// Bytes of the texts that are kept of one mail: lines have 998 (RFC 5322 §2.1.1), and headers go on over some.
    static let textLimit = 256 << 10

    var start: Timestamp?
    var sender: String?
    private(set) var recipients: [String] = []
    private var fields: [String: String] = [:]
    private var received: [String] = []
    /// The header that a folded line continues.
    private var current: String?
    private var lineCount = 0
    /// Of the texts that are kept.
    private(set) var texts = TextBudget(limit: SMTPMail.textLimit)

    var hasEnvelope: Bool { sender != nil || !recipients.isEmpty }

    /// What stands in angle brackets behind the colon of `FROM:<...>` and `TO:<...>`.
    static func address(_ argument: String) -> String {
        let tail = argument.split(separator: ":", maxSplits: 1).last.map(String.init) ?? argument
        guard let open = tail.firstIndex(of: "<"), let close = tail[open...].firstIndex(of: ">") else {
            return String(tail.drop { $0 == " " })
        }
        return String(tail[tail.index(after: open)..<close])
    }

    mutating func add(recipient: String) {
        guard recipients.count < Self.addressLimit, texts.take(recipient) else { return }
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
        current = name
        if name == "received" {
            received.append(value)
        } else {
            fields[name] = value
        }
    }

    /// Unfolded, a header keeps the blanks that its next line began with (RFC 5322 §2.2.3).
    private mutating func append(continuation text: String) {
        guard let current, texts.take(text) else { return }
        if current == "received" {
            if !received.isEmpty { received[received.count - 1] += text }
        } else {
            fields[current]? += text
        }
    }

    private static let names: Set<String> = [
        "date", "from", "to", "cc", "reply-to", "message-id", "in-reply-to", "subject", "x-originating-ip",
        "user-agent", "x-mailer",
    ]

    func write(into sink: inout RecordSink) {
        let smtp = Records.smtp
        sink.batch.set(smtp.mailfrom, sender)
        sink.batch.set(smtp.rcptto, recipients.nilIfEmpty)
        sink.batch.set(smtp.date, fields["date"])
        sink.batch.set(smtp.from, fields["from"])
        sink.batch.set(smtp.to, Self.list(fields["to"]))
        sink.batch.set(smtp.cc, Self.list(fields["cc"]))
        sink.batch.set(smtp.replyTo, fields["reply-to"])
        sink.batch.set(smtp.msgId, fields["message-id"])
        sink.batch.set(smtp.inReplyTo, fields["in-reply-to"])
        sink.batch.set(smtp.subject, fields["subject"])
        sink.batch.set(smtp.xOriginatingIp, fields["x-originating-ip"].flatMap(Self.bracketed))
        sink.batch.set(smtp.firstReceived, received.first)
        sink.batch.set(smtp.secondReceived, received.dropFirst().first)
        sink.batch.set(smtp.userAgent, fields["user-agent"] ?? fields["x-mailer"])
        let passed = received.compactMap(Self.bracketed).map(\.description)
        sink.batch.set(
            smtp.path, [sink.connection.responder.description, sink.connection.originator.description] + passed)
        if texts.isExceeded { sink.batch.hasCutTexts = true }
    }

    /// Addresses of a header, split at commas.
    private static func list(_ value: String?) -> [String]? {
        value?.split(separator: ",").prefix(addressLimit).map { part in
            var address = part.drop { $0 == " " || $0 == "\t" }
            while let last = address.last, last == " " || last == "\t" { address.removeLast() }
            return String(address)
        }
    }

    /// The address in brackets, as relays write it (RFC 5321 §4.4).
    private static func bracketed(_ text: String) -> IPAddress? {
        for part in text.split(separator: "[").dropFirst() {
            if let end = part.firstIndex(of: "]"), let address = IPAddress(String(part[..<end])) { return address }
        }
        return IPAddress(text)
    }
}
