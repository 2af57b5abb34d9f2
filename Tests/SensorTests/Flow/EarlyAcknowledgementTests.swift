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

    /// Somebody else acknowledges what was never sent: what the server says tells itself what it answers, and waits for
    /// nothing more.
    @Test func whatAnswersLessWaitsForLess() {
        var talk = Self.opened()
        talk.server(0x10, 501, 1103)
        talk.client(0x18, 103, 501, "T2")
        talk.server(0x18, 501, 105, "a1")
        talk.client(0x18, 105, 503, "T3")
        talk.server(0x18, 503, 107, "a2")
        talk.client(0x18, 107, 505, "T4")
        #expect(
            talk.end().pieces
                == ["piece:T1", "piece:T2", "piece:a1", "piece:T3", "piece:a2", "piece:T4", "hole:994", "end:"])
    }

    /// Beyond the largest window nobody can have received anything.
    @Test func impossibleAcknowledgementsCountNothing() throws {
        var talk = Self.opened()
        for far in [0x6000_0000, 0xC000_0000, 0x4000_0003] as [UInt32] { talk.client(0x10, 103, 501 &+ far) }
        talk.server(0x18, 501, 103, "a1")
        let conn = try #require(talk.end().of("conn").first)
        #expect(conn[Records.conn.respBytes] == 2)
        #expect(conn[Records.conn.missedBytes] == 0)
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
    @Test(arguments: [("T3", "piece:T3"), ("", "piece:T2")])
    func laterNumbersEndTheWait(data: String, piece: String) {
        var talk = Self.opened()
        talk.server(0x18, 501, 105, "a1")
        talk.client(0x18, 105, 503, data)
        talk.client(0x18, 103, 503, "T2")
        #expect(
            talk.end().pieces == ["piece:T1", "hole:2", "piece:a1", piece, "end:"])
    }

    @Test func nothingIsWaitedForLongerThanCardsHoldBack() {
        var talk = Self.opened()
        talk.server(0x18, 501, 105, "a1")
        talk.time = talk.time + .milliseconds(30)
        talk.server(0x18, 503, 105, "a2")
        talk.client(0x18, 103, 501, "T2")
        #expect(talk.end().pieces == ["piece:T1", "hole:2", "piece:a1", "piece:a2", "piece:T2", "end:"])
    }

    /// A card that is later than any is waited for: each side's data is told, in its order.
    @Test func dataThatIsLateByFarIsTold() {
        var talk = Self.opened()
        var expected = ["piece:T1", "hole:2"]
        for round: UInt32 in 0..<8 {
            talk.server(0x18, 501 + round * 2, 105 + round * 2, "a\(round)")
            talk.time = talk.time + .milliseconds(50)
            talk.client(0x18, 103 + round * 2, 503 + round * 2, "T\(round)")
            expected += ["piece:a\(round)", "piece:T\(round)"]
        }
        #expect(talk.end().pieces == expected + ["end:"])
    }

    /// Who acknowledges what was never sent hides none of it: its sender ignores that (RFC 9293 section 3.10.7.4).
    @Test func whatIsAcknowledgedAndWasNeverSentIsTold() {
        var talk = Self.opened()
        talk.client(0x10, 103, 501 + 100_000)
        talk.time = talk.time + .milliseconds(30)
        talk.server(0x18, 501, 103, "a1")
        talk.client(0x10, 103, 503 + 700_000)
        talk.time = talk.time + .milliseconds(30)
        talk.server(0x18, 503, 103, "a2")
        for round: UInt32 in 0..<8 {
            talk.client(0x10, 103, 900_000)
            talk.server(0x18, 505 + round * 2, 103, "b\(round)")
        }
        #expect(
            talk.end().pieces == ["piece:T1", "piece:a1", "piece:a2"] + (0..<8).map { "piece:b\($0)" } + ["end:"])
    }

    /// As before, but its hole was told already, in front of what seemed to answer it.
    @Test func whatWasNeverSentAndSeemsToBeAnsweredIsTold() {
        var talk = Self.opened()
        talk.client(0x10, 103, 501 + 100_000)
        talk.time = talk.time + .milliseconds(30)
        talk.client(0x18, 103, 501 + 100_000, "T2")
        talk.server(0x18, 501, 105, "a1")
        talk.client(0x10, 105, 503 + 700_000)
        talk.time = talk.time + .milliseconds(30)
        talk.server(0x18, 503, 105, "a2")
        #expect(talk.end().pieces == ["piece:T1", "hole:100000", "piece:T2", "piece:a1", "piece:a2", "end:"])
    }

    /// However late one card is, and whatever is acknowledged that was never sent: all is told, each side's in order.
    @Test(arguments: [0, 5, 30, 80, 500]) func allThatIsSentIsTold(lateMilliseconds: Int64) {
        var random = FixedRandom()
        for round in 0..<100 {
            var talk = Self.opened()
            let begin = talk.time
            var numbers = PerSide(originator: UInt32(103), responder: UInt32(501))
            var sent = PerSide(originator: [String](), responder: [String]())
            var packets: [(time: Int64, side: Side, sequence: UInt32, acknowledgement: UInt32, data: String)] = []
            var clock: Int64 = 20
            func add(_ side: Side, _ acknowledgement: UInt32, _ data: String) {
                let time = clock + (side == .originator ? lateMilliseconds : 0)
                packets.append((time, side, numbers[side], acknowledgement, data))
            }
            for index in 0..<20 {
                clock += Int64.random(in: 0...25, using: &random)
                let side = Bool.random(using: &random) ? Side.originator : .responder
                let data = "\(side == .originator ? "c" : "s")\(index);"
                add(side, numbers[side.other], data)
                numbers[side] += UInt32(data.utf8.count)
                sent[side].append("piece:" + data)
                guard Int.random(in: 0..<4, using: &random) == 0 else { continue }
                add(side.other, numbers[side] + UInt32.random(in: 1...1_000_000, using: &random), "")
            }
            let order = packets.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            for packet in order.map(\.element) {
                talk.time = begin + .milliseconds(packet.time - 10)
                if packet.side == .originator {
                    talk.client(0x18, packet.sequence, packet.acknowledgement, packet.data)
                } else {
                    talk.server(0x18, packet.sequence, packet.acknowledgement, packet.data)
                }
            }
            let told = talk.end().pieces
            #expect(told.filter { $0.hasPrefix("piece:c") } == sent.originator, "round \(round)")
            #expect(told.filter { $0.hasPrefix("piece:s") } == sent.responder, "round \(round)")
        }
    }

    /// What was lost at the very end is told when nothing can come any more.
    @Test func aLossThatNothingAnswersIsToldAtTheEnd() throws {
        var talk = Self.opened()
        talk.client(0x10, 103, 504)
        talk.engine.advance(to: talk.time + .milliseconds(30))
        #expect(talk.records().pieces == ["piece:T1"])
        let records = talk.end()
        #expect(records.pieces == ["hole:3", "end:"])
        #expect(try #require(records.of("conn").first)[Records.conn.missedBytes] == 3)
    }

    /// Where a card was late once, later losses are told still: by what was sent behind them.
    @Test func lossesBehindWhatWasLateAreTold() {
        var talk = Self.opened()
        talk.server(0x18, 501, 105, "a1")
        talk.time = talk.time + .milliseconds(30)
        talk.client(0x18, 103, 503, "T2")
        talk.client(0x18, 107, 503, "T4")
        talk.server(0x18, 503, 109, "a2")
        talk.time = talk.time + .milliseconds(30)
        talk.server(0x18, 505, 109, "a3")
        #expect(
            talk.end().pieces == [
                "piece:T1", "hole:2", "piece:a1", "piece:T2", "hole:2", "piece:T4", "piece:a2", "piece:a3", "end:",
            ])
    }

    /// What comes again of data that was seen, or of a hole behind which data was delivered, is not told.
    @Test func onlyTheLastHoleIsTakenBack() {
        var talk = Self.opened()
        talk.server(0x18, 501, 105, "a1")
        talk.client(0x18, 105, 503, "T3")
        talk.client(0x18, 103, 503, "T2")
        talk.client(0x18, 101, 503, "T1")
        #expect(talk.end().pieces == ["piece:T1", "hole:2", "piece:a1", "piece:T3", "end:"])
    }

    /// The last answer of a connection that is silent then is told when its time is over, not with the connection.
    @Test(arguments: [true, false]) func aWaitEndsWithoutAnotherPacketOfItsConnection(isNetworkSilent: Bool) {
        var talk = Self.opened()
        talk.server(0x18, 501, 105, "a1")
        let answered = talk.time
        func goOn(_ milliseconds: Int64) {
            if isNetworkSilent { return talk.engine.advance(to: answered + .milliseconds(milliseconds)) }
            // A packet is ten milliseconds later.
            talk.time = answered + .milliseconds(milliseconds - 10)
            talk.client(2, 100, port: 1001)
        }
        goOn(15)
        #expect(talk.records().pieces == ["piece:T1"])
        goOn(40)
        #expect(talk.records().pieces == ["hole:2", "piece:a1"])
        talk.client(0x18, 105, 503, "T3")
        #expect(talk.end().pieces == ["piece:T3", "end:"])
    }

    /// Another connection may have the place of one that ended while it waited; its own wait ends at its own time.
    @Test func theNextConnectionInItsPlaceWaitsForItself() {
        var talk = Self.opened()
        talk.server(0x18, 501, 105, "a1")
        let answered = talk.time
        talk.time = answered + .milliseconds(-10)
        talk.client(4, 105)
        talk.time = answered + .milliseconds(-10)
        talk.client(2, 100)
        talk.time = answered + .milliseconds(-10)
        talk.server(0x12, 500, 101)
        talk.time = answered + .milliseconds(-5)
        talk.client(0x18, 101, 501, "T3")
        talk.server(0x18, 501, 105, "b1")
        talk.engine.advance(to: answered + .milliseconds(24))
        talk.client(0x18, 103, 501, "T4")
        #expect(talk.end().pieces.suffix(4) == ["piece:T3", "piece:T4", "piece:b1", "end:"])
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
        settings.reassemblyLimitPerSideBytes = 2 * (2 + PendingSegments.Segment.overheadBytes)
        var talk = Self.opened(settings)
        talk.server(0x18, 501, 105, "a1")
        talk.server(0x18, 503, 105, "a2")
        if isAgain { talk.server(0x18, 501, 105, "a1") }
        talk.server(0x18, 505, 105, "a3")
        talk.client(0x10, 105, 507)
        #expect(talk.end().pieces == ["piece:T1", "hole:2", "piece:a1", "piece:a2", "piece:a3", "end:"])
        #expect(talk.engine.counters.refusedSegments == 0)
    }

    /// One end's wait that is over does not end the other's, which has just begun.
    @Test func eachEndWaitsForItsOwnTime() {
        var talk = Self.opened()
        talk.server(0x10, 501, 105)
        talk.time = talk.time + .milliseconds(9)
        talk.client(0x10, 104, 503)
        talk.time = talk.time + .milliseconds(-8)
        talk.server(0x18, 501, 105, "a1")
        #expect(talk.end().pieces == ["piece:T1", "hole:2", "piece:a1", "end:"])
    }

    /// The same while both ends are waited for.
    @Test func whatWaitsIsNotReplacedWhileBothEndsWait() {
        var talk = Self.opened()
        talk.server(0x18, 501, 105, "good")
        talk.time = talk.time + .milliseconds(-9)
        talk.client(0x10, 103, 507)
        talk.time = talk.time + .milliseconds(-9)
        talk.server(0x18, 501, 105, "evil")
        talk.client(0x18, 103, 505, "T2")
        talk.server(0x18, 505, 105, "a2")
        #expect(talk.end().pieces == ["piece:T1", "piece:T2", "piece:good", "piece:a2", "end:"])
    }

    /// What is counted as missed at its early acknowledgement is not counted again when it comes without its end.
    @Test func cutDataBehindItsAcknowledgementIsMissedOnce() throws {
        var talk = Self.opened()
        talk.client(0x10, 103, 505)
        let answer = PacketBytes.tcp(
            from: 80, to: 1000, sequence: 501, acknowledgement: 103, flags: 0x18, Array("a234".utf8))
        let packet = PacketBytes.ipv4(6, from: [10, 0, 0, 2], to: [10, 0, 0, 1], answer)
        talk.send(Array(packet.dropLast(2)), wireLength: packet.count)
        talk.client(0x10, 103, 505)
        let records = talk.end()
        #expect(records.pieces == ["piece:T1", "piece:a2", "hole:2", "end:"])
        #expect(try #require(records.of("conn").first)[Records.conn.missedBytes] == 4)
    }

    /// A FIN in front of what was sent is no end: what is lost behind it is told when it is acknowledged.
    @Test func anOldFINHidesNoHole() {
        var talk = Self.opened()
        talk.client(0x11, 50, 501)
        talk.server(0x10, 501, 113)
        talk.time = talk.time + .milliseconds(30)
        talk.server(0x18, 501, 113, "a1")
        #expect(talk.records().pieces == ["piece:T1", "hole:10", "piece:a1"])
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

    /// Nobody acknowledges what is lost of a single direction, and on a fast line more is on its way than fits.
    @Test(arguments: [true, false]) func aFullPlaceGivesItsHolesUp(isOneSided: Bool) {
        var settings = FlowSettings()
        settings.reassemblyLimitPerSideBytes = 3 * (2 + PendingSegments.Segment.overheadBytes)
        var talk = PacketScript(settings: settings)
        if !isOneSided { talk.client(2, 100) }
        talk.server(0x12, 500, 101)
        if !isOneSided { talk.client(0x10, 101, 501) }
        talk.server(0x18, 501, 101, "T1")
        if !isOneSided { talk.client(0x10, 101, 513) }
        for index: UInt32 in 1...5 {
            talk.time = talk.time + .milliseconds(-9)
            talk.server(0x18, 503 + index * 2, 101, "b\(index)")
        }
        #expect(
            talk.end().pieces
                == ["piece:T1", "holes_given_up:", "hole:2"] + (1...5).map { "piece:b\($0)" } + ["end:"])
        #expect(talk.engine.counters.refusedSegments == 0)
    }

    /// The reply that announces a transfer waits, as the server acknowledged more than it was sent; the transfer is
    /// known all the same when its data comes.
    @Test(arguments: [true, false]) func transfersAreKnownWhoseAnnouncementWaits(isDataLate: Bool) throws {
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
        if isDataLate { talk.client(0x10, 101, 508, port: 1001, service: 2048) }
        talk.server(0x18, 501, 101, "content", port: 1001, service: 2048)
        let records = talk.end()
        let conns = records.of("conn")
        #expect(conns.compactMap { $0[Records.conn.respP] == 2048 ? $0[Records.conn.service] : nil } == [["ftp-data"]])
        let file = try #require(records.of("files").first)
        #expect(file[Records.files.seenBytes] == 7)
        #expect((file[Records.files.missingBytes] ?? 0) == 0)
    }
}
