import Shared
import Testing

@testable import Sensor

/// What `ssl` and `x509` say of handshakes of TLS over TCP, as Zeek's logs say it.
@Suite struct TLSAnalyzerTests {
    /// A piece of one side's stream.
    struct Piece: Sendable {
        let side: Side
        let bytes: [UInt8]
        static func client(_ parts: [UInt8]...) -> Piece { Piece(side: .originator, bytes: parts.flatMap { $0 }) }
        static func server(_ parts: [UInt8]...) -> Piece { Piece(side: .responder, bytes: parts.flatMap { $0 }) }
    }

    private static func read(_ pieces: [Piece]) -> AnalyzerHarness {
        var harness = AnalyzerHarness(TLSAnalyzer.self, responderPort: 443)
        for piece in pieces where !harness.isOver { harness.feed(piece.bytes, from: piece.side) }
        if !harness.isOver { harness.finish() }
        return harness
    }

    private static func hello(_ extensions: [UInt8]...) -> [UInt8] {
        TLSWire.record(22, TLSWire.clientHello(extensions.flatMap { $0 }))
    }

    private static func answer(_ version: Int? = nil, asksAgain: Bool = false, _ extensions: [UInt8]...) -> [UInt8] {
        let chosen = version.map(TLSWire.versionChosen) ?? []
        return TLSWire.record(
            22,
            TLSWire.serverHello(
                cipher: version == nil ? 0x2F : 0x1301, asksAgain: asksAgain, chosen + extensions.flatMap { $0 }))
    }

    private static let hello3 = hello(TLSWire.fieldOf(43, [2, 3, 4]))
    private static let keyExchange = TLSWire.record(22, TLSWire.message(16, [UInt8](repeating: 7, count: 130)))

    /// Histories and when Zeek takes a session as established: with the first encrypted record that is whole behind
    /// both sides' having begun to encrypt.
    static let handshakes: [(pieces: [Piece], history: String, isEstablished: Bool)] = [
        // The server asks for another hello (RFC 8446 section 4.1.4), without and with what middleboxes expect.
        (
            [
                .client(hello3), .server(answer(0x0304, asksAgain: true, TLSWire.groupAsked)), .client(hello3),
                .server(answer(0x0304, TLSWire.share(23)), TLSWire.data), .client(TLSWire.data),
            ], "CjCs", true
        ),
        (
            [
                .client(hello3), .server(answer(0x0304, asksAgain: true, TLSWire.groupAsked), TLSWire.changeCipher),
                .client(TLSWire.changeCipher, hello3),
            ], "CjiIC", false
        ),
        (
            [
                .client(hello3), .server(answer(0x0304, asksAgain: true, TLSWire.groupAsked), TLSWire.changeCipher),
                .client(TLSWire.changeCipher, hello3), .server(answer(0x0304, TLSWire.share(23)), TLSWire.data),
            ], "CjiICs", true
        ),
        // Early data, which a server that asks for another hello refuses, some of it behind the request.
        (
            [
                .client(hello3, TLSWire.changeCipher, TLSWire.data),
                .server(answer(0x0304, asksAgain: true, TLSWire.groupAsked)), .client(TLSWire.data, hello3),
                .server(TLSWire.changeCipher, answer(0x0304, TLSWire.share(23))), .client(TLSWire.data),
            ], "CIjCis", true
        ),
        // The server's choice was not seen.
        (
            [
                .client(hello3), .server(answer(0x0304, asksAgain: true, TLSWire.groupAsked), TLSWire.data),
                .client(TLSWire.data),
            ], "Cj", true
        ),
        // Heartbeats in clear (RFC 6520), and one that is not.
        (
            [
                .client(hello()), .server(answer()), .client(TLSWire.record(24, [1, 0x40, 0])),
                .server(TLSWire.record(24, [2, 0, 1, 0x78])),
                .client(keyExchange, TLSWire.changeCipher, TLSWire.record(24, [UInt8](repeating: 9, count: 32))),
            ], "CsBbGI", false
        ),
        // Supplemental data (RFC 4680).
        ([.client(hello()), .server(answer(), TLSWire.record(22, TLSWire.message(23, [0, 0, 0])))], "Csa", false),
        // Both announced encryption and sent nothing behind it.
        (
            [.client(hello()), .server(answer(), TLSWire.changeCipher), .client(TLSWire.changeCipher)], "CsiI", false
        ),
        (
            [
                .client(hello()), .server(answer()), .client(keyExchange, TLSWire.changeCipher, TLSWire.finished),
                .server(TLSWire.changeCipher, Array(TLSWire.finished.dropLast())),
            ], "CsGIi", false
        ),
        (
            [
                .client(hello()), .server(answer()), .client(keyExchange, TLSWire.changeCipher, TLSWire.finished),
                .server(TLSWire.changeCipher, TLSWire.finished),
            ], "CsGIi", true
        ),
        // TLS 1.2 has no application data before encryption is announced.
        ([.client(hello()), .server(answer()), .client(TLSWire.data), .server(TLSWire.data)], "Cs", false),
        ([.client(hello3), .server(answer(0x0304), TLSWire.data), .client(TLSWire.data)], "Cs", true),
        // A version that nobody knows: an experiment of browsers.
        ([.client(hello3), .server(answer(0x7E01), TLSWire.data), .client(TLSWire.data)], "Cs", true),
        // The client's announcement is enough where the server goes on.
        (
            [
                .client(hello3), .server(answer(0x0304), TLSWire.changeCipher, TLSWire.data),
                .client(TLSWire.changeCipher), .server(TLSWire.data),
            ], "CsiI", true
        ),
        // Data that a client sends before it is answered (RFC 8446 section 2.3).
        (
            [
                .client(hello3, TLSWire.changeCipher, TLSWire.data),
                .server(answer(0x0304), TLSWire.changeCipher, TLSWire.data),
            ], "CIsi", true
        ),
    ]

