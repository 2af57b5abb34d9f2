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
}
