import Shared
import Testing

@testable import Sensor

/// Servers of mail and of files greet alike: `220`, the host or not, and a text (RFC 5321 §4.2, RFC 959 §5.4).
@Suite struct ServerGreetingTests {
    private static let greetings: [(String, ServerGreeting?)] = [
        ("220 mail.softpedia.com ESMTP Postfix\r\n", .mail), ("220 gw.liftplan.example ESMTP ready\r\n", .mail),
        ("220 ftp.example.com ESMTP Exim 4.96\r\n", .mail), ("220 mx.example.com ESMTP\r\n", .mail),
        ("220 mx SMTP\r\n", .mail), ("220-Microsoft Exchange SMTP\r\n220 x\r\n", .mail),
        ("220-mail.softpedia.com ESMTP\r\n220 no spam\r\n", .mail), ("220 foo.example smtpd; not for ftp\r\n", .mail),
        ("220 smtp.example.com\r\n", .mail), ("220 ftp ESMTP\r\n", .mail), ("220 host.example LMTP SMTP\r\n", .mail),
        ("220 smtp.example.com FTP server (vsFTPd 3.0)\r\n", .files), ("220 (vsFTPd 3.0.3)\r\n", .files),
        ("220 ProFTPD 1.3.5e Server (Debian) [10.0.0.1]\r\n", .files), ("220-FileZilla Server 1.7\r\n", .files),
        ("220 Microsoft FTP Service\r\n", .files), ("220 ftp.example.com\r\n", .files),
        ("220 Welcome to ftp.example.com\r\n", .files), ("220 smtp FTP server ready\r\n", .files),
        ("220---------- Welcome to Pure-FTPd [privsep] ----------\r\n", .files),
        ("220 ftp.example.com ready\r\n331 password\r\n", .files), ("220 mail.softpedia.com\r\n", nil),
        ("220 ftp.example.com ready\r\n", nil), ("220 smtp.example.com ready\r\n", nil),
        ("220 Softpedia mail ready\r\n", nil), ("220 \r\n", nil), ("220-\r\n220 \r\n", nil),
    ]

    private static func probes(_ text: some StringProtocol) -> (mail: ProbeResult, files: ProbeResult) {
        let bytes = Array(text.utf8)
        return (
            SMTPAnalyzer.probe(bytes.span.bytes, from: .responder),
            FTPAnalyzer.probe(bytes.span.bytes, from: .responder)
        )
    }

    /// What a greeting says, or leaves open until the client or the next reply tells.
    @Test(arguments: greetings) func mailAndFilesAreToldByTheirWords(text: String, expected: ServerGreeting?) {
        let found = Self.probes(text)
        #expect(found.mail == (expected == .mail ? .match : expected == .files ? .noMatch : .needMore))
        #expect(found.files == (expected == .files ? .match : expected == .mail ? .noMatch : .needMore))
    }

    /// Wherever a segment ends, nothing else is seen in the greeting.
    @Test(arguments: greetings) func aPieceOfAGreetingTellsNothingElse(text: String, expected: ServerGreeting?) {
        for count in 0..<text.utf8.count {
            let found = Self.probes(text.utf8.prefix(count).reduce(into: "") { $0.unicodeScalars.append(.init($1)) })
            #expect(found.mail != (expected == .mail ? .noMatch : .match))
            #expect(found.files != (expected == .files ? .noMatch : .match))
        }
    }

    /// Through the engine: the names of hosts decide nothing, and what comes next does.
    @Test func whatComesNextTells() {
        var sender = HostileSender()
        sender.open(port: 25)
        sender.send("220 ftp.example.com ready\r\n", from: .responder)
        sender.send("EHLO c\r\n")
        sender.send("250 OK\r\n", from: .responder)
        #expect(sender.services == ["smtp"])
        sender = HostileSender()
        sender.open(port: 21)
        sender.send("220 smtp.example.com ready\r\n", from: .responder)
        sender.send("USER u\r\n")
        sender.send("331 password\r\n", from: .responder)
        #expect(sender.services == ["ftp"])
    }

    /// Redis and NATS say `+OK` alone, greetings of POP3 have a text behind it (RFC 1939 §4).
    @Test(arguments: [
        ("+OK ready\r\n", Side.responder, ProbeResult.match), ("+OK <1@x> POP3\r\n", .responder, .match),
        ("+OK\r\n", .responder, .needMore), ("+OK", .responder, .needMore), ("+OK ", .responder, .needMore),
        ("+OK \r\n", .responder, .needMore), ("+OKAY\r\n", .responder, .noMatch), ("CAPA\r\n", .originator, .match),
        ("APOP bob c4c9334b\r\n", .originator, .match), ("STLS\r\n", .originator, .match),
        ("CAPABILITY\r\n", .originator, .noMatch), ("PING\r\n", .originator, .noMatch),
    ])
    func aBareOKIsNoGreeting(text: String, side: Side, expected: ProbeResult) {
        let bytes = Array(text.utf8)
        #expect(POP3Analyzer.probe(bytes.span.bytes, from: side) == expected)
    }

    @Test func redisInItsMiddleIsFound() {
        var talk = PacketScript(analyzers: AnalyzerRegistry.all)
        talk.server(0x18, 501, 101, "+OK\r\n", service: 6379)
        talk.client(0x18, 101, 506, "*2\r\n$3\r\nGET\r\n$3\r\nfoo\r\n", service: 6379)
        talk.server(0x18, 506, 123, "$5\r\nhello\r\n", service: 6379)
        let records = talk.end()
        #expect(records.of("conn").map { $0[Records.conn.service] } == [["redis"]])
        #expect(records.of("redis").count == 1)
    }
}
