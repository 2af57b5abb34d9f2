import Shared
import Testing

@testable import Sensor

/// Ciphertext is what unknown connections mostly carry: a probe must not see its protocol in it.
@Suite struct ProbeStrictnessTests {
    /// Those whose first bytes are few.
    static let analyzers: [any ProtocolAnalyzer.Type] = [
        StratumAnalyzer.self, IPsecAnalyzer.self, WireGuardAnalyzer.self, BitTorrentAnalyzer.self,
        OpenVPNAnalyzer.self, SSDPAnalyzer.self, SunRPCAnalyzer.self, TFTPAnalyzer.self,
        RsyncAnalyzer.self, GitAnalyzer.self, ISCSIAnalyzer.self, NBDAnalyzer.self, ManageSieveAnalyzer.self,
        X11Analyzer.self, MemcachedAnalyzer.self, CoAPAnalyzer.self,
        IdentAnalyzer.self, XMPPAnalyzer.self, IMAPAnalyzer.self, TLSAnalyzer.self, QUICAnalyzer.self,
        RDPAnalyzer.self,
        DCERPCAnalyzer.self, TeamViewerAnalyzer.self, RshAnalyzer.self, RexecAnalyzer.self,
        DHCPv6Analyzer.self, NetFlowAnalyzer.self, IPFIXAnalyzer.self, IPMIAnalyzer.self, KafkaAnalyzer.self,
        ZooKeeperAnalyzer.self, CassandraAnalyzer.self, ZabbixAnalyzer.self, BGPAnalyzer.self, PPTPAnalyzer.self,
        L2TPAnalyzer.self, NATSAnalyzer.self, STOMPAnalyzer.self, TACACSAnalyzer.self, DNSAnalyzer.self,
        PostgreSQLAnalyzer.self, MySQLAnalyzer.self, AMQPAnalyzer.self, MQTTAnalyzer.self,
        RTSPAnalyzer.self, SFlowAnalyzer.self, WSDiscoveryAnalyzer.self, PJLAnalyzer.self, ICAAnalyzer.self,
        TNSAnalyzer.self, DRDAAnalyzer.self, AJPAnalyzer.self, DiameterAnalyzer.self, FIXAnalyzer.self,
        DICOMAnalyzer.self, HL7Analyzer.self, SLMPAnalyzer.self, FINSAnalyzer.self, DropboxAnalyzer.self,
        SyncthingAnalyzer.self, SpotifyAnalyzer.self, TailscaleAnalyzer.self, BitcoinAnalyzer.self,
        TelnetAnalyzer.self,
    ]

    @Test func randomBytesAreNobodys() {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func random() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
        var bytes = [UInt8](repeating: 0, count: 160)
        for _ in 0..<100_000 {
            for index in stride(from: 0, to: bytes.count, by: 8) {
                let word = random()
                for offset in 0..<8 { bytes[index + offset] = UInt8(truncatingIfNeeded: word >> (offset * 8)) }
            }
            let length = 12 + Int(random() % 149)
            let payload = Array(bytes[..<length])
            for analyzer in Self.analyzers {
                let answer = analyzer.probe(payload.span.bytes, from: .originator)
                #expect(answer != .match, "\(analyzer.service): \(payload)")
            }
        }
    }

    /// What begins as such a protocol and is not it.
    @Test(arguments: [
        "get / HTTP/1.0\n", "set the table please\r\n", "{\"method\":\"eth_blockNumber\",\"params\":[]}\n",
        "@RSYNCD: \n", "40000, 22 : who\r\n", "70000, 22 : ERROR : NO-USER\r\n", "<iq type='get'>",
        "<?xml version='1.0'?><html>", "<?xml version='1.0'?><Envelope>", "RTSP/3.0 200 OK\r\n",
        "OPTIONS * HTTP/1.1\r\n\r\n RTSP/1.0", "8=FIX.4.4\u{1}35=A\u{1}", "\u{B}MSA|AA|1\r", "\u{1B}%-1234X@PJL",
        "{\"host_int\": 1}", "500000FF03FE00",
        "0010git-something ", "HTTP/1.1 200 OK\r\nServer: x\r\n\r\n",
    ])
    func likenessIsNotEnough(text: String) {
        let payload = Array(text.utf8)
        for analyzer in Self.analyzers {
            #expect(analyzer.probe(payload.span.bytes, from: .originator) != .match, "\(analyzer.service)")
        }
    }

