import Shared
import Testing

@testable import Sensor

/// What a tap with a card for each direction shows in the wrong order, and what only looks like that.
@Suite struct EarlyAcknowledgementTests {
    @Test func dataBehindItsAcknowledgementReachesTheAnalyzer() throws {
        var talk = PacketScript()
        talk.handshake()
        talk.client(0x18, 101, 501, "T1")
        talk.server(0x10, 501, 105)
        talk.client(0x18, 103, 501, "T2")
        let records = talk.end()
        #expect(records.pieces == ["piece:T1", "piece:T2", "end:"])
        // Counted at once, as Zeek does.
        #expect(try #require(records.of("conn").first)[Records.conn.missedBytes] == 2)
    }

    @Test func anAnswerWaitsForItsQuestion() {
        var talk = PacketScript()
        talk.handshake()
        talk.client(0x18, 101, 501, "T1")
        talk.server(0x18, 501, 105, "a1")
        talk.server(0x18, 503, 105, "a2")
        talk.client(0x18, 103, 501, "T2")
        talk.client(0x18, 105, 505, "T3")
        #expect(
            talk.end().pieces == ["piece:T1", "piece:T2", "piece:a1", "piece:a2", "piece:T3", "end:"])
    }

    /// The client's card is late by several rounds: it acknowledges what waits before it shows what that answers.
    @Test func severalRoundsMayBeLate() {
        var talk = PacketScript()
        talk.handshake()
        talk.client(0x18, 101, 501, "T1")
        talk.server(0x18, 501, 105, "a1")
        talk.server(0x18, 503, 107, "a2")
        talk.client(0x18, 103, 501, "T2")
        talk.client(0x10, 105, 503)
        talk.client(0x18, 105, 503, "T3")
        #expect(talk.end().pieces == ["piece:T1", "piece:T2", "piece:T3", "piece:a1", "piece:a2", "end:"])
    }

    /// What has not come when the client shows later numbers was lost, and what waited is told at its own time.
    @Test(arguments: [("T3", "piece:T3"), ("", nil)] as [(String, String?)])
    func laterNumbersEndTheWait(data: String, piece: String?) {
        var talk = PacketScript()
        talk.handshake()
        talk.client(0x18, 101, 501, "T1")
        talk.server(0x18, 501, 105, "a1")
        talk.client(0x18, 105, 503, data)
        talk.client(0x18, 103, 503, "T2")
        #expect(
            talk.end().pieces == ["piece:T1", "hole:2", "piece:a1"] + (piece.map { [$0] } ?? []) + ["end:"])
    }

    @Test func nothingIsWaitedForLongerThanCardsHoldBack() {
        var talk = PacketScript()
        talk.handshake()
        talk.client(0x18, 101, 501, "T1")
        talk.server(0x18, 501, 105, "a1")
        talk.time = talk.time + .milliseconds(30)
        talk.server(0x18, 503, 105, "a2")
        talk.client(0x18, 103, 501, "T2")
        #expect(talk.end().pieces == ["piece:T1", "hole:2", "piece:a1", "piece:a2", "end:"])
    }

    @Test func whatWaitsIsToldWhenTheConnectionEnds() {
        var talk = PacketScript()
        talk.handshake()
        talk.client(0x18, 101, 501, "T1")
        talk.server(0x18, 501, 105, "a1")
        #expect(talk.end().pieces == ["piece:T1", "hole:2", "piece:a1", "end:"])
    }

    /// A tap that loses packets costs no memory and no order for long.
    @Test func whoLosesOftenIsBelieved() {
        var talk = PacketScript()
        talk.handshake()
        talk.client(0x18, 101, 501, "T1")
        var expected = ["piece:T1"]
        for round: UInt32 in 0..<5 {
            talk.server(0x18, 501 + round * 2, 105 + round * 4, "a\(round)")
            if round == 4 { #expect(talk.records().pieces.suffix(2) == ["hole:2", "piece:a4"]) }
            talk.client(0x18, 105 + round * 4, 503 + round * 2, "T\(round)")
            expected += ["hole:2", "piece:a\(round)", "piece:T\(round)"]
        }
        #expect(expected.count == 16)
    }

    /// What was seen in order is never lost for want of room to wait in, and nothing comes twice.
    @Test(arguments: [false, true]) func withoutRoomNothingWaits(isAgain: Bool) {
        var settings = FlowSettings()
        settings.reassemblyLimitPerSideBytes = 150
        var talk = PacketScript(settings: settings)
        talk.handshake()
        talk.client(0x18, 101, 501, "T1")
        talk.server(0x18, 501, 105, "a1")
        talk.server(0x18, 503, 105, "a2")
        if isAgain { talk.server(0x18, 501, 105, "a1") }
        talk.server(0x18, 505, 105, "a3")
        talk.client(0x10, 105, 507)
        #expect(talk.end().pieces == ["piece:T1", "hole:2", "piece:a1", "piece:a2", "piece:a3", "end:"])
        #expect(talk.engine.counters.refusedSegments == 0)
    }

    /// One direction alone has no order to keep.
    @Test func oneSidedConnectionsWaitForNothing() {
        var talk = PacketScript()
        talk.server(0x12, 500, 101)
        talk.server(0x18, 501, 110, "Ta")
        #expect(talk.records().pieces.last == "piece:Ta")
    }

    // MARK: Two answers to a SYN

    /// A proxy answers too; the client goes on with one of them (RFC 9293 section 3.10.7.4 has it refuse the other).
    @Test(arguments: [500, 9000] as [UInt32], [true, false])
    func theAnswerThatTheClientTookCounts(taken: UInt32, isBehindTheHandshake: Bool) throws {
        var talk = PacketScript()
        talk.client(2, 100)
        talk.server(0x12, isBehindTheHandshake ? taken : 500, 101)
        if isBehindTheHandshake { talk.client(0x10, 101, taken + 1) }
        talk.server(0x12, isBehindTheHandshake ? 4_000_000_000 : 9000, 101)
        talk.client(0x18, 101, taken + 1, "T?")
        talk.server(0x18, taken + 1, 103, "answer")
        talk.client(0x10, 103, taken + 7)
        let records = talk.end()
        #expect(records.pieces == ["piece:T?", "piece:answer", "end:"])
        let conn = try #require(records.of("conn").first)
        #expect(conn[Records.conn.respBytes] == 6)
        #expect(conn[Records.conn.missedBytes] == 0)
    }
}
