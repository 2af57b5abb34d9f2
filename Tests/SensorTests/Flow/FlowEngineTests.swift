import Shared
import Testing

@testable import Sensor

@Suite struct FlowEngineTests {
    @Test func aWholeConnectionIsToldInZeeksTerms() throws {
        var talk = PacketScript()
        talk.handshake()
        talk.client(0x18, 101, 501, "GET it")
        talk.server(0x18, 501, 107, "here")
        talk.client(0x11, 107, 505)
        talk.server(0x11, 505, 108)
        talk.client(0x10, 108, 506)
        let conn = try #require(talk.end().of("conn").first)
        #expect(conn[Records.conn.connState] == "SF")
        #expect(conn[Records.conn.history] == "ShADdFf")
        #expect(conn[Records.conn.origBytes] == 6)
        #expect(conn[Records.conn.respBytes] == 4)
        #expect(conn[Records.conn.origPkts] == 5)
        #expect(conn[Records.conn.respPkts] == 3)
        #expect(conn[Records.conn.missedBytes] == 0)
        // The last acknowledgement comes after both have closed and does not count.
        #expect(conn[Records.conn.duration] == .milliseconds(60))
    }

    @Test func refusedAndUnansweredConnectionsDiffer() {
        var talk = PacketScript()
        talk.client(2, 100)
        talk.server(0x14, 0, 101)
        talk.client(2, 100, port: 1001)
        let conns = talk.end().of("conn")
        #expect(Set(conns.compactMap { $0[Records.conn.connState] }) == ["REJ", "S0"])
        #expect(Set(conns.compactMap { $0[Records.conn.history] }) == ["Sr", "S"])
    }

    @Test func theMiddleOfAConnectionIsTurnedToItsServer() throws {
        var talk = PacketScript()
        talk.server(0x18, 501, 107, "data")
        let conn = try #require(talk.end().of("conn").first)
        #expect(conn[Records.conn.origP] == 1000)
        #expect(conn[Records.conn.respP] == 80)
        #expect(conn[Records.conn.history] == "^d")
    }

    @Test func segmentsOutOfOrderReachTheAnalyzerInOrderOnce() {
        var talk = PacketScript()
        talk.handshake()
        talk.client(0x18, 104, 501, "def")
        talk.client(0x18, 101, 501, "Tbc")
        talk.client(0x18, 101, 501, "TbX")
        talk.client(0x18, 105, 501, "efgh")
        #expect(talk.end().pieces == ["piece:Tbc", "piece:def", "piece:gh", "end:"])
    }

    @Test func acknowledgedHolesAreMissedAndTold() throws {
        var talk = PacketScript()
        talk.handshake()
        talk.client(0x18, 101, 501, "Tbc")
        talk.client(0x18, 110, 501, "xyz")
        talk.server(0x10, 501, 113)
        let records = talk.end()
        #expect(records.pieces == ["piece:Tbc", "hole:6", "piece:xyz", "end:"])
        let conn = try #require(records.of("conn").first)
        #expect(conn[Records.conn.missedBytes] == 6)
        // The acknowledgement is noted before what it says about the hole.
        #expect(conn[Records.conn.history] == "ShADaG")
    }

    /// What it has understood by then is told.
    @Test func anAnalyzerThatFailsIsDroppedAndSaysSo() throws {
        var talk = PacketScript()
        talk.handshake()
        talk.client(0x18, 101, 501, "T")
        talk.client(0x18, 102, 501, "BAD")
        talk.client(0x18, 105, 501, "T")
        let records = talk.end()
        #expect(records.pieces.map { $0.prefix(14) } == ["piece:T", "analyzer_error", "end:"])
        #expect(talk.engine.counters.analyzerErrors == 1)
        #expect(try #require(records.of("conn").first)[Records.conn.service] == ["echo"])
    }

    /// In the middle of a connection, or behind a hole, what fails may be a part of a message: the next may be well.
    @Test(arguments: [false, true]) func anAnalyzerInTheMiddleGoesOn(isLost: Bool) {
        var talk = PacketScript()
        if isLost { talk.handshake() }
        talk.client(0x18, 101, 501, "T")
        if isLost { talk.server(0x10, 501, 110) }
        talk.client(0x18, isLost ? 110 : 102, 501, "BAD")
        talk.client(0x18, isLost ? 113 : 105, 501, "T")
        let records = talk.end()
        #expect(records.pieces.filter { $0 == "piece:T" }.count == 2)
        #expect(records.pieces.last == "end:")
        #expect(talk.engine.counters.analyzerErrors == 1)
    }

