import Shared
import Testing

@testable import Sensor

/// What many connections together make a worker hold: the budgets of all, and every analyzer's part in them.
@Suite(.serialized) struct HostileCrowdTests {
    private static func expectWithinBudget(_ sender: borrowing HostileSender, _ note: String) {
        let (spent, allowed) = (sender.cpuMicroseconds, sender.allowedMicroseconds)
        #expect(spent <= allowed, "\(note): \(Int(spent)) of \(Int(allowed)) us")
    }

    @Test func segmentsOutOfOrderOnTenThousandConnectionsStayWithinTheirBudget() {
        var settings = FlowSettings()
        settings.reassemblyLimitBytes = 4 << 20
        var sender = HostileSender(settings: settings)
        for _ in 0..<10_000 {
            sender.open(port: 80)
            sender.leaveOut(1, from: .originator)
            sender.send([UInt8](repeating: 0x41, count: 2800))
        }
        #expect(sender.engine.heldBytes <= settings.reassemblyLimitBytes)
        // Each holds two segments; the last ones have their room.
        let cost = 2 * (1400 + PendingSegments.Segment.overheadBytes)
        #expect(sender.engine.heldBytes > settings.reassemblyLimitBytes - cost)
        #expect(sender.engine.waiters.numbers.count == (sender.engine.heldBytes + cost / 2) / cost)
        #expect(sender.engine.counters.refusedSegments == 0)
        sender.finish()
        #expect(sender.engine.heldBytes == 0)
        Self.expectWithinBudget(sender, "out of order")
    }

    /// A byte in memory of its own takes far more than a byte.
    @Test func segmentsOfAByteCountWithWhatTheyTake() {
        var settings = FlowSettings()
        settings.reassemblyLimitBytes = 1 << 20
        var sender = HostileSender(settings: settings)
        for _ in 0..<30 {
            sender.open(port: 80)
            for _ in 0..<1024 {
                sender.leaveOut(1, from: .originator)
                sender.send([0x41])
            }
        }
        #expect(sender.engine.waiters.numbers.count < 20)
        #expect(sender.heldBytes <= settings.reassemblyLimitBytes * 2)
        sender.finish()
        #expect(sender.engine.heldBytes == 0)
        Self.expectWithinBudget(sender, "bytes out of order")
    }

