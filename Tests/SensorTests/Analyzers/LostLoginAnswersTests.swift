import Shared
import Testing

@testable import Sensor

/// Where the answer to a login is missing in a capture, that to something else is none, and what follows a lost name is
/// not the name.
@Suite struct LostLoginAnswersTests {
    /// [MS-TDS] sections 2.2.6.4 and 2.2.7.10: a login, and an error of what was asked later.
    @Test func loginsToSQLServer() {
        func packet(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
            Wire.join([type, 1, UInt8((body.count + 8) >> 8), UInt8((body.count + 8) & 0xFF), 0, 0, 1, 0], body)
        }
        let login = [94, 0, 0, 0, 0, 0, 0, 0x74] + [UInt8](repeating: 0, count: 86)
        let batch = Wire.hex("16000000 12000000 0200 0000000000000000 01000000 6100")
        let error = Wire.hex("aa 0c00 d0000000 01 10 0000 00 00 01000000 fd 0200 0000 0000000000000000")
        var harness = AnalyzerHarness(TDSAnalyzer.self, responderPort: 1433)
        harness.feed(packet(16, login), from: .originator)
        harness.lose(100, from: .responder)
        harness.feed(packet(1, batch), from: .originator)
        harness.feed(packet(4, error), from: .responder)
        harness.finish()
        let found = harness.records(TDSRecord.kind)
        #expect(found.first { $0[Records.tds.command] == "TDS7 Login" }?[Records.tds.success] == nil)
        #expect(found.contains { $0[Records.tds.command] == "TDS7 Login" })
        #expect(found.last?[Records.tds.success] == false)
    }

    /// What stands behind a login in a segment takes nothing from its answer.
    @Test func aBatchBehindALoginHidesNoRefusal() {
        let login = Wire.hex("1001 0066 0000 0100 5e000000 00000074") + [UInt8](repeating: 0, count: 86)
        let batch = Wire.hex("0101 0020 0000 0100 16000000 12000000 0200 0000000000000000 01000000 6100")
        let error = Wire.hex("0401 0017 0000 0100 aa 0c00 18480000 01 0e 0000 00 00 01000000")
        var harness = AnalyzerHarness(TDSAnalyzer.self, responderPort: 1433)
        harness.feed(login + batch, from: .originator)
        harness.feed(error, from: .responder)
        harness.finish()
        let logins = harness.records(TDSRecord.kind).filter { $0[Records.tds.command] == "TDS7 Login" }
        #expect(logins.map { $0[Records.tds.success] } == [false])
    }

