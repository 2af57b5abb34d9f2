import Shared
import Testing

@testable import Sensor

/// QUIC beside the standard's versions: Google's own, and clients that force a negotiation.
@Suite struct QUICAnalyzerTests {
    /// A hello after "QUIC Crypto": tag, number of entries, each entry's tag and end, the values.
    private static func hello(_ server: String) -> [UInt8] {
        func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 255) } }
        let padding = [UInt8](repeating: 0x2D, count: 600)
        let name = Array(server.utf8)
        let table =
            Array("PAD\0".utf8) + word(600) + Array("SNI\0".utf8) + word(600 + name.count) + Array("VER\0".utf8)
            + word(604 + name.count)
        return Array("CHLO".utf8) + [3, 0, 0, 0] + table + padding + name + Array("Q043".utf8)
    }

    private static let frameHead = Wire.hex("a0 01 04 00")
    private static let hash = [UInt8](repeating: 0x5A, count: 12)

    @Test(arguments: [("Q043", true), ("Q025", true), ("Q046", false)])
    func googlesHelloIsRead(version: String, hasShortHeader: Bool) {
        let id = Wire.hex("de a3 11 22 33 44 55 66")
        let head =
            hasShortHeader
            ? Wire.join([0x0D], id, Array(version.utf8), [1])
            : Wire.join([0xC3], Array(version.utf8), [0x50], id, [0, 0, 0, 1])
        let packet = Wire.join(head, Self.hash, Self.frameHead, Self.hello("www.example.net"))
        #expect(QUICAnalyzer.probe(packet.span.bytes, from: .originator) == .match)
        var harness = AnalyzerHarness(QUICAnalyzer.self, transport: .udp, responderPort: 443)
        harness.feed(packet, from: .originator)
        harness.finish()
        let found = harness.records(QUICRecord.kind)
        #expect(found.map { $0[Records.quic.version] } == [version])
        #expect(found.first?[Records.quic.serverName] == "www.example.net")
        #expect(found.first?[Records.quic.clientInitialDcid] == "dea3112233445566")
    }

    /// A client that names a reserved version, and the list that its server answers with (RFC 9000 §6, §17.2.1).
    @Test func aForcedNegotiationIsQUIC() {
        let client = Wire.join(
            Wire.hex("c3 1a2a3a4a 08 0102030405060708 00 00 44be"), [UInt8](repeating: 0x77, count: 1214))
        let server = Wire.hex("80 00000000 00 08 0102030405060708 00000001 6b3343cf")
        #expect(QUICAnalyzer.probe(client.span.bytes, from: .originator) == .match)
        let short = Array(client.prefix(900))
        #expect(QUICAnalyzer.probe(short.span.bytes, from: .originator) == .noMatch)
        var harness = AnalyzerHarness(QUICAnalyzer.self, transport: .udp, responderPort: 443)
        harness.feed(client, from: .originator)
        harness.feed(server, from: .responder)
        harness.finish()
        let found = harness.records(QUICRecord.kind)
        #expect(found.map { $0[Records.quic.history] } == ["Uu"])
        #expect(found.first?[Records.quic.version] == "unknown-1a2a3a4a")
        #expect(harness.failure == nil)
    }

    /// A table of tags that tells of more than is there, or that goes back.
    @Test(arguments: ["00000100", "ffffffff", "02000000"]) func tablesThatLieAreNoNames(end: String) {
        let name = Array("SNI\0".utf8) + Wire.hex(end)
        let lies = Array("CHLO".utf8) + [2, 0, 0, 0] + Array("PAD\0".utf8) + [3, 0, 0, 0] + name + [1, 2, 3]
        #expect(GoogleHello.serverName(in: lies[...]) == nil)
    }

    /// The bit that is always set is not: what is behind a packet is left, once keys have fitted.
    @Test func whatHasNotTheFixedBitIsLeft() {
        let closed = [0x01] + [UInt8](repeating: 0x55, count: 40)
        let found = QUICWire.read([
            (.responder, closed), (.originator, QUICWire.clientHello + [UInt8](repeating: 0, count: 40)),
            (.responder, QUICWire.serverHello), (.responder, closed), (.originator, QUICWire.short),
        ])
        #expect(QUICWire.histories(found) == ["ISXisxO"])
    }

    /// Ends that clear the bit at random (RFC 9287) have long headers all the same.
    @Test func aLongHeaderNeedNotHaveTheFixedBit() {
        let handshake = Wire.hex("a0 00000001 04 63636363 04 73737373 4020") + [UInt8](repeating: 8, count: 32)
        let found = QUICWire.read([
            (.originator, QUICWire.clientHello), (.responder, handshake + QUICWire.serverHello),
        ])
        #expect(QUICWire.histories(found) == ["IShis"])
    }

    @Test func dataBeforeTheHelloIsQUIC() {
        let early = QUICWire.early
        #expect(QUICAnalyzer.probe(early.span.bytes, from: .originator) == .match)
        // The server's next flight begins none.
        let handshake: [UInt8] = [0xE0] + QUICWire.early.dropFirst()
        #expect(QUICAnalyzer.probe(handshake.span.bytes, from: .originator) == .noMatch)
        let found = QUICWire.read([
            (.originator, QUICWire.early), (.originator, QUICWire.early), (.originator, QUICWire.clientHello),
            (.responder, QUICWire.serverHello),
        ])
        #expect(QUICWire.histories(found) == ["ZZISis"])
        #expect(found.records(QUICRecord.kind).first?[Records.quic.clientInitialDcid] == "1111111111111111")
    }

    /// The first, second, fourth, eighth... short header of a side, however many datagrams there were.
    @Test func shortHeadersAreCountedToTheEnd() {
        let hellos = [(Side.originator, QUICWire.clientHello), (.responder, QUICWire.serverHello)]
        let many = (0..<130).flatMap { _ in [(Side.originator, QUICWire.short), (.responder, QUICWire.short)] }
        #expect(QUICWire.histories(QUICWire.read(hellos + many)) == ["ISis" + String(repeating: "Oo", count: 8)])
    }

    /// A close in an Initial packet ends the record; what comes then has one of its own.
    @Test func aCloseBeginsAnotherRecord() {
        let opening = [(Side.originator, QUICWire.clientHello), (.responder, QUICWire.serverClose)]
        #expect(QUICWire.histories(QUICWire.read(opening)) == ["ISic"])
        let again = QUICWire.read(opening + [(.responder, QUICWire.serverClose)])
        #expect(QUICWire.histories(again) == ["ISic", "ic"])
        let other = QUICWire.read(opening + [(.originator, QUICWire.otherClientHello)])
        #expect(QUICWire.histories(other) == ["ISic", "IS"])
        let identifiers = other.records(QUICRecord.kind).map { $0[Records.quic.clientInitialDcid] }
        #expect(identifiers == ["1111111111111111", "2222222222222222"])
        #expect(QUICWire.letters(other) == ["C", "C"])
    }

    /// RFC 9000 section 17.2.5.2: a client heeds one retry. Mirrored ports show each datagram twice.
    @Test func aRetryThatComesTwiceIsOne() {
        let datagrams = [
            (Side.originator, QUICWire.clientHello), (.responder, QUICWire.retry),
            (.originator, QUICWire.helloAfterRetry), (.responder, QUICWire.answerAfterRetry),
        ]
        let once = QUICWire.histories(QUICWire.read(datagrams))
        #expect(once == ["ISr", "ISis"])
        let found = QUICWire.read(datagrams[...1] + [datagrams[1]] + datagrams[2...])
        #expect(QUICWire.histories(found) == once)
        #expect(found.records(QUICRecord.kind).map { $0[Records.quic.clientInitialDcid] }.last == "52525252")
    }

    /// A connection that is closed and retried again and again has few records.
    @Test func closesAndRetriesWithoutEndAreFewRecords() {
        let round = [
            (Side.originator, QUICWire.clientHello), (.responder, QUICWire.serverClose),
            (.originator, QUICWire.otherClientHello), (.responder, QUICWire.retry),
        ]
        let found = QUICWire.read((0..<15).flatMap { _ in round })
        #expect(QUICWire.histories(found).count == 8)
    }

    /// What was told is not held until the connection ends: there are as many as people look at pages.
    @Test func hellosGoOnceTheyAreTold() {
        var harness = AnalyzerHarness(QUICAnalyzer.self, transport: .udp, responderPort: 443)
        harness.feed(QUICWire.clientHello, from: .originator)
        #expect(harness.analyzer.heldBytes > 0)
        harness.feed(QUICWire.serverHello, from: .responder)
        #expect(harness.analyzer.heldBytes == 0)
        harness.feed(QUICWire.clientHello, from: .originator)
        #expect(harness.analyzer.heldBytes == 0)
        #expect(harness.records(SSLRecord.kind).count == 1)
    }

    /// After a retry the client's hello comes again (RFC 9000 section 17.2.5), and the history has both.
    @Test func aRetryRepeatsTheHello() {
        let found = QUICWire.read([
            (.originator, QUICWire.clientHello), (.responder, QUICWire.retry),
            (.originator, QUICWire.helloAfterRetry), (.responder, QUICWire.answerAfterRetry),
        ])
        #expect(QUICWire.histories(found) == ["ISr", "ISis"])
        #expect(QUICWire.letters(found) == ["CCs"])
    }

    /// The server asks for another share of keys (RFC 8446 section 4.1.4): that is not its answer yet.
    @Test func aRetryRequestIsNotTheAnswer() {
        let found = QUICWire.read([
            (.originator, QUICWire.clientHello), (.responder, QUICWire.retryRequest),
            (.originator, QUICWire.secondClientHello), (.responder, QUICWire.secondServerHello),
        ])
        #expect(QUICWire.letters(found) == ["CjCs"])
        #expect(QUICWire.histories(found) == ["ISisISis"])
    }

    /// A part of the client's hello comes behind the server's: all of it is told.
    @Test func theServersHelloMayOvertakeTheClients() {
        let found = QUICWire.read([
            (.originator, QUICWire.secondHalf), (.responder, QUICWire.serverHello), (.originator, QUICWire.firstHalf),
        ])
        #expect(QUICWire.letters(found) == ["sC"])
        #expect(found.records(SSLRecord.kind).first?[Records.ssl.serverName] == "srv.example")
    }

    @Test(arguments: [(QUICWire.oldFacebook, "mvfst (faceb001)"), (QUICWire.draft22, "draft-22")])
    func theSaltOfDraft22Opens(packet: [UInt8], version: String) {
        #expect(QUICAnalyzer.probe(packet.span.bytes, from: .originator) == .match)
        let found = QUICWire.read([(.originator, packet)])
        let quic = found.records(QUICRecord.kind)
        #expect(quic.map { $0[Records.quic.version] } == [version])
        #expect(quic.first?[Records.quic.serverName] == "old.example")
        #expect(quic.first?[Records.quic.history] == "IS")
    }

    @Test func theLastIdentifierOfASideIsTold() {
        let found = QUICWire.read([
            (.originator, QUICWire.clientHello), (.responder, QUICWire.serverHello),
            (.originator, QUICWire.clientAcknowledgement),
        ]).records(QUICRecord.kind)
        #expect(found.map { $0[Records.quic.clientScid] } == ["65656565"])
        #expect(found.first?[Records.quic.serverScid] == "73737373")
    }

    @Test(arguments: [
        (UInt32(0xFACE_B00E), "mvfst (faceb00e)"), (0xFACE_B012, "mvfst (faceb012)"), (0xFACE_B013, "mvfst (faceb013)"),
        (0xFF00_0016, "draft-22"), (0xFF00_001D, "draft-29"), (0x1001_0000, "unknown-10010000"),
    ]) func versionsHaveZeeksNames(number: UInt32, name: String) {
        #expect(QUICVersion.name(of: number) == name)
    }

    /// Versions of one company, whose keys are not known.
    @Test func aKnownCompanysVersionIsQUIC() {
        let head = Wire.hex("c0 faceb011 08 1111111111111111 00 00 44a0")
        let opening = head + [UInt8](repeating: 0x7A, count: 1184)
        #expect(QUICAnalyzer.probe(opening.span.bytes, from: .originator) == .match)
        let found = QUICWire.read([(.originator, opening)])
        #expect(found.records(QUICRecord.kind).map { $0[Records.quic.version] } == ["mvfst (faceb011)"])
        let short = Array(opening.dropLast(100))
        #expect(QUICAnalyzer.probe(short.span.bytes, from: .originator) == .noMatch)
    }

    /// The server's first packet acknowledges the client's before it says anything (Google's frames).
    @Test(arguments: [QUICWire.googleAnswer, QUICWire.googleAnswerLate])
    func googlesAcknowledgementsAreSkipped(answer: [UInt8]) {
        let found = QUICWire.read([(.originator, QUICWire.googleHello), (.responder, answer)])
        #expect(QUICWire.histories(found) == ["ISis"])
        #expect(found.records(QUICRecord.kind).first?[Records.quic.version] == "T051")
        #expect(QUICWire.letters(found) == ["Cs"])
        #expect(found.records(SSLRecord.kind).first?[Records.ssl.cipher] == "TLS_AES_128_GCM_SHA256")
    }

    @Test func googlesCloseIsNoted() {
        let found = QUICWire.read([(.originator, QUICWire.googleHello), (.responder, QUICWire.googleClose)])
        #expect(QUICWire.histories(found) == ["ISic"])
    }
}