    /// Who leaves holes and never fills them takes the room for reordered segments from nobody else.
    @Test func segmentsOutOfOrderAreOrderedWhileOthersHoldAllThereIs() throws {
        var settings = FlowSettings()
        settings.reassemblyLimitBytes = 1 << 20
        var sender = HostileSender(settings: settings)
        for _ in 0..<200 {
            sender.open(port: 80)
            sender.leaveOut(1, from: .originator)
            sender.send([UInt8](repeating: 0x41, count: 14_000))
        }
        #expect(sender.engine.heldBytes > settings.reassemblyLimitBytes - 15_000)
        let request = Array("GET /late HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
        sender.open(port: 80)
        sender.leaveOut(10, from: .originator)
        sender.send(Array(request[10...]))
        sender.leaveOut(-request.count, from: .originator)
        sender.send(Array(request[..<10]))
        sender.engine.finish()
        var found: [String?] = []
        for batch in sender.engine.takeBatches() {
            for (index, table) in batch.tables.enumerated() where table.kindIndex == HTTPRecord.kind.index {
                found += (0..<table.rowCount).map { row in
                    RecordView(batch: batch, tableIndex: index, row: row)[Records.http.uri]
                }
            }
        }
        #expect(found == ["/late"])
        #expect(sender.engine.heldBytes == 0)
        #expect(sender.engine.waiters.numbers.isEmpty)
    }

    @Test func segmentsOfOneConnectionBackwardsCostWhatTheyAreWorth() {
        var sender = HostileSender()
        for _ in 0..<5 {
            sender.open(port: 80)
            sender.leaveOut(4_000_000, from: .originator)
            for _ in 0..<4000 {
                sender.leaveOut(-1000, from: .originator)
                sender.send([UInt8](repeating: 0x41, count: 500))
            }
        }
        sender.finish()
        Self.expectWithinBudget(sender, "backwards")
    }

    /// Messages that many connections begin and none ends: a handshake has room for a megabyte.
    @Test func messagesWithoutEndOnManyConnectionsStayWithinTheirBudget() {
        var settings = FlowSettings()
        settings.analyzerLimitBytes = 4 << 20
        var sender = HostileSender(settings: settings)
        let hello = [22, 3, 1, 0x40, 0, 1, 0, 0x3F, 0xF0, 3, 3] + [UInt8](repeating: 0x41, count: 12_000)
        for _ in 0..<2000 {
            sender.open(port: 443)
            sender.send(hello)
        }
        #expect(sender.engine.analyzerBytes <= settings.analyzerLimitBytes)
        #expect(sender.engine.analyzerBytes > settings.analyzerLimitBytes - 40_000)
        #expect(sender.heldBytes < 16 << 20)
        // The last that came is still read.
        let last = sender.engine.analyses.compactMap { $0 }.count { $0.analyzer != nil }
        #expect(last > 100)
        sender.finish()
        #expect(sender.engine.analyzerBytes == 0)
        Self.expectWithinBudget(sender, "handshakes without end")
    }

    /// Connections that wait, as any network has them, are not what is given up; nor are those that talk, whatever
    /// carries them.
    @Test(arguments: [true, false]) func whoIsSilentForLongGivesUpFirst(overTCP: Bool) {
        var settings = FlowSettings()
        settings.analyzerLimitBytes = 1 << 20
        var sender = HostileSender(settings: settings)
        for _ in 0..<300 {
            sender.open(port: 22)
            sender.send("SSH-2.0-x\r\n")
        }
        // Beginnings of hellos: of TLS (RFC 8446 section 4), and a fragment of one of DTLS (RFC 6347 section 4.2.3).
        let tls: [UInt8] = [22, 3, 1, 0x40, 0, 1, 0, 0x3F, 0xF0, 3, 3] + [UInt8](repeating: 0x41, count: 12_000)
        let fragment =
            [1, 0, 0x0F, 0xA0, 0, 0, 0, 0, 0, 0, 4, 0xB0, 0xFE, 0xFD] + [UInt8](repeating: 0x41, count: 1198)
        let dtls = [22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0xBC] + fragment
        var before = Timestamp.distantPast
        for number in 0..<2000 {
            if number == 1980 { before = sender.engine.clock }
            if overTCP {
                sender.open(port: 443)
                sender.send(tls)
            } else {
                sender.datagram(dtls, flow: 1000 + number, port: 443)
            }
        }
        let waiting = sender.engine.analyses.count { $0?.analyzer is SSHAnalyzer }
        #expect(waiting == 300)
        #expect(sender.engine.holders.numbers.count < 1000)
        var recent = 0
        for number in sender.engine.holders.numbers where sender.engine.table.flow(number).pointee.end > before {
            recent += 1
        }
        #expect(recent == 20)
    }

    /// Who knows the seed can send connections that all fall into one place of the table.
    @Test func nobodyKnowsWhereConnectionsFallInTheTable() {
        let seeds = (0..<4).map { _ in FlowTable(limit: 16).seed }
        #expect(Set(seeds).count == seeds.count)
    }

    /// Addresses that make one factor of a product 0 where the constants of the hash are all there is: nothing would be
    /// left of the others'.
    @Test(arguments: [0x9E37_79B9_7F4A_7C15, 0xD6E8_FEB8_6659_FD93 ^ 17, 0x6D65_6E65_6B69_2121] as [UInt64])
    func noAddressMakesAllConnectionsAlike(constant: UInt64) {
        let table = FlowTable(limit: 16)
        let start = Timestamp(nanoseconds: 1_700_000_000_000_000_000)
        var (hashes, identities): (Set<UInt64>, Set<FlowIdentity>) = ([], [])
        let addresses = (0..<1000 as Range<UInt64>).flatMap { number in
            [
                (IPAddress(high: 0xFD00 << 48, low: number), IPAddress(high: constant, low: constant)),
                (IPAddress(high: 0xFD00 << 48 | number, low: 1), IPAddress(high: 0xFD00 << 48, low: constant)),
                (IPAddress(high: 0xFD00 << 48, low: constant), IPAddress(high: 0xFD00 << 48, low: constant + number)),
            ]
        }
        for (low, high) in addresses {
            let key = FlowKey(lowAddress: low, highAddress: high, ports: 443 << 16 | 443, ipProtocol: 17)
            hashes.insert(table.hash(of: key))
            identities.insert(FlowIdentity.make(key, start))
        }
        #expect(hashes.count == addresses.count)
        #expect(identities.count == addresses.count)
    }

    /// Room is made by giving up another connection while one hands over: what it has to tell is told of itself.
    @Test func recordsKeepTheirConnectionWhileOthersAreGivenUp() throws {
        let line = "GET /" + String(repeating: "a", count: 8000)
        var alone = HostileSender()
        alone.open(port: 80)
        alone.send(line)
        var settings = FlowSettings()
        settings.analyzerLimitBytes = alone.engine.analyzerBytes + 3000
        var sender = HostileSender(settings: settings)
        sender.open(port: 80)
        sender.send(line)
        // What this one holds becomes too much with the reply that ends it, and its record is written then.
        sender.open(port: 21)
        sender.send("220 ftp ready\r\n", from: .responder)
        sender.send("USER bob\r\n")
        sender.send("331 password\r\n", from: .responder)
        sender.send("AUTH TLS\r\n")
        let reply = "234 " + String(repeating: "b", count: 6000) + "\r\n"
        sender.send(Array(reply.utf8), from: .responder, size: 30_000)
        var found: [String?] = []
        sender.engine.finish()
        for batch in sender.engine.takeBatches() {
            for (index, table) in batch.tables.enumerated() where table.kindIndex == FTPRecord.kind.index {
                found += (0..<table.rowCount).map { row in
                    RecordView(batch: batch, tableIndex: index, row: row)[Records.ftp.origH]
                }
            }
        }
        #expect(found == ["10.0.0.2"])
    }

    /// Each compressed body keeps a window, however little of it has come.
    @Test func compressedContentOnManyConnectionsStaysWithinItsBudget() {
        var settings = FlowSettings()
        settings.analyzerLimitBytes = 4 << 20
        var sender = HostileSender(settings: settings)
        sender.unfoldsContent = true
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 900000\r\n\r\n"
        // A stored block of four bytes, and more to come (RFC 1951 section 3.2.4).
        let gzip: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0, 4, 0, 0xFB, 0xFF, 0x41, 0x42, 0x43, 0x44]
        for _ in 0..<3000 {
            sender.open(port: 80)
            sender.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            sender.send(Array(head.utf8) + gzip, from: .responder)
        }
        #expect(sender.engine.analyzerBytes <= settings.analyzerLimitBytes)
        #expect(sender.engine.analyzerBytes > settings.analyzerLimitBytes / 2)
        #expect(sender.heldBytes < 24 << 20)
        sender.finish()
        #expect(sender.engine.analyzerBytes == 0)
        Self.expectWithinBudget(sender, "compressed content")
    }