    /// A datagram that the capture has cut: Kerberos' error of which the beginning alone is there.
    @Test(arguments: [0, 30]) func aCutDatagramNamesItsService(cut: Int) throws {
        let message = KerberosExchangeTests.error(25, realm: "EXAMPLE.ORG")
        let packet = PacketBytes.ipv4(17, PacketBytes.udp(from: 4000, to: 88, message))
        let batch = OnePacket.told(packet.dropLast(cut), wireLength: packet.count)
        #expect(batch.records(ConnRecord.kind).map { $0[Records.conn.service] } == [["krb"]])
    }

    /// What the other side is seen to begin with in the middle may be the rest of a message.
    @Test(arguments: [true, false]) func whatTheOtherSideBeganWithWaitsForAll(isMiddle: Bool) {
        var talk = PacketScript()
        if !isMiddle { talk.handshake() }
        talk.server(0x18, 501, 101, "n")
        talk.client(0x18, 101, 502, "T")
        #expect(talk.end().pieces == (isMiddle ? ["piece:T", "end:"] : ["piece:n", "piece:T", "end:"]))
    }

    @Test func anAnalyzerThatGoesOnFailingIsDropped() {
        var talk = PacketScript()
        talk.client(0x18, 100, 501, "T")
        for number: UInt32 in 0..<8 { talk.client(0x18, 101 + number * 3, 501, "BAD") }
        talk.client(0x18, 125, 501, "T")
        let records = talk.end()
        #expect(talk.engine.counters.analyzerErrors == 5)
        #expect(records.pieces.filter { $0 == "piece:T" }.count == 1)
    }

    /// RFC 9293 section 3.8.4: a byte that was acknowledged before, of a connection that a capture finds open.
    @Test(arguments: [true, false]) func aSignOfLifeIsNoData(isPushed: Bool) {
        var talk = PacketScript()
        talk.client(isPushed ? 0x18 : 0x10, 100, 501, "T")
        talk.client(0x18, 101, 501, "T")
        #expect(talk.end().pieces.filter { $0 == "piece:T" }.count == (isPushed ? 2 : 1))
    }

    @Test func streamsWithoutAnAnalyzerAreProbedAgainAtLaterSegments() {
        var talk = PacketScript()
        talk.handshake()
        talk.client(0x18, 101, 501, "xx")
        talk.client(0x18, 103, 501, "T!")
        #expect(talk.end().pieces == ["piece:T!", "end:"])
    }

    @Test func whatWaitedOfBothSidesReachesTheAnalyzerInItsOrder() {
        var talk = PacketScript()
        talk.handshake()
        talk.client(0x18, 101, 501, "n1")
        talk.server(0x18, 501, 103, "n2")
        talk.client(0x18, 103, 503, "3T")
        #expect(talk.end().pieces == ["piece:n1", "piece:n2", "piece:3T", "end:"])
    }

    @Test func aSideThatSpokeLaterIsHeardLaterAlsoWhenItIsRecognisedFirst() {
        var talk = PacketScript()
        talk.handshake()
        talk.server(0x18, 501, 101, "n1")
        talk.client(0x18, 101, 503, "n2")
        talk.server(0x18, 503, 103, "n3")
        talk.client(0x18, 103, 505, "4T")
        #expect(talk.end().pieces == ["piece:n1", "piece:n2", "piece:n3", "piece:4T", "end:"])
    }

    @Test func whatIsTooLongToWaitIsNotCut() {
        var talk = PacketScript()
        talk.handshake()
        talk.client(0x18, 101, 501, String(repeating: "n", count: 2100))
        talk.client(0x18, 2201, 501, "nT")
        #expect(talk.end().pieces == ["piece:nT", "end:"])
    }

    @Test func datagramsThatDecideTogetherAreGivenOneByOneWithTheirTimes() throws {
        var talk = PacketScript()
        talk.datagram(.originator, "D1")
        talk.datagram(.responder, "D2")
        talk.datagram(.originator, "no")
        talk.datagram(.originator, "D3" + String(repeating: "x", count: 400))
        talk.datagram(.originator, "D4")
        talk.datagram(.responder, "D5")
        let records = talk.end()
        let head = "D3" + String(repeating: "x", count: HeldPayload.maximumDatagramBytes - 2)
        #expect(records.pieces == ["o:D1@10", "r:D2@20", "o:\(head)@40", "o:D4@50", "r:D5@60"])
        #expect(try #require(records.of("conn").first)[Records.conn.service] == ["series"])
    }

