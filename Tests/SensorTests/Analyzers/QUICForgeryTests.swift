import Shared
import Testing

@testable import Sensor

/// QUIC packets that no end heeds, or that one end sends to hide what it means.
@Suite struct QUICForgeryTests {
    /// RFC 9000 section 5.2: connections are told apart by their identifiers, not by ports.
    @Test func anotherConnectionBetweenTheSamePortsIsTold() {
        let found = QUICWire.read([
            (.originator, QUICWire.clientHello), (.responder, QUICWire.serverHello),
            (.originator, QUICWire.otherClientHello), (.responder, QUICWire.otherServerHello),
        ])
        #expect(QUICWire.letters(found) == ["Cs", "Cs"])
        let identifiers = found.records(QUICRecord.kind).map { $0[Records.quic.clientInitialDcid] }
        #expect(identifiers == ["1111111111111111", "2222222222222222"])
        #expect(QUICWire.histories(found).last == "is")
    }

    @Test func anAnswerBelongsToTheHelloThatItAnswers() {
        let found = QUICWire.read([
            (.originator, QUICWire.otherClientHello), (.originator, QUICWire.clientHello),
            (.responder, QUICWire.serverHello),
        ])
        #expect(QUICWire.letters(found) == ["Cs"])
    }

    /// Short headers of no connection end no reading (RFC 9000 section 5.2.2).
    @Test func shortHeadersInFrontOfTheHelloHideNothing() {
        let shorts = [(Side, [UInt8])](repeating: (.originator, [0x40]), count: 20)
        let found = QUICWire.read(
            [(.originator, QUICWire.firstHalf)] + shorts
                + [(.originator, QUICWire.secondHalf), (.responder, QUICWire.serverHello)])
        #expect(QUICWire.letters(found) == ["Cs"])
        #expect(found.records(SSLRecord.kind).first?[Records.ssl.serverName] == "srv.example")
    }

    /// A server's hello is the server's (RFC 8446 section 4.1.3).
    @Test func aClientAnswersNotItself() {
        let found = QUICWire.read([(.originator, QUICWire.helloWithAnswer), (.responder, QUICWire.serverHello)])
        #expect(QUICWire.letters(found) == ["Cs"])
        #expect(found.records(SSLRecord.kind).first?[Records.ssl.cipher] == "TLS_AES_128_GCM_SHA256")
    }

    /// RFC 9000 section 12.2: packets that do not open keep nobody from those behind them.
    @Test func packetsInFrontInTheDatagramHideNothing() {
        let junk = Wire.hex("c0 00000001 08 1111111111111111 04 63636363 00 4012") + [UInt8](repeating: 0x55, count: 18)
        let datagram = [[UInt8]](repeating: junk, count: 20).flatMap { $0 } + QUICWire.clientHello
        let found = QUICWire.read([(.originator, datagram), (.responder, QUICWire.serverHello)])
        #expect(QUICWire.letters(found) == ["Cs"])
    }

    /// The same of datagrams, and of packets in one that have another destination than the first.
    @Test(arguments: [1, 20]) func junkOfOtherIdentifiersHidesNothing(perDatagram: Int) {
        let junk = (0..<20).map { index in
            Wire.hex("c0 00000001 08") + [UInt8](repeating: UInt8(0x80 + index), count: 8)
                + Wire.hex("04 63636363 00 4012") + [UInt8](repeating: 0x55, count: 18)
        }
        let datagrams = stride(from: 0, to: 20, by: perDatagram).map { Array(junk[$0..<$0 + perDatagram].joined()) }
        let found = QUICWire.read(
            datagrams.map { (.originator, $0) }
                + [(.originator, QUICWire.clientHello), (.responder, QUICWire.serverHello)])
        #expect(QUICWire.letters(found) == ["Cs"])
    }

    /// A server that makes all clients begin anew compares no hellos: the second one is what it reads.
    @Test func theHelloBehindTheRetryCounts() {
        let found = QUICWire.read([
            (.originator, QUICWire.lureBeforeRetry), (.responder, QUICWire.retry),
            (.originator, QUICWire.helloAfterRetry), (.responder, QUICWire.answerAfterRetry),
        ])
        #expect(QUICWire.histories(found) == ["ISr", "ISis"])
        #expect(found.records(QUICRecord.kind).map { $0[Records.quic.serverName] } == ["lure.example", "srv.example"])
        #expect(found.records(SSLRecord.kind).first?[Records.ssl.serverName] == "srv.example")
    }

    /// RFC 9000 section 17.2.5.2: of the client itself, to another's identifier, or too late.
    @Test func aRetryThatNobodyHeedsBeginsNothing() {
        let forOthers = QUICWire.retry.prefix(6) + Wire.hex("99999999") + QUICWire.retry.dropFirst(10)
        let hello = (Side.originator, QUICWire.clientHello)
        let answer = (Side.responder, QUICWire.serverHello)
        for conversation in [
            [hello, (.originator, QUICWire.retry), answer], [hello, (.responder, Array(forOthers)), answer],
            [hello, answer, (.responder, QUICWire.retry)], [(.originator, QUICWire.retry), hello, answer],
        ] {
            let found = QUICWire.read(conversation)
            #expect(QUICWire.histories(found) == ["ISis"])
            #expect(QUICWire.letters(found) == ["Cs"])
        }
    }

    /// A server that answers has not heeded the close: what comes behind it begins nothing.
    @Test func aCloseThatIsNotHeededEndsNothing() {
        let found = QUICWire.read([
            (.originator, QUICWire.clientClose), (.originator, QUICWire.clientHello),
            (.responder, QUICWire.serverHello), (.originator, QUICWire.otherClientHello),
        ])
        #expect(QUICWire.letters(found) == ["Cs"])
        #expect(found.records(QUICRecord.kind).last?[Records.quic.clientInitialDcid] == "1111111111111111")
    }

    /// Who cannot seal a packet changes neither version nor identifiers.
    @Test func whatDoesNotOpenChangesNoNames() {
        let closed = Array(QUICWire.draftPing.dropLast() + [0])
        let found = QUICWire.read([
            (.originator, QUICWire.clientHello), (.responder, QUICWire.serverHello), (.originator, closed),
        ]).records(QUICRecord.kind)
        #expect(found.map { $0[Records.quic.version] } == ["1"])
        #expect(found.first?[Records.quic.clientScid] == "63636363")
    }

    /// draft-ietf-quic-tls-33 section 5.2.
    @Test func theLastDraftsHaveTheStandardsSalt() {
        let salts = [1, 0xFF00_0021, 0xFF00_0022, 0xFF00_0020].map { QUICVersion($0)?.salt }
        #expect(salts[1] == salts[0])
        #expect(salts[2] == salts[0])
        #expect(salts[3] != salts[0])
    }
}
