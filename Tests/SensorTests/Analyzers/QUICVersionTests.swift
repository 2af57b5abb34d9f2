import Shared
import Testing

@testable import Sensor

/// QUIC in versions that are made up, drafts, or gone over to.
@Suite struct QUICVersionTests {
    /// A reserved version is under the keys of one that the client knows. JA3 of the hello: MD5 of
    /// `771,4865,0-16-43,,`.
    @Test(arguments: [
        QUICWire.forcedByVersion1, QUICWire.forcedByDraft29, QUICWire.forcedByDraft27, QUICWire.forcedByVersion2,
    ]) func aReservedVersionIsOpened(packet: [UInt8]) {
        #expect(QUICAnalyzer.probe(packet.span.bytes, from: .originator) == .match)
        let found = QUICWire.read([(.originator, packet), (.originator, packet)])
        #expect(QUICWire.histories(found) == ["ISI"])
        let quic = found.records(QUICRecord.kind).first
        #expect(quic?[Records.quic.version] == "unknown-1a2a3a4a")
        #expect(quic?[Records.quic.clientInitialDcid] == "1111111111111111")
        #expect(quic?[Records.quic.clientScid] == "63636363")
        #expect(quic?[Records.quic.serverName] == "srv.example")
        #expect(quic?[Records.quic.clientProtocol] == "h3")
        #expect(QUICWire.letters(found) == ["C"])
        let ssl = found.records(SSLRecord.kind).first
        #expect(ssl?[Records.ssl.serverName] == "srv.example")
        #expect(ssl?[Records.ssl.ja3] == "9cd3a3df22ead6ac1977bf836d6ea964")
        #expect(ssl?[Records.ssl.ja4]?.hasPrefix("q13d0103h3_") == true)
    }

    /// Only what a client's first datagram may be, and only what a key authenticates; and that is tried once.
    @Test func whatNoKeyOpensStaysClosed() {
        let changed = QUICWire.forcedByVersion1.dropLast() + [0]
        for closed in [Array(changed), QUICWire.forcedTooShort] {
            let found = QUICWire.read([(.originator, closed)])
            #expect(QUICWire.histories(found) == ["U"])
            #expect(QUICWire.letters(found) == [])
        }
        let late = QUICWire.read([(.originator, Array(changed)), (.originator, QUICWire.forcedByVersion1)])
        #expect(QUICWire.histories(late) == ["UU"])
    }

    /// RFC 9000 section 6.2: the client begins anew with a version that the server has named.
    @Test func aNegotiationIsFollowedByAnotherHello() {
        let found = QUICWire.read([
            (.originator, QUICWire.forcedByDraft29), (.responder, QUICWire.negotiation),
            (.originator, QUICWire.otherClientHello), (.responder, QUICWire.otherServerHello),
        ])
        #expect(QUICWire.histories(found) == ["ISuISis"])
        #expect(found.records(QUICRecord.kind).first?[Records.quic.version] == "1")
        #expect(found.records(QUICRecord.kind).first?[Records.quic.serverScid] == "64646464")
        // The hello that nobody answered was to force the list only.
        #expect(QUICWire.letters(found) == ["Cs"])
    }

    /// RFC 9369 section 4.1: the keys of the version that is gone over to come from the client's first identifier.
    @Test func aServerMayGoOverToAnotherVersion() {
        let found = QUICWire.read([
            (.originator, QUICWire.clientHello), (.responder, QUICWire.upgradedServerHello),
            (.originator, QUICWire.upgradedAcknowledgement),
        ])
        #expect(QUICWire.histories(found) == ["ISisI"])
        #expect(found.records(QUICRecord.kind).first?[Records.quic.version] == "quicv2")
        #expect(QUICWire.letters(found) == ["Cs"])
        // Of a connection of which only the server is seen the first identifier is not known.
        #expect(QUICWire.letters(QUICWire.read([(.responder, QUICWire.upgradedServerHello)])) == [])
    }