    /// Sessions of which only the middle was seen.
    @Test(
        arguments: [
            (FTPAnalyzer.self, "331 Password required for bob.\r\n", true),
            (FTPAnalyzer.self, "227 Entering Passive Mode (", true),
            (FTPAnalyzer.self, "EPRT |1|10.0.0.1|5282|\r\n", true), (FTPAnalyzer.self, "PASS secret\r\n", false),
            (FTPAnalyzer.self, "2276 Entering", false), (FTPAnalyzer.self, "33 1\r\n", false),
            (FTPAnalyzer.self, "PASV\r\n", true), (FTPAnalyzer.self, "PORT 10,0,0,1,4,5\r\n", true),
            (FTPAnalyzer.self, "PORT 10,0,0,1\r\n", false), (FTPAnalyzer.self, "STOR up load.bin\r\n", true),
            (FTPAnalyzer.self, "STOR up", false), (FTPAnalyzer.self, "STOR \r\n", false),
            (FTPAnalyzer.self, "STOR a\u{1}\r\n", false), (FTPAnalyzer.self, "APPE log\r\n", true),
            (FTPAnalyzer.self, "TYPE I\r\n", true), (FTPAnalyzer.self, "TYPE Image\r\n", false),
            (FTPAnalyzer.self, "TYPE A\r\n", true), (FTPAnalyzer.self, "MDTM 7\r\n", true),
            (FTPAnalyzer.self, "MLSD\r\n", true), (FTPAnalyzer.self, "NLST *.c\r\n", true),
            (FTPAnalyzer.self, "NLSTS\r\n", false), (FTPAnalyzer.self, "LIST -al\r\n", true),
            // POP3 has these as well (RFC 1939 section 5).
            (FTPAnalyzer.self, "LIST\r\n", false), (FTPAnalyzer.self, "LIST 3\r\n", false),
            (FTPAnalyzer.self, "RETR 3\r\n", false), (FTPAnalyzer.self, "RETR 3.zip\r\n", true),
            (FTPAnalyzer.self, "RETR a\u{0}b\r\n", true),
            (FTPAnalyzer.self, "150 Opening BINARY mode data connection for a.\r\n", true),
            (FTPAnalyzer.self, "226 Transfer complete.\r\n", true), (FTPAnalyzer.self, "226 Transfer", false),
            (FTPAnalyzer.self, "200 PORT command successful.\r\n", true),
            (SMTPAnalyzer.self, "MAIL FROM:<a@b.example> SIZE=10\r\n", true),
            (SMTPAnalyzer.self, "rcpt to:<a@b>\r\n", true),
            (SMTPAnalyzer.self, "MAIL for you\r\n", false),
            (IMAPAnalyzer.self, "a001 LOGIN bob secret\r\n", true),
            (IMAPAnalyzer.self, "12.3 uid fetch 1:* (flags)\r\n", true),
            (IMAPAnalyzer.self, "A7 NOOP\r\n", true), (IMAPAnalyzer.self, "get noop\r\n", false),
            (IMAPAnalyzer.self, "a1 noopy\r\n", false), (IMAPAnalyzer.self, "GET /a1 LIST x\r\n", false),
            (IMAPAnalyzer.self, "a1  LIST x\r\n", false), (IMAPAnalyzer.self, "1 2 3\r\n", false),
        ] as [(any ProtocolAnalyzer.Type, String, Bool)])
    func middlesOfSessionsAreKnown(analyzer: any ProtocolAnalyzer.Type, text: String, isKnown: Bool) {
        let payload = Array(text.utf8)
        #expect((analyzer.probe(payload.span.bytes, from: .originator) == .match) == isKnown)
    }

