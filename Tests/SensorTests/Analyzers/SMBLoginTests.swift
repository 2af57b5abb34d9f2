import Shared
import Testing

@testable import Sensor

/// Logins over SMB 2 (MS-SMB2 sections 2.2.5 and 2.2.6), several at a time and with a mechanism that is changed.
@Suite struct SMBLoginTests {
    typealias SMB2 = SMBAnalyzerTests

    /// The same message of another session; a request that begins one has none.
    private static func message(_ message: [UInt8], session: UInt64, status: String = "00000000") -> [UInt8] {
        var message = message
        message.replaceSubrange(12..<16, with: Wire.hex(status))
        message.replaceSubrange(44..<52, with: SMB2.little(session, 8))
        return message
    }

    static func request(_ token: [UInt8], id: UInt64, session: UInt64 = 0) -> [UInt8] {
        message(
            SMB2.message(
                1, id: id, isResponse: false,
                SMB2.little(25, 12) + [88, 0] + SMB2.little(UInt64(token.count), 2) + SMB2.little(0, 8) + token),
            session: session)
    }

    /// - Parameter status: as it stands in the message, lowest byte first.
    static func answer(_ status: String, id: UInt64, session: UInt64, _ token: [UInt8] = []) -> [UInt8] {
        message(
            SMB2.message(
                1, id: id, isResponse: true,
                SMB2.little(9, 4) + [72, 0] + SMB2.little(UInt64(token.count), 2) + token),
            session: session, status: status)
    }

    static let (done, refused, goesOn) = ("00000000", "6D0000C0", "160000C0")

    static func harness(_ messages: [(Side, [UInt8])]) -> AnalyzerHarness {
        var harness = AnalyzerHarness(SMBAnalyzer.self, responderPort: 445)
        for (side, bytes) in messages { harness.feed(bytes, from: side) }
        harness.finish()
        #expect(harness.failure == nil)
        return harness
    }

    /// Until the server has answered, neither has a number of its own.
    @Test(arguments: [true, false]) func ofTwoLoginsEachHasItsOutcome(isFirstAnsweredFirst: Bool) {
        let answers: [(Side, [UInt8])] = [
            (.responder, Self.answer(Self.done, id: 3, session: 0x79)),
            (.responder, Self.answer(Self.refused, id: 4, session: 0x7A)),
        ]
        let harness = Self.harness(
            [
                (.originator, Self.request(KerberosExchangeTests.presented("cifs", "one"), id: 3)),
                (.originator, Self.request(KerberosExchangeTests.presented("cifs", "three"), id: 4)),
            ] + (isFirstAnsweredFirst ? answers : answers.reversed()))
        let records = harness.records(KerberosRecord.kind)
        let outcomes = Dictionary(
            records.map { ($0[Records.kerberos.service] ?? "", $0[Records.kerberos.success]) },
            uniquingKeysWith: { first, _ in first })
        #expect(outcomes == ["cifs/one": true, "cifs/three": false])
        #expect(records.count == 2)
    }

    /// RFC 4178 section 3.2: the server chooses NTLM, and what the client showed of Kerberos is not looked at.
    @Test func aTicketThatWasNotLookedAtHasNoOutcome() throws {
        // NegTokenResp: request-mic, 1.3.6.1.4.1.311.2.2.10.
        let chosen = Wire.hex("A1 15 30 13 A0 03 0A 01 03 A1 0C 06 0A 2B06010401823702020A")
        let harness = Self.harness([
            (.originator, Self.request(KerberosExchangeTests.presented("cifs", "one"), id: 1)),
            (.responder, Self.answer(Self.goesOn, id: 1, session: 0x77, chosen)),
            (.originator, Self.request(SecurityExchangeTests.negotiate, id: 2, session: 0x77)),
            (.responder, Self.answer(Self.goesOn, id: 2, session: 0x77, SecurityExchangeTests.challenge([(1, "FS")]))),
            (.originator, Self.request(SecurityExchangeTests.authenticate, id: 3, session: 0x77)),
            (.responder, Self.answer(Self.done, id: 3, session: 0x77)),
        ])
        let ticket = try #require(harness.records(KerberosRecord.kind).first)
        #expect(ticket[Records.kerberos.service] == "cifs/one")
        #expect(ticket[Records.kerberos.success] == nil)
        let login = try #require(harness.records(NTLMRecord.kind).first)
        #expect(login[Records.ntlm.username] == "User")
        #expect(login[Records.ntlm.serverNbComputerName] == "FS")
        #expect(login[Records.ntlm.success] == true)
    }

    /// MS-SMB2 3.2.5.3.1: the number comes with the first answer, which a capture of the client alone has not.
    @Test(arguments: [true, false]) func aClientAloneLogsInOnce(isAlone: Bool) {
        var harness = AnalyzerHarness(SMBAnalyzer.self, responderPort: 445)
        harness.sink.connection.isOneSided = isAlone
        for session in [UInt64(0x77), 0x78] {
            let negotiate = Self.request(SecurityExchangeTests.negotiate, id: session)
            harness.feed(negotiate, from: .originator)
            harness.feed(
                Self.request(SecurityExchangeTests.authenticate, id: session + 8, session: session), from: .originator)
        }
        harness.finish()
        let users = harness.records(NTLMRecord.kind).map { $0[Records.ntlm.username] }
        #expect(users.filter { $0 == "User" }.count == 2)
        // Where both are seen, whose number it is the answer alone tells.
        #expect(users.count == (isAlone ? 2 : 4))
    }

    /// Logins that began together are ended by the sessions that go on, each by one.
    @Test func loginsOfAClientAloneAreNotMixed() {
        var harness = AnalyzerHarness(SMBAnalyzer.self, responderPort: 445)
        harness.sink.connection.isOneSided = true
        for id in [UInt64(1), 2] {
            harness.feed(Self.request(SecurityExchangeTests.negotiate, id: id), from: .originator)
        }
        for session in [UInt64(0x78), 0x77] {
            harness.feed(
                Self.request(SecurityExchangeTests.authenticate, id: session, session: session), from: .originator)
        }
        harness.finish()
        #expect(harness.records(NTLMRecord.kind).map { $0[Records.ntlm.username] } == ["User", "User"])
    }
}
