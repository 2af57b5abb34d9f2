internal import Shared

/// A login to a mail server, from the command that begins it to the answer that ends it.
struct MailLogin {
    private let time: Timestamp
    private var exchange: SASLUser
    private let commandUser: String?
    private let service: StaticString
    /// The method has messages of its own: what the client sends next are not commands.
    let isExchange: Bool
    /// NTLM or Kerberos within the method: they get their own records.
    private var security: SecurityExchange?

    /// Bytes of the server's answer that are kept.
    private static let replyLimit = 256

    /// A command with the user in clear text.
    init(_ service: StaticString, command: String, user: String?, at time: Timestamp) {
        (self.service, self.time, commandUser, isExchange) = (service, time, user, false)
        exchange = SASLUser(mechanism: command)
    }

    /// A method of SASL, perhaps with its first response behind (RFC 4954 section 4, RFC 5034, RFC 9051 section 6.2.2).
    init?(_ service: StaticString, arguments: RawSpan, into sink: inout RecordSink) {
        let range = HTTPText.core(arguments, 0..<arguments.byteCount)
        let words = arguments.extracting(range)
        guard words.byteCount > 0 else { return nil }
        let end = words.firstIndex(of: 0x20) ?? words.byteCount
        (self.service, time, commandUser, isExchange) = (service, sink.now, nil, true)
        exchange = SASLUser(mechanism: words.extracting(0..<end).text())
        if ["NTLM", "GSSAPI", "GSS-SPNEGO"].contains(exchange.mechanism) { security = SecurityExchange() }
        // A lone = stands for an empty response.
        let rest = words.extracting(droppingFirst: Swift.min(end + 1, words.byteCount))
        if rest.byteCount > 1 { take(response: rest, into: &sink) }
    }

    /// A line of the client within the method; a lone asterisk gives it up.
    mutating func take(response line: RawSpan, into sink: inout RecordSink) {
        guard !(line.byteCount == 1 && line.starts(with: "*")) else { return }
        guard security == nil else { return take(challenge: line, into: &sink) }
        exchange.take(base64: line)
    }

    /// Something of the client was lost.
    mutating func lose() { exchange.lose() }

    /// A line of the server within the method, without the mark in front of it.
    mutating func take(challenge line: RawSpan, into sink: inout RecordSink) {
        guard security != nil, let token = Base64.decode(line.extracting(HTTPText.core(line, 0..<line.byteCount)))
        else { return }
        security?.token(token[...], into: &sink)
    }

    fileprivate mutating func write(success: Bool?, reply: RawSpan?, into sink: inout RecordSink) {
        if let success { security?.outcome(success: success, into: &sink) }
        security?.finish(into: &sink)
        let record = Records.mailLogin
        sink.begin(record, at: time)
        sink.batch.set(record.service, name: service)
        sink.batch.set(record.mechanism, exchange.mechanism)
        sink.batch.set(record.user, commandUser ?? exchange.user)
        sink.batch.set(record.success, success)
        if let reply {
            let text = reply.extracting(first: Self.replyLimit)
            sink.batch.set(record.reply, HTTPText.text(text, 0..<text.byteCount).nilIfEmpty)
        }
        sink.end()
    }
}

extension MailLogin? {
    /// The login has ended: its record is written. Without success and reply its answer was not seen.
    mutating func end(success: Bool?, reply: RawSpan?, into sink: inout RecordSink) {
        self?.write(success: success, reply: reply, into: &sink)
        self = nil
    }
}
