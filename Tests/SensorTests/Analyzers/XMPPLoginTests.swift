import Shared
import Testing

@testable import Sensor

/// Logins by SASL in streams of XMPP, RFC 6120 section 6.
@Suite struct XMPPLoginTests {
    private static let sasl = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"

    /// What is sent, and by whom: `>` stands in front of what the client says.
    private static func talk(_ pieces: [String], size: Int = .max) -> AnalyzerHarness {
        var harness = AnalyzerHarness(XMPPAnalyzer.self, responderPort: 5222)
        harness.feed("<stream:stream to='example.com' note='a > b' version='1.0'>", from: .originator)
        harness.feed("<?xml version='1.0'?><stream:stream id='x'><stream:features/>", from: .responder)
        for piece in pieces {
            let isClient = piece.hasPrefix(">")
            var bytes = Array(piece.utf8)[...].dropFirst(isClient ? 1 : 0)
            while !bytes.isEmpty {
                harness.feed(Array(bytes.prefix(size)), from: isClient ? .originator : .responder)
                bytes = bytes.dropFirst(size)
            }
        }
        return harness
    }

    /// RFC 6120 section 9.1.1 and RFC 4616: "\0juliet\0r0m30myr0m30".
    @Test(arguments: [1, 7, Int.max])
    func aLoginIsLetIn(size: Int) throws {
        var harness = Self.talk(
            [
                "><auth \(Self.sasl) mechanism=\"PLAIN\">AGp1bGlldAByMG0zMG15cjBtMzA=</auth>",
                "<success \(Self.sasl)/>",
            ], size: size)
        #expect(harness.isOver)
        harness.finish()
        let found = harness.records(LoginRecord.kind)
        #expect(found.count == 1)
        let login = try #require(found.first)
        #expect(login[Records.login.service] == "xmpp")
        #expect(login[Records.login.user] == "juliet")
        #expect(login[Records.login.success] == true)
        #expect(!harness.sink.batch.strings.strings.contains { $0.contains("r0m30") })
    }

    /// Section 6.5: a refusal tells why; the client may try again, here with RFC 5802's example.
    @Test func aLoginIsRefusedAndTriedAgain() throws {
        var harness = Self.talk([
            "><auth \(Self.sasl) mechanism='PLAIN'>AGp1bGlldAB3cm9uZw==</auth>",
            "<failure \(Self.sasl)><not-authorized/><text>no</text></failure>",
            "><auth mechanism='SCRAM-SHA-1' \(Self.sasl)>biwsbj11c2VyLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdM</auth>",
            "<challenge \(Self.sasl)>cj1meWtv</challenge>", "><response \(Self.sasl)>Yz1iaXdz</response>",
            "<success \(Self.sasl)>dj1ybUY=</success>",
        ])
        harness.finish()
        let found = harness.records(LoginRecord.kind)
        #expect(found.map { $0[Records.login.user] } == ["juliet", "user"])
        #expect(found.map { $0[Records.login.success] } == [false, true])
        #expect(found.first?[Records.login.message] == "not-authorized")
    }

    /// Who spells responses in ways of their own, or leaves out a part, has the password where the user was due. It is
    /// "c2VjcmV0" in base64; "user\0secret" lacks the first part of RFC 4616.
    @Test(arguments: [
        ["><auth mechanism='PLAIN'>dXNlcgBzZWNyZXQ=</auth>"],
        // "user\0secret\0".
        ["><auth mechanism='PLAIN'>dXNlcgBzZWNyZXQA</auth>"],
        [
            "><auth mechanism='LOGIN'/>", "><response a='\(String(repeating: "x", count: 600))'/>",
            "><response>c2VjcmV0</response>",
        ],
        ["><auth mechanism='LOGIN'/>", "><response/>", "><response>c2VjcmV0</response>"],
        ["><auth mechanism='LOGIN'/>", "><a:response>dXNlcg==</a:response>", "><response>c2VjcmV0</response>"],
        ["><auth mechanism='LOGIN'/>", "><response>dXNlcg&#61;</response>", "><response>c2VjcmV0</response>"],
        ["><auth mechanism='LOGIN'/>", "><response>dX Nlcg==</response>", "><response>c2VjcmV0</response>"],
        ["><auth mechanism='LOGIN'/>", "><response></response>", "><response>c2VjcmV0</response>"],
    ]) func aPasswordIsNoUser(pieces: [String]) throws {
        var harness = Self.talk(pieces + ["<failure/>"])
        harness.finish()
        #expect(try #require(harness.records(LoginRecord.kind).first)[Records.login.success] == false)
        #expect(!harness.sink.batch.strings.strings.contains { $0.contains("secret") })
    }

