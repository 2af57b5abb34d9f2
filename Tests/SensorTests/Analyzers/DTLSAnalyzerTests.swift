import Shared
import Testing

@testable import Sensor

/// DTLS 1.2 (RFC 6347) and 1.3 (RFC 9147) as `ssl` tells them.
@Suite struct DTLSAnalyzerTests {
    private static func record(_ type: UInt8, _ content: [UInt8], epoch: Int = 0) -> [UInt8] {
        [type, 0xFE, 0xFD] + TLSWire.big(epoch, bytes: 2) + [UInt8](repeating: 0, count: 6)
            + TLSWire.vector(content, lengthBytes: 2)
    }

    /// A record with a message, or with a part of it.
    private static func fragment(_ message: [UInt8], number: Int, _ part: Range<Int>? = nil) -> [UInt8] {
        let body = Array(message.dropFirst(4))
        let part = part ?? 0..<body.count
        return record(
            22,
            Array(message[..<4]) + TLSWire.big(number, bytes: 2) + TLSWire.big(part.lowerBound, bytes: 3)
                + TLSWire.vector(Array(body[part]), lengthBytes: 3))
    }

    private static let version3 = TLSWire.fieldOf(43, [4, 0xFE, 0xFC, 0xFE, 0xFD])
    private static let hello = TLSWire.clientHello(version: 0xFEFD, cookie: [], version3)
    private static let retry = TLSWire.serverHello(
        version: 0xFEFD, cipher: 0x1301, asksAgain: true, TLSWire.versionChosen(0xFEFC), TLSWire.groupAsked)
    private static let answer3 = TLSWire.serverHello(
        version: 0xFEFD, cipher: 0x1301, TLSWire.versionChosen(0xFEFC), TLSWire.share(23))
    private static let answer2 = TLSWire.serverHello(version: 0xFEFD, cipher: 0xC02F)
    private static let finished = record(22, [UInt8](repeating: 0x77, count: 60), epoch: 1)

    private static func harness() -> AnalyzerHarness {
        AnalyzerHarness(DTLSAnalyzer.self, transport: .udp, responderPort: 4433)
    }

    /// Headers of RFC 9147 section 4: with sequence number and length, without a length, with an identifier.
    @Test(arguments: ["2e 0102 001f", "2a 0102", "3e 49616d6e6f626f6479 0102 001f"])
    func encryptedRecordsOfDTLS13EndTheHandshake(header: String) {
        let sealed = Wire.hex(header) + [UInt8](repeating: 0x99, count: 31)
        var harness = Self.harness()
        harness.feed(Self.fragment(Self.hello, number: 0), from: .originator)
        harness.feed(Self.fragment(Self.retry, number: 0), from: .responder)
        harness.feed(Self.fragment(Self.hello, number: 1), from: .originator)
        // The answer and what is encrypted behind it in one datagram.
        harness.feed(Self.fragment(Self.answer3, number: 1) + sealed, from: .responder)
        #expect(harness.records(SSLRecord.kind).isEmpty)
        harness.feed(sealed, from: .originator)
        let found = harness.records(SSLRecord.kind)
        #expect(found.map { $0[Records.ssl.sslHistory] } == ["CjCs"])
        #expect(found.first?[Records.ssl.version] == "DTLSv13")
        #expect(found.first?[Records.ssl.cipher] == "TLS_AES_128_GCM_SHA256")
        #expect(found.first?[Records.ssl.curve] == "secp256r1")
        #expect(found.first?[Records.ssl.established] == true)
        #expect(harness.failure == nil)
    }

    @Test func aClientThatNobodyAnswersIsTold() {
        var harness = Self.harness()
        for _ in 0..<3 { harness.feed(Self.fragment(Self.hello, number: 0), from: .originator) }
        harness.finish()
        let found = harness.records(SSLRecord.kind)
        #expect(found.map { $0[Records.ssl.sslHistory] } == ["CCC"])
        #expect(found.first?[Records.ssl.established] == false)
    }

