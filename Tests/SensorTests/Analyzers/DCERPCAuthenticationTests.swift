import Shared
import Testing

@testable import Sensor

/// Authentication in the trailers of DCE/RPC's PDUs (MS-RPCE 2.2.2.11).
@Suite struct DCERPCAuthenticationTests {
    /// A PDU of version 5.0, first and last fragment, little-endian (C706 section 12.6.3.1).
    static func pdu(
        _ type: UInt8, _ body: [UInt8], token: [UInt8] = [], id: UInt8 = 1, context: UInt8 = 1
    ) -> [UInt8] {
        // Eight bytes stand before a token: NTLM, level connect, no padding, the security context.
        let trailer = token.isEmpty ? [] : Wire.hex("0A 02 00 00") + [context, 0, 0, 0] + token
        let length = 16 + body.count + trailer.count
        let lengths = [UInt8(length & 0xFF), UInt8(length >> 8), UInt8(token.count & 0xFF), UInt8(token.count >> 8)]
        return [5, 0, type, 3, 0x10, 0, 0, 0] + lengths + [id, 0, 0, 0] + body + trailer
    }

    /// The server does not answer the client's last message of NTLM: it answers the first call, or refuses it with
    /// a fault, which whom it knows but does not let call gets too.
    @Test(arguments: [true, false]) func anAnsweredCallTellsThatTheLoginWasTaken(isAnswered: Bool) throws {
        var harness = AnalyzerHarness(DCERPCAnalyzer.self)
        let call = Wire.hex("00000000 0000 0F00")
        // rpc_auth_3 with four bytes of padding, a call, and its response or fault (nca_s_fault_access_denied).
        harness.feed(Self.pdu(16, [0, 0, 0, 0], token: SecurityExchangeTests.authenticate), from: .originator)
        harness.feed(Self.pdu(0, call), from: .originator)
        harness.feed(
            isAnswered
                ? Self.pdu(2, Wire.hex("00000000 0000 0000")) : Self.pdu(3, Wire.hex("00000000 00000000 05000000")),
            from: .responder)
        harness.finish()
        #expect(harness.failure == nil)
        let records = harness.records(NTLMRecord.kind)
        #expect(records.count == 1)
        let record = try #require(records.first)
        #expect(record[Records.ntlm.username] == "User")
        #expect(record[Records.ntlm.success] == (isAnswered ? true : nil))
    }

    /// Heads of calls and answers (C706 section 12.6.4), and what a signature would be.
    private static let (call, answer) = (Wire.hex("00000000 0000 0F00"), Wire.hex("00000000 0000 0000"))
    /// nca_s_fault_access_denied behind the head.
    private static let denied = Wire.hex("00000000 00000000 05000000 00000000")
    private static let signature = [UInt8](repeating: 7, count: 16)
    private static let authenticate = SecurityExchangeTests.authenticate

    /// What is told of the logins, in pieces of so many bytes.
    private static func outcomes(_ pdus: [(Side, [UInt8])], pieces: Int = 4096) -> [Bool?] {
        var harness = AnalyzerHarness(DCERPCAnalyzer.self)
        for (side, pdu) in pdus {
            for start in stride(from: 0, to: pdu.count, by: pieces) {
                harness.feed(Array(pdu[start..<min(start + pieces, pdu.count)]), from: side)
            }
        }
        harness.finish()
        #expect(harness.failure == nil)
        return harness.records(NTLMRecord.kind).map { $0[Records.ntlm.success] }
    }

    /// A call and its answer, or a fault, in a security context.
    private static func called(_ id: UInt8, _ context: UInt8, isAnswered: Bool = true) -> [(Side, [UInt8])] {
        [
            (.originator, pdu(0, call, token: signature, id: id, context: context)),
            (
                .responder,
                isAnswered ? pdu(2, answer, token: signature, id: id, context: context) : pdu(3, denied, id: id)
            ),
        ]
    }

    /// The second login on a connection (MS-RPCE 2.2.2.11) is judged by its own calls.
    @Test(arguments: [1, 5, 16, 24, 30, 4096], [true, false])
    func theCallsOfAnotherLoginTellNothing(pieces: Int, isAnswered: Bool) {
        let login = { (context: UInt8) in
            (Side.originator, Self.pdu(16, [0, 0, 0, 0], token: Self.authenticate, context: context))
        }
        let pdus = [login(1)] + Self.called(2, 1) + [login(2)] + Self.called(3, 2, isAnswered: false)
        let rest = Self.called(4, 1) + (isAnswered ? Self.called(5, 2) : [])
        #expect(Self.outcomes(pdus + rest, pieces: pieces) == [true, isAnswered ? true : nil])
    }

    /// A call that was sent before the login is answered whatever becomes of that.
    @Test func anEarlierCallTellsNothing() {
        let pdus: [(Side, [UInt8])] = [
            (.originator, Self.pdu(0, Self.call, id: 2)),
            (.originator, Self.pdu(16, [0, 0, 0, 0], token: Self.authenticate, id: 3)),
            (.responder, Self.pdu(2, Self.answer, id: 2)),
        ]
        #expect(Self.outcomes(pdus) == [nil])
    }

    /// An alter_context or its answer without contexts, and the former with the client's last message.
    private static let empty = Wire.hex("B810 B810 00000000 00 000000")
    private static let login: (Side, [UInt8]) = (.originator, pdu(14, empty, token: authenticate, id: 2))

    /// MS-RPCE 3.3.1.5.2.2: a fault instead of the answer to the PDU with the token refuses it. One with the number of
    /// an alter_context that was answered is a call's.
    @Test func aRefusedAlterContextIsARefusedLogin() {
        let fault: (Side, [UInt8]) = (.responder, Self.pdu(3, Self.denied, id: 2))
        #expect(Self.outcomes([Self.login, fault]) == [false])
        #expect(Self.outcomes([Self.login, (.responder, Self.pdu(15, Self.empty, id: 2)), fault]) == [nil])
        #expect(Self.outcomes([Self.login, (.originator, Self.pdu(0, Self.call, id: 2)), fault]) == [nil])
    }

    /// RFC 4178 section 4.2.2: NegTokenResp with a negState.
    @Test(arguments: [(UInt8(0), true), (1, nil), (2, false), (3, nil)] as [(UInt8, Bool?)])
    func theStateInTheAnswerIsTheOutcome(state: UInt8, outcome: Bool?) {
        let token = Wire.hex("A107 3005 A003 0A01") + [state]
        #expect(Self.outcomes([Self.login, (.responder, Self.pdu(15, Self.empty, token: token, id: 2))]) == [outcome])
    }
}
