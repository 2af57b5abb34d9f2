import Shared
import Testing

@testable import Sensor

/// Requests and errors that name nobody (RFC 4120 sections 5.4.1 and 5.9.1), as scanners send and provoke them.
@Suite struct KerberosExchangeTests {
    static func element(_ tag: UInt8, _ parts: [UInt8]...) -> [UInt8] {
        let content = parts.flatMap { $0 }
        return [tag, UInt8(content.count)] + content
    }

    static func text(_ text: String) -> [UInt8] { element(0x1B, Array(text.utf8)) }

    static func principal(_ name: String) -> [UInt8] {
        element(0x30, element(0xA0, [2, 1, 1]), element(0xA1, element(0x30, text(name))))
    }

    static func request(client: String?, nonce: UInt8 = 7) -> [UInt8] {
        let body = element(
            0x30, element(0xA0, [3, 5, 0, 0, 0, 0, 0]), client.map { element(0xA1, principal($0)) } ?? [],
            element(0xA2, text("EXAMPLE.ORG")), element(0xA7, [2, 1, nonce]))
        return element(
            0x6A, element(0x30, element(0xA1, [2, 1, 5]), element(0xA2, [2, 1, 10]), element(0xA4, body)))
    }

    static func error(_ code: UInt8, realm: String? = nil, client: String? = nil) -> [UInt8] {
        element(
            0x7E,
            element(
                0x30, element(0xA0, [2, 1, 5]), element(0xA1, [2, 1, 30]), element(0xA6, [2, 1, code]),
                realm.map { element(0xA7, text($0)) } ?? [], client.map { element(0xA8, principal($0)) } ?? [],
                element(0xA9, text("EXAMPLE.ORG"))))
    }

    static func record(_ messages: [UInt8]...) throws -> RecordView {
        var harness = AnalyzerHarness(KerberosAnalyzer.self, transport: .udp)
        for (index, message) in messages.enumerated() {
            harness.feed(message, from: index == 0 && messages.count > 1 ? .originator : .responder)
        }
        harness.finish()
        #expect(harness.failure == nil)
        return try #require(harness.records(KerberosRecord.kind).first)
    }

    @Test func aRequestThatNamesNobodyHasItsRealm() throws {
        #expect(try Self.record(Self.request(client: nil), Self.error(60))[Records.kerberos.client] == "/EXAMPLE.ORG")
        let named = try Self.record(Self.request(client: "a"), Self.error(60))
        #expect(named[Records.kerberos.client] == "a/EXAMPLE.ORG")
    }

    @Test func anErrorThatNamesNobodyHasItsRealm() throws {
        #expect(try Self.record(Self.error(7, realm: "X.Y"))[Records.kerberos.client] == "X.Y")
        #expect(try Self.record(Self.error(7, realm: "X.Y", client: "a"))[Records.kerberos.client] == "a/X.Y")
        #expect(try Self.record(Self.error(7, client: "a"))[Records.kerberos.client] == "a/")
        #expect(try Self.record(Self.error(7))[Records.kerberos.client] == nil)
    }

    /// Section 7.2.2: messages over TCP are found again behind a hole, on either side.
    @Test(arguments: [Side.originator, .responder]) func whatFollowsAHoleIsTold(side: Side) throws {
        func marked(_ message: [UInt8]) -> [UInt8] { [0, 0, 0, UInt8(message.count)] + message }
        var harness = AnalyzerHarness(KerberosAnalyzer.self)
        harness.feed(Array(marked(Self.request(client: "b")).prefix(20)), from: side)
        harness.lose(65, from: side)
        harness.feed([UInt8](repeating: 0x30, count: 30), from: side)
        harness.feed(marked(Self.request(client: "a")), from: .originator)
        harness.feed(marked(Self.error(25)), from: .responder)
        harness.finish()
        let found = harness.records(KerberosRecord.kind)
        #expect(found.map { $0[Records.kerberos.client] } == ["a/EXAMPLE.ORG"])
        #expect(found.map { $0[Records.kerberos.errorMsg] } == ["KDC_ERR_PREAUTH_REQUIRED"])
    }

    /// Section 7.5.9, in Zeek's spelling.
    @Test func anUnsupportedTransitIsNamed() throws {
        #expect(try Self.record(Self.error(17))[Records.kerberos.errorMsg] == "KDC_ERR_TRTYPE_NOSUPP")
    }