    @Test func fragmentsWithoutEndStayWithinTheirBudget() {
        var settings = FlowSettings()
        settings.fragmentLimitBytes = 1 << 20
        var sender = HostileSender(settings: settings)
        for number in 0..<30_000 {
            // The last eight bytes of the longest packet: room for all before them.
            let place = number % 2 == 0 ? 8180 : 1
            let host: [UInt8] = [10, 0, UInt8(number >> 16), 1]
            let bytes = PacketBytes.ipv4(
                17, from: host, identification: number & 0xFFFF, fragment: 0x2000 | place,
                [UInt8](repeating: 1, count: 8))
            sender.give(bytes, payloadByteCount: 8)
        }
        #expect(sender.engine.fragments.heldBytes <= settings.fragmentLimitBytes + 2000)
        #expect(sender.engine.counters.fragments == 30_000)
        Self.expectWithinBudget(sender, "fragments")
    }

    /// Packets that become complete behind one that never does.
    @Test func completedPacketsLeaveNothingBehind() {
        var sender = HostileSender()
        func fragment(_ number: Int, _ place: Int, more: Bool) -> [UInt8] {
            PacketBytes.ipv4(
                17, identification: number, fragment: (more ? 0x2000 : 0) | place, [UInt8](repeating: 1, count: 8))
        }
        sender.give(fragment(0, 0, more: true), payloadByteCount: 8)
        for number in 1..<20_000 {
            sender.give(fragment(number, 0, more: true), payloadByteCount: 8)
            sender.give(fragment(number, 1, more: false), payloadByteCount: 8)
        }
        #expect(sender.engine.counters.reassembledPackets == 19_999)
        #expect(sender.engine.fragments.placeCount <= 1100)
        Self.expectWithinBudget(sender, "complete fragments")
    }