    @Test func datagramsThatDoNotDecideAreForgotten() throws {
        var talk = PacketScript()
        for index in 0..<100 {
            talk.datagram(.originator, "D!")
            let held = try #require(talk.engine.analyses.first??.held)
            #expect(held.pieces.count == (index < 64 ? (index + 1) % HeldPayload.maximumDatagrams : 0))
        }
        #expect(talk.end().pieces == [])
    }

    @Test func aLongConnectionReportsWhatIsNew() throws {
        var talk = PacketScript()
        talk.handshake()
        var sequence: UInt32 = 101
        for _ in 0..<5 {
            talk.time = talk.time + .seconds(30)
            talk.client(0x18, sequence, 501, "12345")
            sequence += 5
        }
        let records = talk.end()
        let interim = records.of("conn_interim"), conn = try #require(records.of("conn").first)
        #expect(interim.count == 2)
        #expect(interim.map { $0[Records.connInterim.seq] } == [1, 2])
        let told = interim.compactMap { $0[Records.connInterim.origBytes] }.reduce(0, +)
        #expect(conn[Records.conn.interimOrigBytes] == told)
        #expect(conn[Records.conn.origBytes] == 25)
        #expect(told > 0)
    }

    @Test func silentConnectionsEndAfterTheirTimeout() {
        var talk = PacketScript()
        talk.client(2, 100)
        talk.send(PacketBytes.ipv4(17, PacketBytes.udp(from: 5, to: 6, [1])), after: .seconds(6))
        #expect(talk.records().of("conn").count == 1)
        #expect(talk.engine.flowCount == 1)
        talk.engine.advance(to: talk.time + .seconds(61))
        #expect(talk.records().of("conn").count == 1)
        #expect(talk.engine.flowCount == 0)
    }

    @Test func aFullTableEndsTheOldestAndLosesNothing() {
        var settings = FlowSettings()
        settings.flowLimit = 16
        var talk = PacketScript(settings: settings)
        for port in 1000..<1100 {
            talk.send(PacketBytes.ipv4(17, PacketBytes.udp(from: port, to: 53, [1])), after: .zero)
        }
        #expect(talk.engine.flowCount == 16)
        #expect(talk.engine.counters.evictedFlows == 84)
        #expect(talk.end().of("conn").count == 100)
    }

    @Test(arguments: [50: ["ipsec"], 51: ["ipsec"], 89: nil, 132: nil, 112: nil] as [UInt8: [String]?])
    func protocolsOfIPThatAreIPsecAreNamedSo(ipProtocol: UInt8, service: [String]?) throws {
        var talk = PacketScript()
        talk.send(PacketBytes.ipv4(ipProtocol, [UInt8](repeating: 7, count: 40)))
        let conn = try #require(talk.end().of("conn").first)
        #expect(conn[Records.conn.service] == service)
        #expect(conn[Records.conn.ipProto] == UInt64(ipProtocol))
    }

    /// RFC 8200 section 4.5: the whole packet has no fragment header.
    @Test func fragmentsOfIPv6CountAsThePacketTheyMake() throws {
        var talk = PacketScript()
        let datagram = PacketBytes.udp(from: 7, to: 53, [UInt8](repeating: 1, count: 24))
        talk.send(PacketBytes.ipv6(next: 44, [17, 0, 0, 1, 0, 0, 0, 9] + Array(datagram[..<16])))
        talk.send(PacketBytes.ipv6(next: 44, [17, 0, 0, 16, 0, 0, 0, 9] + Array(datagram[16...])))
        let conn = try #require(talk.end().of("conn").first)
        #expect(conn[Records.conn.origBytes] == 24)
        #expect(conn[Records.conn.origPkts] == 1)
        #expect(conn[Records.conn.origIpBytes] == (40 + 8 + 24 as UInt64))
    }

    /// A capture that cuts packets never has all of a fragment.
    @Test func theBeginningOfACutFragmentIsAConnection() throws {
        var talk = PacketScript()
        let datagram = PacketBytes.udp(from: 7, to: 53, [UInt8](repeating: 1, count: 40))
        talk.send(PacketBytes.ipv4(17, totalLength: 1500, fragment: 0x2000, datagram), wireLength: 1500)
        talk.send(PacketBytes.ipv4(17, totalLength: 1500, fragment: 185, datagram), wireLength: 1500)
        let counters = talk.engine.counters
        #expect(counters.fragments == 1 && counters.begun == counters.accounted)
        let conn = try #require(talk.end().of("conn").first)
        #expect(conn[Records.conn.respP] == 53)
        #expect(conn[Records.conn.origIpBytes] == 1500)
    }

