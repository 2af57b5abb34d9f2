import Shared
import Testing

@testable import Sensor

/// What a tap with a card for each direction shows in the wrong order, and what only looks like that.
@Suite struct EarlyAcknowledgementTests {
    /// A connection whose analyzer was found by what the client said first: it has sent 100 to 102, its server 500.
    private static func opened(_ settings: FlowSettings = FlowSettings()) -> PacketScript {
        var talk = PacketScript(settings: settings)
        talk.handshake()
        talk.client(0x18, 101, 501, "T1")
        return talk
    }

    @Test func dataBehindItsAcknowledgementReachesTheAnalyzer() throws {
        var talk = Self.opened()
        talk.server(0x10, 501, 105)
        talk.client(0x18, 103, 501, "T2")
        let records = talk.end()
        #expect(records.pieces == ["piece:T1", "piece:T2", "end:"])
        // Counted at once, as Zeek does.
        #expect(try #require(records.of("conn").first)[Records.conn.missedBytes] == 2)
    }

    @Test func anAnswerWaitsForItsQuestion() {
        var talk = Self.opened()
        talk.server(0x18, 501, 105, "a1")
        talk.server(0x18, 503, 105, "a2")
        talk.client(0x18, 103, 501, "T2")
        talk.client(0x18, 105, 505, "T3")
        #expect(
            talk.end().pieces == ["piece:T1", "piece:T2", "piece:a1", "piece:a2", "piece:T3", "end:"])
    }

    /// The client's card is late by several rounds: it acknowledges what waits before it shows what that answers.
    @Test func severalRoundsMayBeLate() {
        var talk = Self.opened()
        talk.server(0x18, 501, 105, "a1")
        talk.server(0x18, 503, 107, "a2")
        talk.client(0x18, 103, 501, "T2")
        talk.client(0x10, 105, 503)
        talk.client(0x18, 105, 503, "T3")
        #expect(talk.end().pieces == ["piece:T1", "piece:T2", "piece:a1", "piece:T3", "piece:a2", "end:"])
    }

    /// What has not come when the client shows later numbers was lost, and what waited is told at its own time.
    @Test(arguments: [("T3", "piece:T3"), ("", nil)] as [(String, String?)])
    func laterNumbersEndTheWait(data: String, piece: String?) {
        var talk = Self.opened()
        talk.server(0x18, 501, 105, "a1")
        talk.client(0x18, 105, 503, data)
        talk.client(0x18, 103, 503, "T2")
        #expect(
            talk.end().pieces == ["piece:T1", "hole:2", "piece:a1"] + (piece.map { [$0] } ?? []) + ["end:"])
    }

    @Test func nothingIsWaitedForLongerThanCardsHoldBack() {
        var talk = Self.opened()
        talk.server(0x18, 501, 105, "a1")
        talk.time = talk.time + .milliseconds(30)
        talk.server(0x18, 503, 105, "a2")
        talk.client(0x18, 103, 501, "T2")
        #expect(talk.end().pieces == ["piece:T1", "hole:2", "piece:a1", "piece:a2", "end:"])
    }

    @Test func whatWaitsIsToldWhenTheConnectionEnds() {
        var talk = Self.opened()
        talk.server(0x18, 501, 105, "a1")
        #expect(talk.end().pieces == ["piece:T1", "hole:2", "piece:a1", "end:"])
    }

    /// A tap that loses packets costs no memory and no order for long.
    @Test func whoLosesOftenIsBelieved() {
        var talk = Self.opened()
        var expected = ["piece:T1"]
        for round: UInt32 in 0..<4 {
            talk.server(0x18, 501 + round * 2, 105 + round * 4, "a\(round)")
            talk.client(0x18, 105 + round * 4, 503 + round * 2, "T\(round)")
            expected += ["hole:2", "piece:a\(round)", "piece:T\(round)"]
        }
        talk.server(0x18, 509, 121, "a4")
        #expect(talk.records().pieces == expected + ["hole:2", "piece:a4"])
    }

    /// What was seen in order is never lost for want of room to wait in, and nothing comes twice.
    @Test(arguments: [false, true]) func withoutRoomNothingWaits(isAgain: Bool) {
        var settings = FlowSettings()
        settings.reassemblyLimitPerSideBytes = 2 * (2 + FlowAnalysis.Segment.overheadBytes)
        var talk = Self.opened(settings)
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

    /// Each answer is told behind the hole in which its question was.
    @Test func holesAreToldInFrontOfTheirAnswers() {
        var talk = Self.opened()
        talk.server(0x18, 501, 105, "a1")
        talk.server(0x18, 503, 109, "a2")
        talk.client(0x18, 109, 505, "T3")
        #expect(
            talk.end().pieces == ["piece:T1", "hole:2", "piece:a1", "hole:4", "piece:a2", "piece:T3", "end:"])
    }

    /// What waits was seen first, and stays: what comes again with other content is old for its receiver too.
    @Test func whatWaitsIsNotReplaced() {
        var talk = Self.opened()
        talk.server(0x18, 501, 105, "good")
        talk.server(0x18, 500, 105, "?evil")
        talk.server(0x18, 503, 105, "xx!")
        talk.client(0x10, 105, 506)
        #expect(talk.end().pieces == ["piece:T1", "hole:2", "piece:good", "piece:!", "end:"])
    }

    /// RFC 9293 section 3.8.4: another SYN begins with numbers of its own, in which nothing old is waited for.
    @Test func anotherBeginningEndsTheWait() {
        var talk = Self.opened()
        talk.server(0x10, 501, 3101)
        talk.client(2, 7000)
        talk.server(0x12, 9000, 7001)
        talk.client(0x18, 7001, 9001, "T2")
        #expect(talk.end().pieces.suffix(2) == ["piece:T2", "end:"])
    }

    /// The reply that announces a transfer waits, as the server acknowledged more than it was sent; the transfer is
    /// known all the same when its data comes.
    @Test func transfersAreKnownWhoseAnnouncementWaits() {
        var talk = PacketScript(analyzers: [FTPAnalyzer.self, EchoAnalyzer.self])
        func control(_ isClient: Bool, _ sequence: UInt32, _ acknowledgement: UInt32, _ data: String) {
            if isClient {
                talk.client(0x18, sequence, acknowledgement, data, service: 21)
            } else {
                talk.server(0x18, sequence, acknowledgement, data, service: 21)
            }
        }
        talk.client(2, 100, service: 21)
        talk.server(0x12, 500, 101, service: 21)
        talk.client(0x10, 101, 501, service: 21)
        control(false, 501, 101, "220 ready\r\n")
        control(true, 101, 512, "PASV\r\n")
        let reply = "227 Entering Passive Mode (10,0,0,2,8,0)\r\n"
        control(false, 512, 108, reply)
        talk.client(2, 100, port: 1001, service: 2048)
        talk.server(0x12, 500, 101, port: 1001, service: 2048)
        talk.client(0x10, 101, 501, port: 1001, service: 2048)
        control(true, 107, 512 + UInt32(reply.utf8.count), "RETR a\r\n")
        talk.server(0x18, 501, 101, "content", port: 1001, service: 2048)
        let conns = talk.end().filter { $0.kind.name == "conn" }
        #expect(conns.compactMap { $0[Records.conn.respP] == 2048 ? $0[Records.conn.service] : nil } == [["ftp-data"]])
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

    /// The client's acknowledgement of the answer was not captured: whose numbers the server goes on with counts.
    @Test(arguments: [500, 9000, 4_000_000_000] as [UInt32])
    func theAnswerThatTheServerGoesOnWithCounts(taken: UInt32) throws {
        var talk = PacketScript()
        talk.client(2, 100)
        talk.server(0x12, 500, 101)
        if taken != 500 { talk.server(0x12, taken, 101) }
        talk.server(0x18, taken + 1, 101, "Tbanner")
        talk.client(0x18, 101, taken + 8, "user")
        talk.server(0x18, taken + 8, 105, "ok")
        let records = talk.end()
        #expect(records.pieces == ["piece:Tbanner", "piece:user", "piece:ok", "end:"])
        #expect(try #require(records.of("conn").first)[Records.conn.respBytes] == 9)
    }

    /// A server that invents another answer hides nothing: the client's numbers tell what it took.
    @Test(arguments: [101, 77] as [UInt32]) func anInventedAnswerHidesNothing(acknowledgement: UInt32) {
        var talk = PacketScript()
        talk.client(2, 100)
        talk.server(0x12, 500, 101)
        talk.server(0x12, 2_000_000_000, acknowledgement)
        talk.server(0x18, 2_000_000_001, 101, "lies")
        talk.client(0x10, 101, 501)
        talk.server(0x18, 501, 101, "Tbanner")
        talk.client(0x18, 101, 508, "user")
        #expect(talk.end().pieces.suffix(3) == ["piece:Tbanner", "piece:user", "end:"])
    }

    /// Connections on the same ports, of which the first was not seen to end: in the middle, and from its beginning.
    @Test(arguments: [true, false], [true, false]) func theNextConnectionIsFollowed(isMiddle: Bool, isSYNLost: Bool) {
        var talk = PacketScript()
        if !isMiddle { talk.handshake() }
        talk.client(0x18, 101, 501, "T1")
        talk.server(0x18, 501, 103, "a1")
        talk.client(0x10, 103, 503)
        if !isSYNLost { talk.client(2, 70_000) }
        talk.server(0x12, 3_000_000_000, 70_001)
        talk.client(0x18, 70_001, 3_000_000_001, "T2")
        talk.server(0x18, 3_000_000_001, 70_003, "a2")
        talk.client(0x10, 70_003, 3_000_000_003)
        #expect(talk.end().pieces.suffix(2) == ["piece:a2", "end:"])
    }
}