    @Test(arguments: handshakes.indices) func theHistoryAndTheEndAreZeeks(index: Int) {
        let handshake = Self.handshakes[index]
        let found = Self.read(handshake.pieces).records(SSLRecord.kind)
        #expect(found.map { $0[Records.ssl.sslHistory] } == [handshake.history])
        #expect(found.first?[Records.ssl.established] == handshake.isEstablished)
    }

    /// JA3S is the version, the cipher and the types of extensions, of the first hello of the server: MD5 of
    /// "771,4865,43-51" where it is a request for another.
    @Test func theFingerprintIsOfTheServersFirstHello() {
        let found = Self.read([
            .client(Self.hello3), .server(Self.answer(0x0304, asksAgain: true, TLSWire.groupAsked)),
            .client(Self.hello3), .server(TLSWire.record(22, TLSWire.serverHello(cipher: 0x1301, TLSWire.share(23)))),
        ]).records(SSLRecord.kind)
        #expect(found.map { $0[Records.ssl.ja3s] } == ["f4febc55ea12b31ae17cfb7e614afda8"])
        #expect(found.first?[Records.ssl.curve] == "secp256r1")
    }

    /// The end that opened the connection answers: its own hello came before, or was not seen.
    @Test func aTurnedConnectionIsMarked() {
        let both = Self.read([.server(Self.hello()), .client(Self.answer())]).records(SSLRecord.kind)
        #expect(both.map { $0[Records.ssl.sslHistory] } == ["^Cs"])
        let one = Self.read([.client(Self.answer())]).records(SSLRecord.kind)
        #expect(one.map { $0[Records.ssl.sslHistory] } == ["^s"])
    }

    /// Packets in the wrong order, or captures that were put together: a hello is the client's only from its side.
    @Test func theServersHelloMayComeFirst() {
        func named(_ name: String) -> [UInt8] {
            Self.hello(
                TLSWire.fieldOf(
                    0, TLSWire.vector([0] + TLSWire.vector(Array(name.utf8), lengthBytes: 2), lengthBytes: 2)))
        }
        let found = Self.read([.server(Self.answer(), named("b.test")), .client(named("a.test"))])
            .records(SSLRecord.kind)
        #expect(found.map { $0[Records.ssl.serverName] } == ["a.test"])
        #expect(found.first?[Records.ssl.ja3] != nil)
        #expect(found.first?[Records.ssl.ja4]?.hasPrefix("t12d0201") == true)
    }