    @Test func requestAndReplyOfPingAreOneConnection() throws {
        var talk = PacketScript()
        let echo: [UInt8] = [8, 0, 0, 0, 0, 1, 0, 1, 1, 2, 3, 4]
        talk.send(PacketBytes.ipv4(1, echo))
        talk.send(PacketBytes.ipv4(1, from: [10, 0, 0, 2], to: [10, 0, 0, 1], [0] + echo[1...]))
        let conns = talk.end().of("conn")
        #expect(conns.count == 1)
        let conn = try #require(conns.first)
        #expect(conn[Records.conn.origP] == 8)
        #expect(conn[Records.conn.respP] == 0)
        #expect(conn[Records.conn.respBytes] == 4)
    }

    /// draft-massar-v6ops-ayiya: identity of 16 bytes, signature of five words, forward, IPv6.
    @Test func ayiyaIsATunnel() throws {
        var talk = PacketScript()
        let inner = PacketBytes.ipv6(next: 17, PacketBytes.udp(from: 7, to: 53, [1]))
        let head: [UInt8] = [0x41, 0x52, 0x11, 41] + [UInt8](repeating: 0, count: 4 + 16 + 20)
        talk.send(PacketBytes.ipv4(17, PacketBytes.udp(from: 9, to: 5072, head + inner)))
        let records = talk.end()
        #expect(records.of("conn").map { $0[Records.conn.service] } == [["ayiya"], nil])
        #expect(records.of("conn").map { $0[Records.conn.respP] } == [5072, 53])
        #expect(records.of("tunnel").first?[Records.tunnel.tunnelType] == "Tunnel::AYIYA")
    }

    /// RFC 8086: the source port spreads one tunnel over connections, so the hosts are its ends.
    @Test func greOverUDPIsATunnelOfTwoHosts() throws {
        var talk = PacketScript()
        let inner = PacketBytes.ipv4(17, from: [10, 9, 0, 1], PacketBytes.udp(from: 7, to: 53, [1]))
        for port in [50_001, 50_002] {
            talk.send(PacketBytes.ipv4(17, PacketBytes.udp(from: port, to: 4754, [0, 0, 8, 0] + inner)))
        }
        // Another protocol there is none.
        talk.send(PacketBytes.ipv4(17, PacketBytes.udp(from: 50_003, to: 4754, [0, 7, 8, 0] + inner)))
        let records = talk.end()
        #expect(Set(records.of("conn").map { $0[Records.conn.origP] }) == [50_001, 50_002, 50_003, 7])
        let tunnels = records.of("tunnel")
        #expect(tunnels.map { $0[Records.tunnel.tunnelType] } == ["Tunnel::GRE"])
        #expect(tunnels.first?[Records.tunnel.respP] == 0)
    }

    /// Aruba's access points: the frame as it was in the air.
    @Test func wirelessFramesInGREAreFollowed() throws {
        var talk = PacketScript()
        let inner = PacketBytes.ipv4(17, from: [10, 9, 0, 1], PacketBytes.udp(from: 7, to: 53, [1]))
        let frame = [0x88, 1, 0, 0] + [UInt8](repeating: 2, count: 20) + [0, 0, 0xAA, 0xAA, 3, 0, 0, 0, 8, 0] + inner
        talk.send(PacketBytes.ipv4(47, [0, 0, 0x82, 0x00] + frame))
        #expect(talk.end().of("conn").map { $0[Records.conn.respP] } == [53])
    }

    @Test func whatATunnelCarriesIsAConnectionOfItsOwn() throws {
        var talk = PacketScript()
        let inner = PacketBytes.ethernet(0x0800, PacketBytes.ipv4(17, PacketBytes.udp(from: 7, to: 53, [1])))
        let vxlan: [UInt8] = [8, 0, 0, 0, 0, 0, 1, 0] + inner
        talk.send(
            PacketBytes.ipv4(17, from: [1, 1, 1, 1], to: [2, 2, 2, 2], PacketBytes.udp(from: 9, to: 4789, vxlan)))
        let records = talk.end()
        #expect(records.of("conn").count == 2)
        #expect(records.of("tunnel").map { $0[Records.tunnel.action] } == ["Tunnel::DISCOVER", "Tunnel::CLOSE"])
        let tunnel = try #require(records.of("tunnel").first)
        let parents = records.of("conn").compactMap { $0[Records.conn.tunnelParents] }
        #expect(parents == [[tunnel[Records.tunnel.uid] ?? ""]])
    }

    @Test func theSamePacketsGiveTheSameIdentifiers() {
        func uids() -> [String?] {
            var talk = PacketScript()
            talk.handshake()
            return talk.end().of("conn").map { $0[Records.conn.uid] }
        }
        #expect(uids() == uids())
        #expect(uids().first??.count == 13)
    }
}
