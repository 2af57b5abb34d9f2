import Shared
import Testing

@testable import Sensor

/// TLS follows another protocol's opening, and the server's word for it was not seen: it was lost, or its side is
/// captured elsewhere.
@Suite struct UnseenAgreementTests {
    /// The beginning of a record of TLS's handshake (RFC 8446 section 5.1).
    static let hello = Wire.hex("16 03 01 00 20 01 00 00 1C") + [UInt8](repeating: 0x03, count: 28)

    /// MS-RDPBCGR section 2.2.1.1: a request with a cookie and the wish for TLS.
    static let request: [UInt8] = {
        let rest = Array("Cookie: mstshash=alice\r\n".utf8) + Wire.hex("01 00 0800 01000000")
        return Wire.hex("03 00 00") + [UInt8(11 + rest.count), UInt8(6 + rest.count)] + Wire.hex("E0 0000 0000 00")
            + rest
    }()

    @Test func rdpHandsOver() throws {
        var harness = AnalyzerHarness(RDPAnalyzer.self, responderPort: 3389)
        let probed = RDPAnalyzer.probe(Self.request.span.bytes, from: .originator)
        #expect(probed == .match)
        harness.feed(Self.request, from: .originator)
        harness.feed(Self.hello, from: .originator)
        #expect(harness.failure == nil)
        #expect(harness.isHandedOver)
        #expect(harness.sink.unreadByteCount == Self.hello.count)
        harness.finish()
        let record = try #require(harness.records(RDPRecord.kind).first)
        #expect(record[Records.rdp.cookie] == "alice")
        #expect(record[Records.rdp.securityProtocol] == nil)
    }

    /// RFC 4511 section 4.14.1. Who did not ask for TLS sends something else.
    @Test(arguments: [true, false]) func ldapHandsOver(isAskedFor: Bool) throws {
        var harness = AnalyzerHarness(LDAPAnalyzer.self, responderPort: 389)
        let identifier = isAskedFor ? "1.3.6.1.4.1.1466.20037" : "1.3.6.1.4.1.4203.1.11.3"
        harness.feed(
            LDAPAnalyzerTests.message(1, LDAPAnalyzerTests.element(0x77, LDAPAnalyzerTests.string(identifier, 0x80))),
            from: .originator)
        harness.feed(Self.hello, from: .originator)
        #expect(harness.isHandedOver == isAskedFor)
        #expect((harness.failure == nil) == isAskedFor)
        guard isAskedFor else { return }
        #expect(harness.sink.unreadByteCount == Self.hello.count)
        harness.finish()
        let record = try #require(harness.records(LDAPRecord.kind).first)
        #expect(record[Records.ldap.object] == "1.3.6.1.4.1.1466.20037 (StartTLS)")
        #expect(record[Records.ldap.result] == nil)
    }
}
