import Shared
import Testing

@testable import Sensor

/// Several SYNs of a client, or answers to one: which of them the connection goes on with.
@Suite struct RivalBeginningTests {
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

    /// In the middle of a connection its client refuses another answer (RFC 9293 section 3.10.7.4), whatever that says.
    @Test(arguments: [77, 101, 103] as [UInt32], [4_000_000, 4_000_000_000, 0] as [UInt32])
    func anAnswerInTheMiddleHidesNothing(acknowledgement: UInt32, number: UInt32) throws {
        var talk = PacketScript()
        // Or the beginning was not captured.
        if number > 0 { talk.handshake() }
        talk.client(0x18, 101, 501, "T1")
        talk.server(0x18, 501, 103, "a1")
        talk.client(0x18, 103, 503, "T2")
        talk.server(0x12, number, acknowledgement)
        talk.server(0x18, 503, 105, "a2")
        talk.client(0x18, 105, 505, "T3")
        talk.server(0x18, 505, 107, "a3")
        talk.client(0x10, 107, 507)
        let records = talk.end()
        #expect(
            records.pieces == ["piece:T1", "piece:a1", "piece:T2", "piece:a2", "piece:T3", "piece:a3", "end:"])
        let conn = try #require(records.of("conn").first)
        #expect(conn[Records.conn.respBytes] == 6)
        #expect(conn[Records.conn.missedBytes] == 0)
    }

    /// The capture began in the middle, and the client was not seen yet.
    @Test(arguments: [77, 103] as [UInt32], [4_000_000, 4_000_000_000] as [UInt32])
    func anAnswerBeforeTheClientIsSeenHidesNothing(acknowledgement: UInt32, number: UInt32) {
        var talk = PacketScript()
        talk.server(0x18, 501, 103, "Tb")
        talk.server(0x12, number, acknowledgement)
        talk.client(0x18, 103, 503, "T2")
        talk.server(0x18, 503, 105, "a2")
        talk.client(0x18, 105, 505, "T3")
        talk.server(0x18, 505, 107, "a3")
        #expect(talk.end().pieces == ["piece:Tb", "piece:T2", "piece:a2", "piece:T3", "piece:a3", "end:"])
    }

    /// The capture began in the middle, and the server was not seen yet. A number just below may leave a hole, as the
    /// server's acknowledgement fits it.
    @Test(arguments: [90, 150, 10_000_000, 4_000_000_000] as [UInt32])
    func aStraySYNBeforeTheServerIsSeenHidesNothing(number: UInt32) {
        var talk = PacketScript()
        talk.client(0x18, 101, 501, "T1")
        talk.client(2, number)
        talk.server(0x18, 501, 103, "a1")
        talk.client(0x18, 103, 503, "T2")
        talk.client(2, number &+ 50_000_000)
        talk.server(0x18, 503, 105, "a2")
        talk.client(0x10, 105, 505)
        let hole = number == 90 ? ["hole:12"] : []
        #expect(talk.end().pieces == ["piece:T1"] + hole + ["piece:a1", "piece:T2", "piece:a2", "end:"])
    }

    /// A SYN in the middle of a connection is challenged (RFC 9293 section 3.10.7.4), and nothing else.
    @Test(arguments: [true, false], [150, 10_000_000, 4_000_000_000] as [UInt32])
    func aStraySYNHidesNothing(isMiddle: Bool, number: UInt32) throws {
        var talk = PacketScript()
        if !isMiddle { talk.handshake() }
        talk.client(0x18, 101, 501, "T1")
        talk.server(0x18, 501, 103, "a1")
        talk.client(0x10, 103, 503)
        talk.client(2, number)
        talk.server(0x10, 503, 103)
        talk.client(0x18, 103, 503, "T2")
        talk.server(0x18, 503, 105, "a2")
        talk.client(0x10, 105, 505)
        let records = talk.end()
        #expect(records.pieces == ["piece:T1", "piece:a1", "piece:T2", "piece:a2", "end:"])
        let conn = try #require(records.of("conn").first)
        #expect(conn[Records.conn.origBytes] == 4)
        #expect(conn[Records.conn.missedBytes] == 0)
    }
}