    /// A ticket that is presented (section 5.5.1), of which only the clear part matters here.
    static func presented(_ names: String...) -> [UInt8] {
        let service = element(
            0x30, element(0xA0, [2, 1, 1]), element(0xA1, element(0x30, names.flatMap { text($0) })))
        let inside = element(
            0x30, element(0xA0, [2, 1, 5]), element(0xA1, text("EXAMPLE.ORG")), element(0xA2, service),
            element(0xA3, element(0x30, element(0xA0, [2, 1, 18]))))
        return element(
            0x6E,
            element(
                0x30, element(0xA0, [2, 1, 5]), element(0xA1, [2, 1, 14]),
                element(0xA3, element(0x61, inside))))
    }

    /// One for changing passwords.
    static let ticket = presented("kadmin", "changepw")

    /// AP-REP (section 5.5.2).
    static let accepted = element(0x6F, element(0x30, element(0xA0, [2, 1, 5]), element(0xA1, [2, 1, 15])))

    /// A message of RFC 3244 section 2: what stands before it, and behind it something encrypted.
    static func password(_ ticket: [UInt8], _ rest: [UInt8], version: [UInt8], isMarked: Bool) -> [UInt8] {
        let length = UInt8(6 + ticket.count + rest.count)
        return (isMarked ? [0, 0, 0, length] : []) + [0, length] + version + [0, UInt8(ticket.count)] + ticket + rest
    }

    /// The answer is taken or refused; over TCP it comes in pieces.
    @Test(arguments: [true, false], [true, false])
    func whoChangesAPasswordIsTold(isAccepted: Bool, isTCP: Bool) throws {
        let sealed = Self.element(0x75, [UInt8](repeating: 0x30, count: 40))
        let request = Self.password(
            Self.ticket, sealed, version: isAccepted ? [0xFF, 0x80] : [0, 1], isMarked: isTCP)
        let answer =
            isAccepted
            ? Self.password(Self.accepted, sealed, version: [0, 1], isMarked: isTCP)
            : Self.password([], Self.error(60), version: [0, 1], isMarked: isTCP)
        var harness = AnalyzerHarness(KerberosAnalyzer.self, transport: isTCP ? .tcp : .udp, responderPort: 464)
        for (message, side) in [(request, Side.originator), (answer, .responder)] {
            let probed = KerberosAnalyzer.probe(message.span.bytes, from: side)
            #expect(probed == .match)
            guard isTCP else {
                harness.feed(message, from: side)
                continue
            }
            for byte in message { harness.feed([byte], from: side) }
        }
        harness.finish()
        #expect(harness.failure == nil)
        let records = harness.records(KerberosRecord.kind)
        #expect(records.count == 1)
        let record = try #require(records.first)
        #expect(record[Records.kerberos.requestType] == "AP")
        #expect(record[Records.kerberos.service] == "kadmin/changepw")
        #expect(record[Records.kerberos.success] == isAccepted)
        #expect(record[Records.kerberos.errorCode] == (isAccepted ? nil : 60))
    }

    /// What begins so and is none: a length of its own, a version that there is not, a ticket longer than all.
    @Test(arguments: [
        "0040 0001 0040 6E3E", "0040 0002 0010 6E0E", "00000020 0040 0001 0010 6E0E", "4000 0001 0010 6E0E",
    ])
    func whatChangesNoPasswordIsLeft(head: String) {
        let bytes = Wire.hex(head) + [UInt8](repeating: 0x30, count: 64)
        let answer = KerberosAnalyzer.probe(bytes.span.bytes, from: .originator)
        #expect(answer == .noMatch)
    }

    /// AS-REP (section 5.4.2); what is encrypted in it is any byte.
    static func reply(client: String, sealed: UInt8 = 1) -> [UInt8] {
        let encrypted = element(0x30, element(0xA0, [2, 1, 18]), element(0xA2, [4, 1, sealed]))
        let ticket = element(0x61, element(0x30, element(0xA0, [2, 1, 5]), element(0xA1, text("E"))))
        return element(
            0x6B,
            element(
                0x30, element(0xA0, [2, 1, 5]), element(0xA1, [2, 1, 11]), element(0xA3, text("E")),
                element(0xA4, principal(client)), element(0xA5, ticket), element(0xA6, encrypted)))
    }

    static func records(_ messages: [(Side, [UInt8])], isTCP: Bool = false) -> [RecordView] {
        var harness = AnalyzerHarness(KerberosAnalyzer.self, transport: isTCP ? .tcp : .udp)
        for (side, message) in messages {
            harness.feed(isTCP ? [0, 0, 0, UInt8(message.count)] + message : message, from: side)
        }
        harness.finish()
        #expect(harness.failure == nil)
        return harness.records(KerberosRecord.kind)
    }