    /// Connection identifiers (RFC 9146): records of type 25 have one before their length, of 0 to 255 bytes.
    @Test(arguments: [0, 4, 255]) func recordsWithIdentifiersAreEncrypted(count: Int) {
        func sealed(_ number: UInt8) -> [UInt8] {
            let identifier = [UInt8](repeating: 0xA1, count: count)
            return [25, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 0, number] + identifier
                + TLSWire.vector([UInt8](repeating: number, count: 40), lengthBytes: 2)
        }
        let agreed = TLSWire.fieldOf(54, TLSWire.vector([UInt8](repeating: 0xA1, count: count), lengthBytes: 1))
        let hello = TLSWire.clientHello(version: 0xFEFD, cookie: [], agreed)
        let answer = TLSWire.serverHello(version: 0xFEFD, cipher: 0xC02B, agreed)
        var harness = Self.harness()
        harness.feed(Self.fragment(hello, number: 0), from: .originator)
        harness.feed(
            Self.fragment(answer, number: 0) + Self.fragment(TLSWire.message(14, []), number: 1), from: .responder)
        harness.feed(
            Self.fragment(TLSWire.message(16, [0]), number: 1) + Self.record(20, [1]) + sealed(0), from: .originator)
        #expect(harness.records(SSLRecord.kind).isEmpty)
        harness.feed(Self.record(20, [1]) + sealed(0), from: .responder)
        for number in UInt8(1)...3 { harness.feed(sealed(number), from: number & 1 == 0 ? .originator : .responder) }
        #expect(harness.failure == nil)
        let found = harness.records(SSLRecord.kind)
        #expect(found.map { $0[Records.ssl.sslHistory] } == ["CsnGIi"])
        #expect(found.first?[Records.ssl.established] == true)
        #expect(found.first?[Records.ssl.cipher] == "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
    }

    /// What the hellos said stays true when a record behind them is cut.
    @Test func aCutRecordLeavesWhatIsKnown() {
        var harness = Self.harness()
        harness.feed(Self.fragment(Self.hello, number: 0), from: .originator)
        harness.feed(Self.fragment(Self.answer2, number: 0), from: .responder)
        harness.feed(Array(Self.finished.dropLast()), from: .originator)
        #expect(harness.failure != nil)
        #expect(harness.records(SSLRecord.kind).map { $0[Records.ssl.sslHistory] } == ["Cs"])
    }

    /// Fragments in any order, of two messages in turn, and again.
    @Test func fragmentsInAnyOrderAreOneMessage() {
        let certificate = Array(KnownCertificatesTests.certificate(1))
        let chain = TLSWire.certificates(certificate)
        let request = TLSWire.message(13, [UInt8](repeating: 1, count: 300))
        var harness = Self.harness()
        harness.feed(Self.fragment(Self.hello, number: 0), from: .originator)
        harness.feed(Self.fragment(Self.answer2, number: 0), from: .responder)
        let pieces = [
            Self.fragment(chain, number: 1, 100..<chain.count - 4), Self.fragment(request, number: 2, 200..<300),
            Self.fragment(chain, number: 1, 60..<110), Self.fragment(TLSWire.message(14, []), number: 3),
            Self.fragment(request, number: 2, 0..<200), Self.fragment(chain, number: 1, 0..<60),
            // Retransmissions.
            Self.fragment(chain, number: 1, 0..<60), Self.fragment(chain, number: 1),
        ]
        for piece in pieces { harness.feed(piece, from: .responder) }
        harness.feed(
            Self.fragment(TLSWire.message(16, [0]), number: 1) + Self.record(20, [1]) + Self.finished,
            from: .originator)
        harness.feed(Self.record(20, [1]) + Self.finished, from: .responder)
        let found = harness.records(SSLRecord.kind)
        #expect(found.map { $0[Records.ssl.sslHistory] } == ["CsnrxxGIi"])
        #expect(found.first?[Records.ssl.certChainFps]?.count == 1)
        #expect(found.first?[Records.ssl.established] == true)
        #expect(harness.records(X509Record.kind).count == 1)
    }

    /// Beginnings of messages that never end.
    @Test func messagesThatNeverEndTakeLittle() throws {
        var fragments = DTLSFragments()
        for number in 0..<1000 {
            for offset in stride(from: 50_000, through: 100_000, by: 1000) {
                let head = [UInt8(11)] + TLSWire.big(131_072, bytes: 3) + TLSWire.big(number, bytes: 2)
                let piece = TLSWire.vector([UInt8](repeating: 1, count: 1000), lengthBytes: 3)
                var reader = ByteReader(head + TLSWire.big(offset, bytes: 3) + piece)
                let isWhole = try fragments.take(&reader) != nil
                #expect(!isWhole)
            }
        }
        #expect(fragments.heldBytes <= 4 * 2 * 131_072)
    }
}