    /// Openings of µTP (BEP 29) with libtorrent's bits of extensions, and answers of the hash table that tell the
    /// asker's address first (BEP 42).
    @Test(arguments: [
        ("41 02 0309 00003039 00000000 0000f000 0001 0000 00 08 0000000000000000", true),
        ("41 00 0309 00003039 00000000 0000f000 0001 0000", true),
        ("41 02 0309 00003039 00000000 0000f000 0001 0000 00 09 0000000000000000", false),
        ("41 02 0309 00003039 00000000 0000f000 0001 0000", false),
        ("64323a6970363a 010203040506 313a7264323a696432303a aaaa", true),
        ("64323a697031383a 010203040506010203040506010203040506 313a7264323a696432303a aaaa", true),
        ("64323a6970363a 010203040506 313a6164323a696432303a aaaa", false), ("64323a6970363a 0102", false),
    ])
    func openingsOfBitTorrentAreKnown(message: String, isKnown: Bool) {
        let bytes = Wire.hex(message)
        #expect((BitTorrentAnalyzer.probe(bytes.span.bytes, from: .originator) == .match) == isKnown)
    }

    /// Messages of other protocols, off real networks, that were once taken for one's own.
    @Test func otherProtocolsAreNotTaken() {
        // OpenFlow 1.3: an error, and a request for an echo with a zero at its end.
        for text in ["04 01 00 4c 00000004 0001 0005 040e0050", "04 02 00 0c 00000001 41424300"] {
            let message = Wire.hex(text)
            #expect(SOCKSAnalyzer.probe(message.span.bytes, from: .originator) == .noMatch)
        }
        // Media of a call whose first byte is that of NTP's private messages.
        let media = Wire.hex("0f 9a 02 1c 7713 0821 5566778899aabbcc")
        #expect(NTPAnalyzer.probe(media.span.bytes, from: .originator) == .noMatch)
    }

    /// Sessions whose beginning was not seen.
    @Test func theMiddleOfASessionIsEnough() {
        let publication: [UInt8] = [0x32, 0x0C, 0x00, 0x05] + Array("plant".utf8) + [0x00, 0x02, 0x7B, 0x7D, 0x0A]
        #expect(MQTTAnalyzer.probe(publication.span.bytes, from: .responder) == .match)
        let longer = publication + [0]
        #expect(MQTTAnalyzer.probe(longer.span.bytes, from: .responder) == .noMatch)
        let list = Wire.hex("17 00 03 2a 00 00 00 00")
        #expect(NTPAnalyzer.probe(list.span.bytes, from: .originator) == .match)
        let request = Wire.join([4, 1, 0, 80], [192, 0, 2, 1], Array("bob".utf8), [0])
        #expect(SOCKSAnalyzer.probe(request.span.bytes, from: .originator) == .match)
    }

    /// A connection request of clients before cookies and negotiations ([MS-RDPBCGR] section 2.2.1.1).
    @Test func aBareRequestIsADesktops() {
        let request = Wire.hex("0300000b 06 e0 0000 0000 00")
        #expect(RDPAnalyzer.probe(request.span.bytes, from: .originator) == .match)
        let part = Array(request.prefix(6))
        #expect(RDPAnalyzer.probe(part.span.bytes, from: .originator) == .needMore)
        for other in ["0300000b 06 e0 0000 0001 00", "0300000b 06 d0 0000 0000 00", "0300000b 05 e0 0000 0000 00"] {
            let bytes = Wire.hex(other)
            #expect(RDPAnalyzer.probe(bytes.span.bytes, from: .originator) == .noMatch)
        }
        let longer = request + [3]
        #expect(RDPAnalyzer.probe(longer.span.bytes, from: .originator) == .noMatch)
    }

    @Test func namesOfTorsCertificatesAreRandom() {
        #expect(
            TorCertificate.looksLike(subject: "CN=www.bpcau5b3haif5els.net", issuer: "CN=www.gmvuy6mtjbxevwo3w.com"))
        #expect(!TorCertificate.looksLike(subject: "CN=www.meadowlark.net", issuer: "CN=www.gmvuy6mtjbxevwo3w.com"))
        #expect(!TorCertificate.looksLike(subject: "CN=www.bpcau5b3haif5els.net,O=x", issuer: "CN=www.g2g3g4g5.com"))
    }
}
