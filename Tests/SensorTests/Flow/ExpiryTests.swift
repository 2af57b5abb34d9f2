import Shared
import Testing

@testable import Sensor

/// Which connections end when, with clocks and tables as they should not be.
@Suite struct ExpiryTests {
    /// A question and its answer, seen at the script's time, between a port and 53.
    private static func ask(_ talk: inout PacketScript, from port: Int) {
        talk.send(PacketBytes.ipv4(17, PacketBytes.udp(from: port, to: 53, [1])), after: .milliseconds(5))
        let answer = PacketBytes.udp(from: 53, to: port, [2])
        talk.send(PacketBytes.ipv4(17, from: [10, 0, 0, 2], to: [10, 0, 0, 1], answer), after: .milliseconds(5))
    }

    /// More connections are overdue than end at once, and the clock stays an hour ahead of all further packets: they
    /// belong together as ever.
    @Test(arguments: [60, 65, 100, 500]) func packetsBehindTheClockAreOneConnection(open: Int) {
        var talk = PacketScript()
        for port in 0..<open { talk.client(2, 1, port: 20_000 + port) }
        talk.send(PacketBytes.ipv4(17, PacketBytes.udp(from: 7, to: 9, [1])), after: .seconds(3600))
        talk.time = talk.time + .seconds(-3600)
        talk.handshake()
        talk.client(0x18, 101, 501, "Thello")
        talk.server(0x18, 501, 107, "Tworld")
        talk.client(0x11, 107, 507)
        talk.server(0x11, 507, 108)
        let conns = talk.end().of("conn").filter { $0[Records.conn.respP] == 80 && $0[Records.conn.origP] == 1000 }
        #expect(conns.map { $0[Records.conn.connState] } == ["SF"])
        #expect(conns.map { $0[Records.conn.history] } == ["ShADdFf"])
    }

    /// Behind the first of those that wait for the same time is one that was seen earlier, since time went back: once
    /// it is the first, it ends, though it was due while it was not.
    @Test func whatWasSeenEarlierEndsEarlierAlsoBehindOthers() {
        var settings = FlowSettings()
        settings.udpTimeout = .seconds(60)
        var talk = PacketScript(settings: settings)
        let start = talk.time
        for (port, second) in [(7, 60), (8, 1), (10, 62), (7, 63), (8, 64)] as [(Int, Int64)] {
            talk.time = start + .seconds(second)
            talk.send(PacketBytes.ipv4(17, PacketBytes.udp(from: port, to: 9, [1])), after: .seconds(0))
        }
        let ports = talk.end().of("conn").compactMap { $0[Records.conn.origP] }
        #expect(ports.sorted() == [7, 8, 8, 10])
    }

    /// The system's clock was an hour ahead when a live capture began: once it is set, connections end in their time.
    @Test func aClockThatIsSetBackEndsWhatIsOpenAndGoesOn() {
        var talk = PacketScript()
        let start = talk.time
        talk.time = start + .seconds(3600)
        talk.handshake()
        talk.client(0x18, 101, 501, "Thello")
        talk.engine.turnBack(to: start)
        talk.time = start
        Self.ask(&talk, from: 20_000)
        talk.engine.advance(to: start + .seconds(400))
        let ended = talk.records()
        #expect(ended.of("conn").map { $0[Records.conn.respP] } == [80, 53])
        #expect(ended.pieces == ["piece:Thello", "end:"])
        #expect(ended.of("stats").map { $0[Records.stats.pktsProc] } == [4, 2])
        #expect(ended.of("weird_stats").contains { $0[Records.weirdStats.name] == "clock_set_back" })
    }

    /// Neither a card whose clock is ahead nor a packet that is timed wrongly is a clock that was set.
    @Test func whatIsALittleBehindSetsNoClock() {
        let clock = Timestamp(nanoseconds: 1_700_000_000_000_000_000)
        #expect(!ClockStep.isBehind(clock + .seconds(-10), clock))
        #expect(ClockStep.isBehind(clock + .seconds(-11), clock))
        #expect(!ClockStep.isBehind(clock + .seconds(3600), clock))
    }

    /// Of a capture of one direction, the SYN has no answer; who goes on behind it is connected all the same.
    @Test(arguments: [true, false]) func oneDirectionIsNoAttempt(isConnected: Bool) {
        var talk = PacketScript()
        talk.client(2, 100)
        if isConnected { talk.client(0x10, 101, 501) }
        talk.time = talk.time + .seconds(20)
        talk.client(0x18, 101, 501, "Thello")
        #expect(talk.end().of("conn").count == (isConnected ? 1 : 2))
    }

    /// After attempts and what is closed, the one goes that has been silent for longest, whatever it is: whoever keeps
    /// connections open hides no questions.
    @Test func aFullTableKeepsWhatIsInUse() {
        var settings = FlowSettings()
        settings.flowLimit = 50
        var talk = PacketScript(settings: settings)
        for port in 0..<60 {
            talk.client(2, 100, port: 20_000 + port)
            talk.server(0x12, 500, 101, port: 20_000 + port)
            talk.client(0x10, 101, 501, port: 20_000 + port)
        }
        talk.time = talk.time + .seconds(120)
        for port in 0..<40 { Self.ask(&talk, from: 30_000 + port) }
        let conns = talk.end().of("conn").filter { $0[Records.conn.respP] == 53 }
        #expect(conns.map { $0[Records.conn.connState] } == [String](repeating: "SF", count: 40))
    }
}