    /// Section 7.2.1: over UDP a client that has no answer asks again, and may get two.
    @Test(arguments: [UInt8(1), 2]) func whatIsAskedAgainIsOneRequest(sealed: UInt8) {
        let (request, reply) = (Self.request(client: "a"), Self.reply(client: "a"))
        let other = Self.reply(client: "a", sealed: sealed)
        let orders: [[(Side, [UInt8])]] = [
            [(.originator, request), (.originator, request), (.responder, reply), (.responder, other)],
            [(.originator, request), (.responder, reply), (.originator, request), (.responder, other)],
        ]
        for messages in orders {
            let records = Self.records(messages)
            #expect(records.map { $0[Records.kerberos.client] } == ["a/EXAMPLE.ORG"])
            #expect(records.map { $0[Records.kerberos.success] } == [true])
        }
        #expect(Self.records([(.originator, request), (.originator, request)]).count == 1)
    }

    /// TGS-REQ and TGS-REP (sections 5.4.1 and 5.4.2) for a service.
    private static func ticket(for service: String, isReply: Bool) -> [UInt8] {
        let (name, realm) = (principal(service), text("E"))
        let kind = element(isReply ? 0xA1 : 0xA2, [2, 1, isReply ? 13 : 12])
        guard isReply else {
            let body = element(
                0x30, element(0xA0, [3, 5, 0, 0, 0, 0, 0]), element(0xA2, realm), element(0xA3, name),
                element(0xA7, [2, 1, 7]))
            return element(0x6C, element(0x30, element(0xA1, [2, 1, 5]), kind, element(0xA4, body)))
        }
        let ticket = element(
            0x61, element(0x30, element(0xA0, [2, 1, 5]), element(0xA1, realm), element(0xA2, name)))
        let sealed = element(0x30, element(0xA0, [2, 1, 18]), element(0xA2, [4, 1, UInt8(service.utf8.count)]))
        return element(
            0x6D,
            element(
                0x30, element(0xA0, [2, 1, 5]), kind, element(0xA3, realm), element(0xA4, principal("a")),
                element(0xA5, ticket), element(0xA6, sealed)))
    }

    /// A repetition that gets no answer takes none from the next request.
    @Test func theNextRequestHasItsTicketBehindARepetition() {
        let asked = Self.ticket(for: "one", isReply: false)
        let records = Self.records([
            (.originator, asked), (.originator, asked), (.responder, Self.ticket(for: "one", isReply: true)),
            (.originator, Self.ticket(for: "three", isReply: false)),
            (.responder, Self.ticket(for: "three", isReply: true)),
        ])
        #expect(records.map { $0[Records.kerberos.service] } == ["one", "three"])
        #expect(records.map { $0[Records.kerberos.success] } == [true, true])
    }

    @Test(arguments: [true, false]) func answersBelongToWhomTheyName(isTCP: Bool) {
        let records = Self.records(
            [
                (.originator, Self.request(client: "alice")), (.originator, Self.request(client: "bob", nonce: 8)),
                (.responder, Self.reply(client: "BOB")), (.responder, Self.error(24, realm: "E", client: "alice")),
            ], isTCP: isTCP)
        #expect(records.map { $0[Records.kerberos.client] } == ["bob/EXAMPLE.ORG", "alice/EXAMPLE.ORG"])
        #expect(records.map { $0[Records.kerberos.errorCode] } == [nil, 24])
        #expect(records.map { $0[Records.kerberos.success] } == [true, false])
    }

    /// Where an error names nobody, it is that of the first.
    @Test func answersWithoutNamesComeInOrder() {
        let records = Self.records([
            (.originator, Self.request(client: "a")), (.originator, Self.request(client: "b")),
            (.responder, Self.error(6)), (.responder, Self.error(6)),
        ])
        #expect(records.map { $0[Records.kerberos.client] } == ["a/EXAMPLE.ORG", "b/EXAMPLE.ORG"])
        #expect(records.map { $0[Records.kerberos.errorCode] } == [6, 6])
    }

    /// Who asks and never waits fills no memory.
    @Test func whatWaitsIsBounded() {
        var harness = AnalyzerHarness(KerberosAnalyzer.self, transport: .udp)
        for number in UInt8(0)..<100 {
            harness.feed(Self.request(client: "user\(number)"), from: .originator)
            let held = harness.analyzer.heldBytes
            #expect(held < 16_384)
        }
        harness.finish()
        #expect(harness.records(KerberosRecord.kind).count == 100)
    }
}
