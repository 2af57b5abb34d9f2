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

    /// RFC 959: the greeting names a host alone, and who logs in then does so for files. Where mail is told of, or the
    /// host is another's, nothing is.
    @Test(arguments: [
        ("220 ftp.funet.example ready\r\n", "USER anonymous\r\n", true),
        ("220 ftp.funet.example ready\r\n", "user anonymous\r\n", true),
        ("220-ftp.funet.example\r\n220 ready\r\n", "USER a\r\n", true),
        ("220 ftp.funet.example ready\r\n", "HELP\r\n", false),
        ("220 www.funet.example ready\r\n", "USER a\r\n", false),
        ("220 ftp.funet.example ESMTP\r\n", "USER a\r\n", false),
    ])
    func aHostNamedForFilesIsBelieved(greeting: String, command: String, isKnown: Bool) {
        let service = Self.service(21, (.responder, greeting), (.originator, command))
        #expect((service == ["ftp"]) == isKnown)
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

    /// wireguard.com/protocol: data has type 4, a receiver, a counter of 64 bits and whole sixteens. The reserved bytes
    /// are whose client it is at WARP.
    @Test(arguments: [
        (0x11, 1, 96, true), (0x11, 3, 32, true), (0x11, 0, 96, false), (0x11, 100, 96, false), (0x11, 1, 97, false),
    ])
    func dataWithReservedBytesIsNamed(reserved: UInt8, step: UInt8, size: Int, isKnown: Bool) {
        let turns = (0..<4 as Range<UInt8>).map { number in
            (
                Side.originator,
                Wire.join(
                    [4, reserved, 0x22, 0x33], Wire.hex("a1b2c3d4"), [5 &+ number &* step, 0, 0, 0, 0, 0, 0, 0],
                    [UInt8](repeating: 0x5A, count: size))
            )
        }
        #expect(Talk.udp(port: 2408, turns).service == (isKnown ? ["wireguard"] : nil))
        #expect(Talk.udp(port: 2408, Array(turns.prefix(3))).service == nil)
    }

    /// gitprotocol-common: a length is four hexadecimal digits.
    @Test func longRequestsOfGitAreKnown() {
        let rest = "git-upload-pack /\(String(repeating: "p", count: 250))\0host=x\0"
        for (length, isKnown) in [("0116", true), ("01af", true), ("0x16", false), (" 116", false)] {
            let request = Array((length + rest).utf8)
            #expect((GitAnalyzer.probe(request.span.bytes, from: .originator) == .match) == isKnown)
        }
    }

    /// kafka.apache.org/protocol, "Metadata API": version 0 and 1 end with the topics, 4 with a flag, 8 with three.
    @Test(arguments: [
        (0, "00000000", true), (1, "ffffffff", true), (1, "00000002 0001 61 0002 6262", true), (4, "ffffffff 01", true),
        (8, "ffffffff 010000", true), (1, "ffffffff 01", false), (4, "ffffffff", false), (9, "ffffffff 01", false),
        (1, "00000002 0001 61", false), (1, "0000ffff", false), (1, "00000001 0000", false),
    ])
    func kafkaMayBeginWithTopics(version: UInt8, body: String, isKnown: Bool) {
        let question = Wire.join(
            [0, 3, 0, version], [0, 0, 0, 1], TLSWire.vector(Array("sarama".utf8), lengthBytes: 2), Wire.hex(body))
        let message = TLSWire.vector(question, lengthBytes: 4)
        #expect((KafkaAnalyzer.probe(message.span.bytes, from: .originator) == .match) == isKnown)
        for count in 0..<message.count {
            let part = Array(message.prefix(count))
            #expect(KafkaAnalyzer.probe(part.span.bytes, from: .originator) == .noMatch)
        }
    }
}