    @Test func datagramsThatWaitOnAHundredThousandFlowsStayWithinTheirBudget() throws {
        var settings = FlowSettings()
        settings.unrecognisedLimitBytes = 1 << 20
        var sender = HostileSender(settings: settings)
        let first = try HostileTraffic.conversation("rtp", .udp).pieces[0]
        for number in 0..<100_000 { sender.datagram(first.bytes, flow: number, port: 20_000) }
        #expect(sender.engine.unrecognisedBytes >= settings.unrecognisedLimitBytes)
        #expect(sender.engine.unrecognisedBytes <= settings.unrecognisedLimitBytes + 512)
        #expect(sender.engine.counters.refusedSegments > 90_000)
        #expect(sender.heldBytes < 8 << 20)
        sender.finish()
        #expect(sender.engine.unrecognisedBytes == 0)
        Self.expectWithinBudget(sender, "waiting datagrams")
    }

    /// Where nothing is short, all that waits is given back in the end.
    @Test func beginningsThatWaitAreAccountedFor() {
        var sender = HostileSender()
        for number in 0..<500 {
            sender.open(port: 25)
            sender.send("220", from: .responder)
            #expect(sender.engine.unrecognisedBytes > 0)
            // Some are recognised, some turn out to be nothing, some end as they are, and of some the rest is lost.
            switch number % 4 {
            case 0: sender.send(" mail SMTP\r\n", from: .responder)
            case 1: sender.send("\u{0}\u{1}\u{2}", from: .responder)
            case 2: sender.leaveOut(10, from: .responder)
            default: break
            }
            sender.send("\u{7}")
        }
        sender.finish()
        #expect(sender.engine.unrecognisedBytes == 0)
    }

    // MARK: every analyzer

    private static let repeatedBytes = 150_000

    /// The end of a conversation again and again, then what means nothing: no analyzer holds or works more with it.
    @Test(arguments: AnalyzerContractTests.entries)
    func aConversationThatNeverEndsStaysWithinItsBudget(entry: AnalyzerContractTests.Entry) throws {
        for conversation in try AnalyzerContractTests.conversations(of: entry).prefix(1) {
            for tail in [1, 3] {
                var sender = HostileSender()
                let port = Int(conversation.responderPort)
                func send(_ bytes: [UInt8], from side: Side, flow: Int = 0) {
                    if conversation.transport == .tcp {
                        sender.send(bytes, from: side)
                    } else {
                        sender.datagram(bytes, from: side, flow: flow, port: port)
                    }
                }
                if conversation.transport == .tcp { sender.open(port: port) }
                for piece in conversation.pieces { send(piece.bytes, from: piece.side) }
                let limit = sender.payloadByteCount + Self.repeatedBytes
                while sender.payloadByteCount < limit, sender.packetCount < 3000 {
                    for piece in conversation.pieces.suffix(tail) { send(piece.bytes, from: piece.side) }
                }
                for filling in [UInt8(0), 0x41, 0xFF] {
                    let bytes = [UInt8](repeating: filling, count: 1400)
                    for side in [Side.originator, .responder] { for _ in 0..<25 { send(bytes, from: side) } }
                }
                let held = sender.heldBytes
                #expect(held <= 2 << 20, "\(entry.testDescription): \(held) bytes held")
                sender.finish()
                Self.expectWithinBudget(sender, "\(entry.testDescription), last \(tail)")
            }
        }
    }
}