    /// What another version's keys do not open leaves the first's in place.
    @Test func aPacketOfAnotherVersionTakesNoKeys() {
        let forged = QUICWire.upgradedServerHello.dropLast() + [0]
        let found = QUICWire.read([
            (.originator, QUICWire.clientHello), (.responder, Array(forged)), (.responder, QUICWire.serverHello),
        ])
        #expect(QUICWire.histories(found) == ["ISiis"])
        #expect(QUICWire.letters(found) == ["Cs"])
    }

    @Test(arguments: [
        (QUICWire.secondsFirstDraft, "unknown-ff020000"), (QUICWire.secondsLaterDraft, "unknown-709a50c4"),
    ]) func draftsOfVersion2AreOpened(packet: [UInt8], version: String) {
        #expect(QUICAnalyzer.probe(packet.span.bytes, from: .originator) == .match)
        let found = QUICWire.read([(.originator, packet)])
        #expect(QUICWire.histories(found) == ["IS"])
        let quic = found.records(QUICRecord.kind).first
        // Zeek has no names for them.
        #expect(quic?[Records.quic.version] == version)
        #expect(quic?[Records.quic.serverName] == "srv.example")
    }

    /// Clients that force a negotiation say another hello under the version that the server names.
    @Test(arguments: [QUICWire.forcedLure, QUICWire.draftLure])
    func aHelloThatNobodyAnsweredIsNotTold(lure: [UInt8]) {
        let found = QUICWire.read([
            (.originator, lure), (.originator, QUICWire.clientHello), (.responder, QUICWire.serverHello),
        ])
        #expect(QUICWire.histories(found) == ["ISISis"])
        #expect(found.records(QUICRecord.kind).first?[Records.quic.serverName] == "srv.example")
        #expect(QUICWire.letters(found) == ["Cs"])
        #expect(found.records(SSLRecord.kind).first?[Records.ssl.serverName] == "srv.example")
    }

    /// Behind a hello, a client's packet of another version is no beginning until the server answers to it.
    @Test(arguments: [
        ([QUICWire.draftLure], "ISISis"), ([QUICWire.draftPing], "ISIis"), ([QUICWire.draftClose], "ISIis"),
        ([QUICWire.draftMalformed], "ISIXis"), ([QUICWire.draftPing, QUICWire.draftLure], "ISIISis"),
    ]) func aLureTakesNoKeys(lures: [[UInt8]], history: String) {
        let found = QUICWire.read(
            [(.originator, QUICWire.clientHello)] + lures.map { (.originator, $0) }
                + [(.responder, QUICWire.serverHello)])
        #expect(QUICWire.histories(found) == [history])
        #expect(QUICWire.letters(found) == ["Cs"])
        #expect(found.records(SSLRecord.kind).first?[Records.ssl.serverName] == "srv.example")
        #expect(found.records(SSLRecord.kind).first?[Records.ssl.cipher] == "TLS_AES_128_GCM_SHA256")
    }

    /// Of the lures of one connection only a few are worked out and kept, and none once the hellos are told.
    @Test func luresAreBounded() {
        var harness = AnalyzerHarness(QUICAnalyzer.self, transport: .udp, responderPort: 443)
        harness.feed(QUICWire.clientHello, from: .originator)
        let held = harness.analyzer.heldBytes
        for _ in 0..<20 { harness.feed(QUICWire.draftLure, from: .originator) }
        #expect(harness.analyzer.heldBytes <= 4 * max(held, 512))
        harness.feed(QUICWire.serverHello, from: .responder)
        #expect(harness.analyzer.heldBytes == 0)
        for _ in 0..<20 { harness.feed(QUICWire.draftClose, from: .originator) }
        harness.finish()
        #expect(harness.records(QUICRecord.kind).count == 1)
        #expect(QUICWire.letters(harness) == ["Cs"])
    }