    /// Bytes of either side are lost; the other side's are told.
    @Test func aHoleOnOneSideLeavesTheOther() {
        var harness = AnalyzerHarness(TLSAnalyzer.self, responderPort: 443)
        harness.feed(Array(Self.hello3.prefix(20)), from: .originator)
        harness.lose(Self.hello3.count - 20, from: .originator)
        harness.feed(TLSWire.data, from: .originator)
        harness.feed(Self.answer(0x0304), from: .responder)
        #expect(!harness.isOver)
        harness.feed(TLSWire.data, from: .responder)
        #expect(harness.isOver)
        let first = harness.records(SSLRecord.kind)
        #expect(first.map { $0[Records.ssl.sslHistory] } == ["s"])
        #expect(first.first?[Records.ssl.version] == "TLSv13")
        #expect(first.first?[Records.ssl.established] == false)

        var other = AnalyzerHarness(TLSAnalyzer.self, responderPort: 443)
        other.feed(Self.hello(), from: .originator)
        other.lose(90, from: .responder)
        other.feed(Self.keyExchange + TLSWire.changeCipher, from: .originator)
        #expect(other.isOver)
        #expect(other.records(SSLRecord.kind).map { $0[Records.ssl.sslHistory] } == ["CGI"])
        // Holes on both sides leave nothing to wait for.
        var both = AnalyzerHarness(TLSAnalyzer.self, responderPort: 443)
        both.feed(Self.hello(), from: .originator)
        for side in [Side.responder, .originator] { both.lose(90, from: side) }
        #expect(both.isOver)
        #expect(both.records(SSLRecord.kind).count == 1)
    }

    /// The version of a record says nothing (RFC 8446 section 5.1).
    @Test(arguments: [(UInt8(3), UInt8(5)), (0, 0), (0xFF, 0xFF)])
    func aHelloMayComeInARecordOfAnyVersion(major: UInt8, minor: UInt8) {
        let hello: [UInt8] = [22, major, minor] + Self.hello().dropFirst(3)
        #expect(TLSAnalyzer.probe(hello.span.bytes, from: .originator) == .match)
        let lie = hello + [0]
        let changed = [22, major, minor] + TLSWire.big(lie.count - 5, bytes: 2) + lie.dropFirst(5)
        #expect(TLSAnalyzer.probe(changed.span.bytes, from: .originator) == .noMatch)
        let found = Self.read([.client(hello), .server(Self.answer())]).records(SSLRecord.kind)
        #expect(found.map { $0[Records.ssl.sslHistory] } == ["Cs"])
    }

    /// The key share had another number up to draft 22, whose server hello ends with it.
    @Test func theKeyShareOfDraftsIsRead() {
        let hello = TLSWire.message(
            2,
            [0x7F, 0x12] + [UInt8](repeating: 0x22, count: 32) + [0x13, 1]
                + TLSWire.vector(TLSWire.share(29, type: 40), lengthBytes: 2))
        let found = Self.read([.client(Self.hello3), .server(TLSWire.record(22, hello))]).records(SSLRecord.kind)
        #expect(found.map { $0[Records.ssl.version] } == ["TLSv13-draft18"])
        #expect(found.first?[Records.ssl.curve] == "x25519")
    }

    @Test(arguments: [
        (512, "MLKEM512"), (513, "MLKEM768"), (514, "MLKEM1024"), (4588, "X25519MLKEM768"),
        (4590, "curveSM2MLKEM768"), (16_696, "CECPQ2"), (9999, "unknown-9999"),
    ]) func groupsHaveZeeksNames(group: Int, name: String) {
        let found = Self.read([.client(Self.hello3), .server(Self.answer(0x0304, TLSWire.share(group)))])
            .records(SSLRecord.kind)
        #expect(found.map { $0[Records.ssl.curve] } == [name])
    }

    @Test(arguments: [(UInt8(117), "general_error"), (121, "ech_required"), (200, "unknown-200")])
    func alertsHaveZeeksNames(number: UInt8, name: String) {
        let found = Self.read([.client(Self.hello()), .server(TLSWire.record(21, [2, number]))])
            .records(SSLRecord.kind)
        #expect(found.map { $0[Records.ssl.lastAlert] } == [name])
        #expect(found.first?[Records.ssl.sslHistory] == "Cl")
    }

    @Test func oldCiphersHaveZeeksNames() {
        #expect(CipherSuiteNames.name(of: 0xFEFF) == "SSL_RSA_FIPS_WITH_3DES_EDE_CBC_SHA")
        #expect(CipherSuiteNames.name(of: 0xFFE1) == "SSL_RSA_FIPS_WITH_DES_CBC_SHA_2")
        #expect(CipherSuiteNames.name(of: 0x10080) == "SSLv20_CK_RC4_128_WITH_MD5")
    }