    /// Servers allow a few tries (section 6.4.5), and one that allows more hides nobody who gets in.
    @Test func loginsOfAConnectionAreBounded() throws {
        var harness = Self.talk(Array(repeating: "><auth mechanism='X'/>", count: 1000))
        harness.finish()
        #expect(harness.records(LoginRecord.kind).count == 16)
        let refused = ["><auth mechanism='X'/>", "<failure/>"]
        harness = Self.talk(
            Array(repeating: refused, count: 20).flatMap { $0 }
                + ["><auth mechanism='PLAIN'>AGp1bGlldAB4</auth>", "<success/>"])
        harness.finish()
        let found = harness.records(LoginRecord.kind)
        #expect(found.count == 17)
        #expect(try #require(found.last)[Records.login.success] == true)
    }

    /// A client that does not wait gets its answers in order.
    @Test func loginsWithoutWaitingAreKeptApart() {
        var harness = Self.talk([
            "><auth mechanism='PLAIN'>AGp1bGlldAB4</auth><auth mechanism='EXTERNAL'>cm9tZW8=</auth>",
            "<failure><not-authorized/><text>no</text></failure><success/>",
        ])
        harness.finish()
        let found = harness.records(LoginRecord.kind)
        #expect(found.map { $0[Records.login.user] } == ["juliet", "romeo"])
        #expect(found.map { $0[Records.login.success] } == [false, true])
    }

    /// XEP-0388 section 2.3: the method is asked for with an element within.
    @Test func theNewerProfileIsReadToo() throws {
        var harness = Self.talk([
            "><authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response>AGp1bGlldAB4</initial-response>"
                + "</authenticate>", "<failure xmlns='urn:xmpp:sasl:2'/>",
        ])
        harness.finish()
        let login = try #require(harness.records(LoginRecord.kind).first)
        #expect(login[Records.login.user] == "juliet")
        #expect(login[Records.login.success] == false)
    }

    /// What is said in chats is no login, and neither is what a server says; an answer that is missing is not guessed.
    @Test func onlyLoginsAreLogins() throws {
        var harness = Self.talk(["><message><body>&lt;auth mechanism='PLAIN'></body></message>", "<success/>"])
        harness.finish()
        #expect(harness.records(LoginRecord.kind).isEmpty)
        harness = Self.talk(["><auth \(Self.sasl) mechanism='PLAIN'>AGp1bGlldAB4</auth>"])
        harness.finish()
        let open = try #require(harness.records(LoginRecord.kind).first)
        #expect(open[Records.login.user] == "juliet")
        #expect(open[Records.login.success] == nil)
    }

    /// Captures may keep the beginning of each packet alone.
    @Test func lostBytesHideNoLogin() throws {
        var harness = Self.talk([])
        harness.lose(300, from: .responder)
        harness.feed("<auth \(Self.sasl) mechanism='PLAIN'>AGp1bGlldAB4</auth>", from: .originator)
        harness.feed("<failure \(Self.sasl)><account-disabled/><te", from: .responder)
        harness.lose(90, from: .responder)
        harness.finish()
        let login = try #require(harness.records(LoginRecord.kind).first)
        #expect(login[Records.login.user] == "juliet")
        #expect(login[Records.login.success] == false)
        #expect(login[Records.login.message] == "account-disabled")
    }

    /// A capture of what the server says alone; what a client says of its own accord is no consent.
    @Test(arguments: [Side.responder, .originator]) func consentIsTheServers(side: Side) {
        var harness = AnalyzerHarness(XMPPAnalyzer.self, responderPort: 5222)
        if side == .originator { harness.feed("<stream:stream id='x'>", from: .responder) }
        harness.feed("<stream:stream id='x'>", from: side)
        harness.feed("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", from: side)
        #expect(harness.isHandedOver == (side == .responder))
    }

    /// Section 5.4.2: TLS begins behind the whole of the server's consent, wherever segments end.
    @Test func theHandOverIsBehindTheTag() {
        var harness = Self.talk(["><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "<proceed xmlns='urn:"])
        #expect(!harness.isHandedOver)
        harness.feed("ietf:params:xml:ns:xmpp-tls'/>", from: .responder)
        #expect(harness.isHandedOver)
    }
}