    /// [MS-TDS] section 2.2.7.14: only a login is accepted, whatever was lost before; and the second of two that were
    /// sent without waiting has no part in the first one's answer.
    @Test(arguments: [true, false]) func anAcceptedLoginToSQLServer(isLost: Bool) {
        let login = Wire.hex("1001 0066 0000 0100 5e000000 00000074") + [UInt8](repeating: 0, count: 86)
        let accepted = Wire.hex("0401 0022 0000 0100 ad 0a00 01 74000004 00 0f000000 fd 0000 0000 0000000000000000")
        var harness = AnalyzerHarness(TDSAnalyzer.self, responderPort: 1433)
        harness.feed(login, from: .originator)
        if isLost {
            harness.lose(100, from: .responder)
        } else {
            harness.feed(login, from: .originator)
        }
        harness.feed(accepted, from: .responder)
        harness.finish()
        #expect(
            harness.records(TDSRecord.kind).map { $0[Records.tds.success] } == (isLost ? [true] : [nil, true]))
    }

    /// RFC 4511 section 4.2: a login with credentials.
    private static func bind(_ id: UInt8, _ credentials: [UInt8], name: String = "cn=a") -> [UInt8] {
        let parts = LDAPAnalyzerTests.element(0x60, [2, 1, 3], LDAPAnalyzerTests.string(name), credentials)
        return LDAPAnalyzerTests.message(id, parts)
    }

    /// A client's last message of NTLM.
    private static var ntlm: [UInt8] {
        let token = LDAPAnalyzerTests.element(0x04, SecurityExchangeTests.authenticate)
        return LDAPAnalyzerTests.element(0xA3, LDAPAnalyzerTests.string("GSS-SPNEGO"), token)
    }

    /// Something else was lost: the answer has the login's number.
    @Test(arguments: [Side.originator, .responder], [UInt8(0), 49])
    func theAnswerToALoginToADirectory(side: Side, code: UInt8) throws {
        var harness = AnalyzerHarness(LDAPAnalyzer.self)
        harness.feed(Self.bind(1, Self.ntlm), from: .originator)
        harness.lose(40, from: side)
        harness.feed(LDAPAnalyzerTests.result(2, 0x65), from: .responder)
        harness.feed(LDAPAnalyzerTests.result(1, 0x61, code: code), from: .responder)
        harness.finish()
        let login = try #require(harness.records(NTLMRecord.kind).first)
        #expect(login[Records.ntlm.success] == (code == 0))
    }

    /// Numbers of requests that wait are not used again; of two logins that share one, nobody knows which is answered.
    @Test func twoLoginsToADirectoryWithOneNumber() {
        let harness = LDAPAnalyzerTests.run(
            (.originator, Self.bind(1, LDAPAnalyzerTests.string("x", 0x80), name: "cn=admin")),
            (.originator, Self.bind(1, LDAPAnalyzerTests.string("x", 0x80), name: "cn=guest")),
            (.responder, LDAPAnalyzerTests.result(1, 0x61)), (.responder, LDAPAnalyzerTests.result(1, 0x61, code: 49)))
        let found = harness.records(LDAPRecord.kind)
        #expect(found.map { $0[Records.ldap.object] } == ["cn=admin", "cn=guest", nil, nil])
        #expect(found.map { $0[Records.ldap.result] } == [nil, nil, "success", "invalid credentials"])
    }

    /// [MS-ADTS] section 6.3.3: a client that gets no answer over UDP asks again.
    @Test func aQuestionToADirectoryThatIsAskedAgain() {
        var harness = AnalyzerHarness(LDAPAnalyzer.self, transport: .udp, responderPort: 389)
        for _ in 0..<2 { harness.feed(LDAPAnalyzerTests.search(1), from: .originator) }
        harness.feed(LDAPAnalyzerTests.result(1, 0x65), from: .responder)
        harness.finish()
        #expect(harness.records(LDAPSearchRecord.kind).map { $0[Records.ldapSearch.result] } == ["success"])
    }

    /// The answer to a login by NTLM, and to one by name behind it.
    @Test func loginsToADirectory() throws {
        var harness = AnalyzerHarness(LDAPAnalyzer.self)
        harness.feed(Self.bind(1, Self.ntlm), from: .originator)
        harness.lose(14, from: .responder)
        harness.feed(Self.bind(2, LDAPAnalyzerTests.string("x", 0x80)), from: .originator)
        harness.feed(LDAPAnalyzerTests.result(2, 0x61), from: .responder)
        harness.finish()
        let login = try #require(harness.records(NTLMRecord.kind).first)
        #expect(login[Records.ntlm.username] == "User")
        #expect(login[Records.ntlm.success] == nil)
    }

    /// That TLS was asked for was lost: what follows is its hello.
    @Test func aDirectoryBehindTLS() {
        var harness = AnalyzerHarness(LDAPAnalyzer.self, responderPort: 389)
        harness.lose(31, from: .originator)
        harness.feed(TLSWire.record(22, TLSWire.clientHello()), from: .originator)
        #expect(harness.isHandedOver)
    }

    /// A query for the address of a name with one letter in front, or its answer without any, over TCP.
    private static func dns(_ letter: UInt8, isAnswer: Bool) -> [UInt8] {
        let body =
            Wire.hex("1234 \(isAnswer ? "8180" : "0100") 0001 0000 0000 0000") + [1, letter]
            + Wire.name("example") + Wire.hex("0001 0001")
        return [0, UInt8(body.count)] + body
    }

    /// RFC 7766 section 6.2.1: a number of a query that is used again, of which the answer was lost.
    @Test func answersOfDNS() {
        var harness = AnalyzerHarness(DNSAnalyzer.self, responderPort: 53)
        harness.feed(Self.dns(0x61, isAnswer: false), from: .originator)
        harness.lose(Self.dns(0x61, isAnswer: true).count, from: .responder)
        harness.feed(Self.dns(0x62, isAnswer: false), from: .originator)
        harness.feed(Self.dns(0x62, isAnswer: true), from: .responder)
        harness.finish()
        let found = harness.records(DNSRecord.kind)
        #expect(found.map { $0[Records.dns.query] } == ["a.example", "b.example"])
        #expect(found.map { $0[Records.dns.rcode] } == [nil, 0])
    }

    /// Both the answer to a query and the query that had its number next were lost.
    @Test func aQuestionOfDNSThatWasLostGivesNoAnswerAway() {
        var harness = AnalyzerHarness(DNSAnalyzer.self, responderPort: 53)
        harness.feed(Self.dns(0x61, isAnswer: false), from: .originator)
        harness.lose(Self.dns(0x61, isAnswer: true).count, from: .responder)
        harness.lose(Self.dns(0x62, isAnswer: false).count, from: .originator)
        harness.feed(Self.dns(0x62, isAnswer: true), from: .responder)
        harness.finish()
        let found = harness.records(DNSRecord.kind)
        #expect(Set(found.map { $0[Records.dns.query] }) == ["a.example", "b.example"])
        #expect(found.first { $0[Records.dns.query] == "a.example" }?[Records.dns.rcode] == nil)
    }

    /// RFC 7766 section 6.2.1: a query was lost, and the one behind its answer has its number.
    @Test(arguments: [Transport.tcp, .udp]) func anAnswerOfDNSWaitsForItsOwnQuestion(transport: Transport) {
        func whole(_ message: [UInt8]) -> [UInt8] { transport == .tcp ? message : Array(message.dropFirst(2)) }
        var harness = AnalyzerHarness(DNSAnalyzer.self, transport: transport, responderPort: 53)
        if transport == .tcp { harness.lose(Self.dns(0x61, isAnswer: false).count, from: .originator) }
        harness.feed(whole(Self.dns(0x61, isAnswer: true)), from: .responder)
        harness.feed(whole(Self.dns(transport == .tcp ? 0x62 : 0x41, isAnswer: false)), from: .originator)
        harness.feed(whole(Self.dns(0x62, isAnswer: true)), from: .responder)
        harness.finish()
        let found = harness.records(DNSRecord.kind)
        let times = found.map { ($0[Records.dns.query] ?? "", $0[Records.dns.rd] == true, $0[Records.dns.rcode]) }
        // Over TCP the question that was seen has its own answer; datagrams overtake each other.
        let asked = times.filter { $0.1 }
        #expect(asked.map { $0.0 } == [transport == .tcp ? "b.example" : "a.example"])
        #expect(asked.map { $0.2 } == [0])
        #expect(times.filter { !$0.1 }.map { $0.0 } == [transport == .tcp ? "a.example" : "b.example"])
    }

    /// Over TCP too: with the letters of the name in another case, and an answer without a question.
    @Test(arguments: [true, false]) func anAnswerOfDNSThatCameFirstIsTaken(hasQuestion: Bool) {
        let bare = Wire.hex("000c 1234 8185 0000 0000 0000 0000")
        var harness = AnalyzerHarness(DNSAnalyzer.self, responderPort: 53)
        harness.feed(hasQuestion ? Self.dns(0x61, isAnswer: true) : bare, from: .responder)
        harness.feed(Self.dns(0x41, isAnswer: false), from: .originator)
        harness.finish()
        let found = harness.records(DNSRecord.kind)
        #expect(found.map { $0[Records.dns.query] } == ["a.example"])
        #expect(found.map { $0[Records.dns.rcode] } == [hasQuestion ? 0 : 5])
    }

    /// RFC 4511 section 4.1.1.1: numbers of requests that wait are not used again; whoever does hides nothing.
    @Test func requestsToADirectoryWithOneNumberAreEachTold() {
        func remove(_ name: String) -> [UInt8] { LDAPAnalyzerTests.message(5, LDAPAnalyzerTests.string(name, 0x4A)) }
        let harness = LDAPAnalyzerTests.run(
            (.originator, remove("cn=a")), (.originator, remove("cn=b")),
            (.responder, LDAPAnalyzerTests.result(5, 0x6B)))
        let found = harness.records(LDAPRecord.kind)
        #expect(found.map { $0[Records.ldap.object] } == ["cn=a", "cn=b"])
        #expect(found.map { $0[Records.ldap.result] } == [nil, "success"])
    }

    /// PUBLISH with the number 9, to be acknowledged, of a topic of one letter.
    private static func publication(_ topic: String) -> [UInt8] { [0x32, 5, 0, 1] + Array(topic.utf8) + [0, 9] }

    /// OASIS MQTT 3.1.1 section 2.3.1: client and server number their messages each for themselves.
    @Test func eachSideOfABrokerAcknowledgesTheOthers() {
        var harness = AnalyzerHarness(MQTTAnalyzer.self, responderPort: 1883)
        harness.feed(Self.publication("a"), from: .originator)
        harness.feed(Self.publication("b"), from: .responder)
        harness.feed([0x40, 2, 0, 9], from: .originator)
        harness.finish()
        let found = harness.records(MQTTPublishRecord.kind)
        #expect(
            Set(found.filter { $0[Records.mqttPublish.status] == "ok" }.map { $0[Records.mqttPublish.topic] }) == ["b"])
        #expect(found.count == 2)
    }

    /// OASIS MQTT 3.1.1 section 2.3.1: a number is free for another message once it is acknowledged.
    @Test func acknowledgementsOfBrokers() {
        var harness = AnalyzerHarness(MQTTAnalyzer.self, responderPort: 1883)
        harness.feed(Self.publication("a"), from: .originator)
        harness.lose(4, from: .responder)
        harness.feed(Self.publication("b"), from: .originator)
        harness.feed([0x40, 2, 0, 9], from: .responder)
        harness.finish()
        let found = harness.records(MQTTPublishRecord.kind)
        #expect(found.map { $0[Records.mqttPublish.topic] } == ["a", "b"])
        #expect(found.map { $0[Records.mqttPublish.status] == "ok" } == [false, true])
    }

    /// OASIS MQTT 5.0 section 4.3.3: a refused first step ends the exchange, and its number is free.
    @Test func aRefusedMessageOfABroker() {
        var harness = AnalyzerHarness(MQTTAnalyzer.self, responderPort: 1883)
        for (topic, answer) in [("a", [0x50, 3, 0, 9, 0x87]), ("b", [0x70, 2, 0, 9])] as [(String, [UInt8])] {
            harness.feed([0x34, 5, 0, 1] + Array(topic.utf8) + [0, 9], from: .originator)
            harness.feed(answer, from: .responder)
        }
        harness.finish()
        let found = harness.records(MQTTPublishRecord.kind)
        #expect(found.map { $0[Records.mqttPublish.topic] } == ["a", "b"])
        #expect(found.map { $0[Records.mqttPublish.status] == "ok" } == [false, true])
    }

    /// AMQP 1.0 sections 5.3.3.2 and 5.3.3.4: by LOGIN, the user and then the password.
    @Test(arguments: [true, false]) func responsesToBrokersOfQueues(isNameLost: Bool) {
        func frame(_ kind: UInt8, _ fields: [UInt8]) -> [UInt8] {
            let body = [0x00, 0x53, kind, 0xC0, UInt8(fields.count + 1), 1] + fields
            return [0, 0, 0, UInt8(body.count + 8), 2, 1, 0, 0] + body
        }
        func response(_ text: String) -> [UInt8] { frame(0x43, [0xA0, UInt8(text.utf8.count)] + Array(text.utf8)) }
        var harness = AnalyzerHarness(AMQPAnalyzer.self, responderPort: 5672)
        harness.feed(Array("AMQP".utf8) + [3, 1, 0, 0], from: .originator)
        harness.feed(frame(0x41, [0xA3, 5] + Array("LOGIN".utf8)), from: .originator)
        if isNameLost {
            harness.lose(response("alice").count, from: .originator)
        } else {
            harness.feed(response("alice"), from: .originator)
        }
        harness.feed(response("s3cret"), from: .originator)
        harness.finish()
        let found = harness.records(AMQPRecord.kind)
        #expect(found.map { $0[Records.amqp.user] } == [isNameLost ? nil : "alice"])
        #expect(!harness.sink.batch.strings.strings.contains { $0.contains("s3cret") })
    }
}