    /// Records of one byte, far more than streams without a hello are followed for.
    @Test func aHelloMayBeCutIntoManyRecords() {
        let cut = TLSWire.clientHello(TLSWire.fieldOf(0, [0, 9, 0, 0, 6] + Array("a.test".utf8)))
            .flatMap { TLSWire.record(22, [$0]) }
        let found = Self.read([.client(cut), .server(Self.answer())]).records(SSLRecord.kind)
        #expect(found.map { $0[Records.ssl.serverName] } == ["a.test"])
        #expect(found.first?[Records.ssl.sslHistory] == "Cs")
        // Without a byte in them, records bring no hello nearer.
        var harness = AnalyzerHarness(TLSAnalyzer.self, responderPort: 443)
        harness.feed(TLSWire.record(22, [1]) + (0..<5).flatMap { _ in TLSWire.record(22, []) }, from: .originator)
        #expect(harness.isOver)
    }

    /// A client's hello in the form of SSL 2.0 (RFC 5246 appendix E.2), with ciphers of three bytes.
    static func oldHello(version: Int, ciphers: Int = 2, challenge: Int = 16) -> [UInt8] {
        let body =
            [1] + TLSWire.big(version, bytes: 2) + TLSWire.big(3 * ciphers, bytes: 2) + [0, 0]
            + TLSWire.big(challenge, bytes: 2) + [UInt8](repeating: 4, count: 3 * ciphers + challenge)
        return TLSWire.big(0x8000 | body.count, bytes: 2) + body
    }

    @Test(arguments: [0x0002, 0x0300, 0x0301, 0x0303]) func aHelloInTheOldFormIsOne(version: Int) {
        let hello = Self.oldHello(version: version)
        #expect(TLSAnalyzer.probe(hello.span.bytes, from: .originator) == .match)
        var harness = AnalyzerHarness(TLSAnalyzer.self, responderPort: 443)
        for byte in hello { harness.feed([byte], from: .originator) }
        let messages =
            TLSWire.serverHello(version: 0x0301, cipher: 4) + TLSWire.certificates([1, 2, 3])
            + TLSWire.message(14, [])
        harness.feed(TLSWire.record(22, messages), from: .responder)
        harness.feed(Self.keyExchange + TLSWire.changeCipher + TLSWire.finished, from: .originator)
        harness.feed(TLSWire.changeCipher + TLSWire.finished, from: .responder)
        let found = harness.records(SSLRecord.kind)
        #expect(found.map { $0[Records.ssl.sslHistory] } == ["CsxnGIi"])
        #expect(found.first?[Records.ssl.version] == "TLSv10")
        #expect(found.first?[Records.ssl.established] == true)
    }

    @Test func likenessToTheOldFormIsNotEnough() {
        let good = Self.oldHello(version: 0x0301)
        let lies = [
            Self.oldHello(version: 0x0304), Self.oldHello(version: 1), Self.oldHello(version: 0x0301, ciphers: 0),
            Self.oldHello(version: 0x0301, challenge: 8), good + [0], Array(good.dropFirst()),
            [0x80, 0x26, 4] + good.dropFirst(3),
        ]
        for lie in lies { #expect(TLSAnalyzer.probe(lie.span.bytes, from: .originator) == .noMatch, "\(lie)") }
        let beginning = Array(good.prefix(8))
        #expect(TLSAnalyzer.probe(beginning.span.bytes, from: .originator) == .needMore)
        #expect(TLSAnalyzer.probe(good.span.bytes, from: .responder) == .noMatch)
    }

    /// Zeek: the first of a chain is a host's, whoever sends it; all that a client sends are a client's.
    @Test func certificatesTellWhoseTheyAre() {
        let one = Array(KnownCertificatesTests.certificate(1))
        let two = Array(KnownCertificatesTests.certificate(2))
        let chain = TLSWire.record(22, TLSWire.certificates(one, two))
        let found = Self.read([.client(Self.hello()), .server(Self.answer(), chain), .client(chain)])
            .records(X509Record.kind)
        #expect(found.map { $0[Records.x509.hostCert] } == [true, false, true, false])
        #expect(found.map { $0[Records.x509.clientCert] } == [false, false, true, true])
    }
}
