import Shared
import Testing

@testable import Sensor

/// Protocols that have the name of a connection to themselves only by what follows, and rarer forms of others.
@Suite struct NamesByAnswersTests {
    private static func service(_ port: Int, _ turns: (Side, String)...) -> [String]? {
        Talk.tcp(port: port, turns.map { ($0.0, Array($0.1.utf8)) }).service
    }

    /// beanstalkd's protocol.txt and memcached's protocol.txt: the commands are both's, of the answers some.
    @Test func beanstalkdIsNotMemcached() {
        #expect(Self.service(11_300, (.originator, "stats\r\n"), (.responder, "OK 900\r\n---\npid: 1\n")) == nil)
        #expect(
            Self.service(
                11_300, (.originator, "stats\r\n"), (.responder, "OK 9\r\n---\na: 1\n\r\n"), (.originator, "stats\r\n"),
                (.responder, "OK 9\r\n---\na: 1\n\r\n"), (.originator, "delete 12\r\n"), (.responder, "DELETED\r\n"),
                (.originator, "touch 13\r\n"), (.responder, "TOUCHED\r\n")) == nil)
        #expect(Self.service(11_211, (.originator, "stats\r\n"), (.responder, "STAT pid 1\r\n")) == ["memcached"])
        #expect(Self.service(11_211, (.originator, "delete a1\r\n"), (.responder, "DELETED\r\n")) == ["memcached"])
        #expect(Self.service(11_211, (.originator, "touch 12 60\r\n"), (.responder, "TOUCHED\r\n")) == ["memcached"])
        #expect(
            Self.service(
                11_211, (.originator, "stats\r\n"), (.originator, "delete 12\r\n"), (.originator, "get a\r\n"),
                (.responder, "STAT pid 77\r\n")) == ["memcached"])
    }

    /// IANA, "IKEv2 Exchange Types": 38 resumes a session (RFC 5723), 39 to 41 are of groups; 42 is none.
    @Test(arguments: [(38, true), (39, true), (41, true), (42, false)])
    func exchangesOfIKEAreRead(type: UInt8, isKnown: Bool) {
        let message = Wire.join(
            Wire.hex("0102030405060708 0000000000000000 00 20"), [type, 0x08], Wire.hex("00000000 0000001c"))
        let records = Talk.udp(port: 500, [(.originator, message)])
        #expect(records.of("ipsec").map { $0[Records.ipsec.exchangeType] } == (isKnown ? [UInt64(type)] : []))
        #expect(records.service == (isKnown ? ["ipsec"] : nil))
    }
}