    /// What forced the negotiation comes late, or again.
    @Test func aForcedHelloThatComesAgainTakesNoKeys() {
        let found = QUICWire.read([
            (.originator, QUICWire.forcedLure), (.responder, QUICWire.negotiation), (.originator, QUICWire.clientHello),
            (.originator, QUICWire.forcedLure), (.responder, QUICWire.serverHello),
        ])
        #expect(QUICWire.histories(found) == ["ISuISIis"])
        #expect(QUICWire.letters(found) == ["Cs"])
        #expect(found.records(SSLRecord.kind).first?[Records.ssl.serverName] == "srv.example")
    }

    /// Whoever says it, a malformed frame ends the reading of its packet only.
    @Test(arguments: [QUICWire.forcedMalformed, QUICWire.draftMalformed])
    func aMalformedFrameEndsNoConnection(malformed: [UInt8]) {
        let found = QUICWire.read([
            (.originator, malformed), (.originator, QUICWire.clientHello), (.responder, QUICWire.serverHello),
        ])
        #expect(found.failure == nil)
        #expect(QUICWire.histories(found) == ["IXISis"])
        #expect(QUICWire.letters(found) == ["Cs"])
    }

    @Test func whatCameBeforeAMalformedFrameIsKept() {
        let found = QUICWire.read([(.originator, QUICWire.malformedBehindHello), (.responder, QUICWire.serverHello)])
        #expect(found.failure == nil)
        #expect(QUICWire.histories(found) == ["IXSis"])
        #expect(found.records(QUICRecord.kind).first?[Records.quic.serverName] == "srv.example")
    }

    /// A message of more than can be ends what its sender has said so far.
    @Test func aHelloThatIsTooLongIsLeft() {
        let found = QUICWire.read([
            (.originator, QUICWire.clientHello), (.responder, QUICWire.oversized), (.responder, QUICWire.serverHello),
        ])
        #expect(found.failure == nil)
        #expect(QUICWire.histories(found) == ["ISixis"])
        #expect(QUICWire.letters(found) == ["Cs"])
    }

    /// Packets of other versions that do not open use up nothing that the next connection needs.
    @Test func whatDoesNotOpenUsesUpNothing() {
        let closed = Array(QUICWire.draftPing.dropLast() + [0])
        let bogus = [(Side, [UInt8])](repeating: (.originator, closed), count: 16)
        let found = QUICWire.read(
            [(.originator, QUICWire.clientHello)] + bogus
                + [
                    (.responder, QUICWire.serverHello), (.responder, QUICWire.serverClose),
                    (.originator, QUICWire.otherClientHello), (.responder, QUICWire.otherServerHello),
                ])
        #expect(QUICWire.histories(found) == ["IS" + String(repeating: "I", count: 16) + "isic", "ISis"])
        #expect(QUICWire.letters(found) == ["Cs", "Cs"])
    }

    /// Only the end that begins is a client: the other's datagram is not learnt from.
    @Test func nothingIsLearntOfTheResponder() {
        let found = QUICWire.read([
            (.responder, QUICWire.forcedLure), (.originator, QUICWire.clientHello), (.responder, QUICWire.serverHello),
        ])
        #expect(QUICWire.letters(found) == ["Cs"])
        #expect(found.records(SSLRecord.kind).first?[Records.ssl.serverName] == "srv.example")
    }

    /// RFC 9000 section 17.2: nobody takes a packet whose reserved bits are not zero.
    @Test func reservedBitsAreZero() {
        let found = QUICWire.read([(.originator, QUICWire.reservedBits)])
        #expect(QUICWire.histories(found) == ["I"])
        #expect(QUICWire.letters(found) == [])
    }

    /// A first packet that does not open has the identifier all the same that the answer's keys come from.
    @Test func theAnswerToADamagedHelloIsRead() {
        let damaged = Array(QUICWire.clientHello.dropLast() + [0])
        let found = QUICWire.read([(.originator, damaged), (.responder, QUICWire.serverHello)])
        #expect(QUICWire.histories(found) == ["Iis"])
        #expect(QUICWire.letters(found) == ["s"])
    }
}
