import Shared
import Testing

@testable import Sensor

@Suite struct MySQLAnalyzerTests {
    /// Capabilities of client and server (dev.mysql.com, "Capabilities Flags"): protocol 4.1, and query attributes.
    private static let protocol41: UInt32 = 0x200
    private static let attributes: UInt32 = 1 << 27

    private static func packet(_ sequence: UInt8, _ payload: [UInt8]) -> [UInt8] {
        [UInt8(payload.count & 255), UInt8(payload.count >> 8), 0, sequence] + payload
    }

    private static func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 255) } }

    /// After a greeting and a login of "aiko" with these capabilities.
    private static func loggedIn(server: UInt32, client: UInt32, as originator: Side = .originator) -> AnalyzerHarness {
        var harness = AnalyzerHarness(MySQLAnalyzer.self)
        let capabilities = little(server)
        var greeting: [UInt8] = [10] + Array("8.0.36".utf8) + [0]
        greeting += [UInt8](repeating: 1, count: 12) + [0]
        greeting += capabilities[..<2] + [255, 2, 0]
        greeting += capabilities[2...] + [21] + [UInt8](repeating: 0, count: 10)
        harness.feed(packet(0, greeting), from: originator.other)
        var login: [UInt8] = little(client) + [0, 0, 0, 1, 255]
        login += [UInt8](repeating: 0, count: 23) + Array("aiko".utf8) + [0, 0]
        harness.feed(packet(1, login), from: originator)
        harness.feed(packet(2, [0, 0, 0, 2, 0, 0, 0]), from: originator.other)
        return harness
    }

    private static func ask(_ harness: inout AnalyzerHarness, _ command: [UInt8]) {
        harness.feed(packet(0, command), from: .originator)
        harness.feed(packet(1, [0, 0, 0, 2, 0, 0, 0]), from: .responder)
    }

    /// A connection that was picked up in its middle, by the greeting, counts as the server's.
    @Test func whoGreetsIsTheServer() {
        var harness = Self.loggedIn(server: Self.protocol41, client: Self.protocol41, as: .responder)
        harness.feed(Self.packet(0, [3] + Array("select 1".utf8)), from: .responder)
        harness.feed(Self.packet(1, [0, 0, 0, 2, 0, 0, 0]), from: .originator)
        harness.finish()
        let found = harness.records(MySQLRecord.kind)
        #expect(found.map { $0[Records.mysql.cmd] } == ["login", "query"])
        #expect(found.map { $0[Records.mysql.arg] } == ["aiko", "select 1"])
    }

    /// HandshakeResponse41 of MySQL and of MariaDB, whose greeting was not seen.
    private static func login(_ user: String, capabilities: UInt32, _ more: [UInt8] = [0, 0, 0, 0]) -> [UInt8] {
        let head = little(capabilities) + [0, 0, 0, 1, 255] + [UInt8](repeating: 0, count: 19) + more
        return packet(1, head + Array(user.utf8) + [0, 0])
    }

    @Test(
        arguments: [Side.originator, .responder],
        [login("root", capabilities: 0x8201), login("root", capabilities: 0x8200, [7, 0, 0, 0])])
    func aLoginBehindALostGreetingIsTold(from side: Side, login: [UInt8]) {
        #expect(MySQLAnalyzer.probe(login.span.bytes, from: side) == .match)
        var harness = AnalyzerHarness(MySQLAnalyzer.self)
        harness.feed(login, from: side)
        harness.feed(
            Self.packet(2, [0xFF, 0x15, 4] + Array("#28000Access denied for user 'root'".utf8)), from: side.other)
        let found = harness.records(MySQLRecord.kind)
        #expect(found.map { $0[Records.mysql.cmd] } == ["login"])
        #expect(found.map { $0[Records.mysql.arg] } == ["root"])
        #expect(found.map { $0[Records.mysql.success] } == [false])
        #expect(found.map { $0[Records.mysql.response] } == ["Access denied for user 'root'"])
    }

    @Test func whatIsNoLoginIsNone() {
        let good = Self.login("root", capabilities: 0x8201)
        let bad = [
            Self.login("", capabilities: 0x8201), Self.login("ro\u{1}t", capabilities: 0x8201),
            Self.login("root", capabilities: 0x8001), Self.login("root", capabilities: 0x8201, [7, 0, 0, 0]),
            Array(good.dropLast()), good + [0], [good[0], good[1], 0, 0] + good.dropFirst(4),
        ]
        for bytes in bad { #expect(MySQLAnalyzer.probe(bytes.span.bytes, from: .originator) == .noMatch) }
    }

    @Test func aHeaderMayComeByItself() {
        let header: [UInt8] = [0x4A, 0, 0, 0]
        #expect(MySQLAnalyzer.probe(header.span.bytes, from: .responder) == .needMore)
        #expect(MySQLAnalyzer.probe(header.span.bytes, from: .originator) == .noMatch)
    }

    /// The example of dev.mysql.com's page of COM_QUERY, and the same without parameters.
    @Test func attributesAreNoPartOfTheQuery() {
        let example = Wire.hex("0301010001fe00016101317365") + Array("lect @@version_comment limit 1".utf8)
        var harness = Self.loggedIn(
            server: Self.protocol41 | Self.attributes, client: Self.protocol41 | Self.attributes)
        Self.ask(&harness, example)
        Self.ask(&harness, [3, 0, 1] + Array("select 1".utf8))
        // A date, a null and an integer of four bytes.
        Self.ask(
            &harness,
            [3, 3, 1, 0b010, 1] + [12, 0, 1, 0x61, 8, 0, 1, 0x62, 3, 0, 1, 0x63] + [4, 0xEA, 7, 11, 29] + [1, 0, 0, 0]
                + Array("select 2".utf8))
        let records = harness.records(MySQLRecord.kind)
        #expect(records.map { $0[Records.mysql.cmd] } == ["login", "query", "query", "query"])
        #expect(
            records.map { $0[Records.mysql.arg] } == [
                "aiko", "select @@version_comment limit 1", "select 1", "select 2",
            ])
    }

    @Test func whatIsNotAgreedUponIsText() {
        for (server, client) in [(Self.attributes, UInt32(0)), (0, Self.attributes)] {
            var harness = Self.loggedIn(server: Self.protocol41 | server, client: Self.protocol41 | client)
            Self.ask(&harness, [3] + Array("select 1".utf8))
            #expect(harness.records(MySQLRecord.kind).last?[Records.mysql.arg] == "select 1")
        }
    }

    @Test(arguments: ["03fd", "0303010001", "030101000100fe", "03fe ffffffffffffffff01", "03010100fffe0001610131"])
    func attributesThatLieHideNothingElse(query: String) {
        var harness = Self.loggedIn(
            server: Self.protocol41 | Self.attributes, client: Self.protocol41 | Self.attributes)
        Self.ask(&harness, Wire.hex(query))
        Self.ask(&harness, [3, 0, 1] + Array("select 1".utf8))
        let records = harness.records(MySQLRecord.kind)
        #expect(records.map { $0[Records.mysql.arg] } == ["aiko", nil, "select 1"])
        #expect(harness.failure == nil)
    }

    /// COM_CHANGE_USER is answered as a login is: first, another method of authentication may be asked for.
    @Test func aChangeOfUserIsTold() {
        var harness = Self.loggedIn(server: Self.protocol41, client: Self.protocol41)
        harness.feed(Self.packet(0, [17] + Array("root2".utf8) + [0, 0, 0]), from: .originator)
        harness.feed(Self.packet(1, [0xFE] + Array("mysql_native_password".utf8) + [0]), from: .responder)
        harness.feed(Self.packet(2, [1, 2, 3]), from: .originator)
        harness.feed(
            Self.packet(3, [0xFF, 0x15, 4] + Array("#28000Access denied for user 'root2'".utf8)), from: .responder)
        Self.ask(&harness, [4] + Array("slave_master_info".utf8) + [0])
        let records = harness.records(MySQLRecord.kind)
        #expect(records.map { $0[Records.mysql.cmd] } == ["login", "change_user", "field_list"])
        #expect(records.map { $0[Records.mysql.arg] } == ["aiko", "root2", "slave_master_info"])
        #expect(records.map { $0[Records.mysql.success] } == [true, false, true])
    }

    /// "LOCAL INFILE Request": the answer comes behind the file, whose packets are no commands, however many.
    @Test func filesThatAreLoadedAreNoCommands() {
        var harness = Self.loggedIn(server: Self.protocol41, client: Self.protocol41)
        harness.feed(Self.packet(0, [3] + Array("load data local infile 'a' into table t".utf8)), from: .originator)
        harness.feed(Self.packet(1, [0xFB] + Array("a".utf8)), from: .responder)
        for number in 2...300 {
            harness.feed(Self.packet(UInt8(number & 255), [3] + Array("no query".utf8)), from: .originator)
        }
        harness.feed(Self.packet(45, []), from: .originator)
        harness.feed(Self.packet(46, [0, 77, 0, 2, 0, 0, 0]), from: .responder)
        Self.ask(&harness, [3] + Array("select 1".utf8))
        let records = harness.records(MySQLRecord.kind)
        #expect(
            records.map { $0[Records.mysql.arg] } == ["aiko", "load data local infile 'a' into table t", "select 1"])
        #expect(records.map { $0[Records.mysql.rows] } == [0, 77, 0])
    }

    /// "Compressed Packet": seven bytes of header; content that is not worth it is as it is.
    @Test(arguments: [1, 9, 4000])
    func whatIsCompressedIsRead(segment: Int) {
        let compress: UInt32 = 0x20
        var harness = Self.loggedIn(server: Self.protocol41 | compress, client: Self.protocol41 | compress)
        // zlib.compress(packet(0, COM_QUERY "select 'aaa...'" of 60 times a)): RFC 1950.
        let zlib = Wire.hex("789c73636060602e4ecd494d2e51504fa400a80300996419f4")
        let plain = Self.packet(0, [14])
        let stream: [UInt8] =
            [UInt8(zlib.count), 0, 0, 0, 74, 0, 0] + zlib + [UInt8(plain.count), 0, 0, 0, 0, 0, 0] + plain
        for start in stride(from: 0, to: stream.count, by: segment) {
            harness.feed(Array(stream[start..<Swift.min(start + segment, stream.count)]), from: .originator)
        }
        let answer = Self.packet(1, [0, 0, 0, 2, 0, 0, 0])
        harness.feed([UInt8(answer.count), 0, 0, 1, 0, 0, 0] + answer, from: .responder)
        let records = harness.records(MySQLRecord.kind)
        #expect(records.map { $0[Records.mysql.cmd] } == ["login", "query", "ping"])
        #expect(records.dropFirst().first?[Records.mysql.arg] == "select '\(String(repeating: "a", count: 60))'")
        #expect(records.last?[Records.mysql.success] == true)
        #expect(harness.failure == nil)
    }

    /// A unit: its header, and a packet in zlib's form.
    private static func unit(_ packet: [UInt8], claims byteCount: Int? = nil, number: UInt8 = 0) -> [UInt8] {
        let content = HostileTraffic.compressed(packet, windowBits: 15)
        let lengths = [content.count, byteCount ?? packet.count].map { Array(little(UInt32($0)).prefix(3)) }
        return Wire.join(lengths[0], [number], lengths[1], content)
    }

    /// A unit of packets as they are.
    private static func plainUnit(_ packets: [UInt8], number: UInt8) -> [UInt8] {
        Wire.join(Array(little(UInt32(packets.count)).prefix(3)), [number], [0, 0, 0], packets)
    }

    private static func query(_ text: String, sequence: UInt8 = 0) -> [UInt8] {
        packet(sequence, [3] + Array(text.utf8))
    }

    private static func long(_ query: String, blanks: Int) -> [UInt8] {
        let payload: [UInt8] = [3] + Array(query.utf8) + [UInt8](repeating: 0x20, count: blanks)
        return Array(little(UInt32(payload.count)).prefix(3)) + [0] + payload
    }

    private static func compressing() -> AnalyzerHarness {
        let compress: UInt32 = 0x20
        return loggedIn(server: protocol41 | compress, client: protocol41 | compress)
    }

    private static let answer = unit(packet(1, [0, 0, 0, 2, 0, 0, 0]))

    /// More blanks than may come out of so little hide neither the query in front of them nor the next; with nothing
    /// left of the allowance fewer blanks are enough.
    @Test(arguments: [(12_000_000, 1460, false), (15_000, 1460, true), (12_000_000, 100, true)])
    func whatUnfoldsTooFarIsPassedOver(blanks: Int, segment: Int, isSpent: Bool) {
        var harness = Self.compressing()
        if isSpent { Self.spend(&harness) }
        let stream = Self.unit(Self.long("drop table secrets", blanks: blanks))
        for start in stride(from: 0, to: stream.count, by: segment) {
            harness.feed(Array(stream[start..<Swift.min(start + segment, stream.count)]), from: .originator)
        }
        harness.feed(Self.answer, from: .responder)
        harness.feed(Self.unit(Self.packet(0, [3] + Array("grant all on x".utf8))), from: .originator)
        harness.feed(Self.answer, from: .responder)
        let records = harness.records(MySQLRecord.kind).dropFirst()
        #expect(records.map { $0[Records.mysql.arg]?.prefix(18) } == ["drop table secrets", "grant all on x"])
        #expect(records.allSatisfy { $0[Records.mysql.success] == true })
        #expect(harness.failure == nil)
    }

    /// Takes what may come out of little, and a little more.
    private static func spend(_ harness: inout AnalyzerHarness) {
        _ = harness.sink.unfolding.available(at: harness.sink.now)
        harness.sink.unfolding.take(UnfoldingAllowance.bytesPerSecond)
    }

    /// What is told of queries but their blanks, the login left out.
    private static func queries(_ harness: inout AnalyzerHarness) -> [String?] {
        harness.finish()
        return harness.records(MySQLRecord.kind).dropFirst().map {
            $0[Records.mysql.arg]?.replacing(#/ +$/#, with: "")
        }
    }

    /// A packet that is given up in its first unit ends in its second, whose bytes begin none.
    @Test(arguments: [2, 4, 12_000, 20_000]) func aPacketMayEndInALaterUnit(cut: Int) {
        var harness = Self.compressing()
        Self.spend(&harness)
        // Blanks in front, so that the packet's header is what is cut off or in two.
        let first = Self.long("select 7", blanks: 20_000)
        let stream = cut < 5 ? Self.long("select 6", blanks: 20_000) + first : first
        let end = cut < 5 ? stream.count - first.count + cut : cut
        for segment in [Self.unit(Array(stream[..<end])), Self.unit(Array(stream[end...]), number: 1)] {
            harness.feed(Array(segment.dropLast(20)), from: .originator)
            harness.feed(Array(segment.suffix(20)), from: .originator)
        }
        harness.feed(Self.plainUnit(Self.query("drop table a"), number: 0), from: .originator)
        let queries = Self.queries(&harness)
        #expect(queries == (cut < 5 ? ["select 6", "drop table a"] : ["select 7", "drop table a"]))
    }

    /// All of a unit came out, and only the end of zlib's form (its checksum, RFC 1950) comes later.
    @Test func theEndOfAUnitIsNoPartOfAPacket() {
        var harness = Self.compressing()
        Self.spend(&harness)
        let stream = Self.long("select 7", blanks: 20_000)
        let unit = Self.unit(Array(stream[..<12_000]))
        harness.feed(Array(unit.dropLast(4)), from: .originator)
        harness.feed(Array(unit.suffix(4)), from: .originator)
        harness.feed(Self.plainUnit(Array(stream[12_000...]), number: 1), from: .originator)
        harness.feed(Self.plainUnit(Self.query("drop table a"), number: 0), from: .originator)
        #expect(Self.queries(&harness) == ["select 7", "drop table a"])
    }

    /// What did not come out may hold the beginning of a packet; the next unit's bytes then begin none, whatever they
    /// say. Each command begins a unit numbered 0.
    @Test func bytesBehindALostBeginningAreNoPacket() {
        var harness = Self.compressing()
        Self.spend(&harness)
        let stream = Self.long("select 1", blanks: 20_000) + Self.long("select 2", blanks: 20_000)
        let cut = stream.count - 10_000
        harness.feed(Self.unit(Array(stream[..<cut])), from: .originator)
        harness.feed(
            Self.plainUnit([0xFF, 0xFF, 0xFF, 0] + Array(stream[(cut + 4)...]), number: 1), from: .originator)
        for name in ["a", "b"] {
            harness.feed(Self.plainUnit(Self.query("drop table \(name)"), number: 0), from: .originator)
        }
        #expect(Self.queries(&harness) == ["select 1", "drop table a", "drop table b"])
    }

    /// MariaDB 10.11 heeds the numbers of units alone, and does all commands of a unit, one after the other.
    @Test func numbersOfPacketsInUnitsHideNoCommand() {
        var harness = Self.compressing()
        let both = Self.query("drop table a", sequence: 5) + Self.query("drop table b", sequence: 9)
        harness.feed(Self.plainUnit(both, number: 0), from: .originator)
        harness.feed(Self.plainUnit(Self.packet(1, [0, 0, 0, 2, 0, 0, 0]), number: 1), from: .responder)
        harness.feed(Self.plainUnit(Self.packet(0, [0, 0, 0, 2, 0, 0, 0]), number: 2), from: .responder)
        harness.feed(Self.plainUnit(Self.query("drop table c", sequence: 1), number: 0), from: .originator)
        #expect(Self.queries(&harness) == ["drop table a", "drop table b", "drop table c"])
    }

    /// The rest of a packet of 16 MiB, what authenticates another user, and a file are no commands, in units either.
    @Test func whatGoesOnInUnitsIsNoCommand() {
        var harness = Self.compressing()
        harness.feed(
            Self.plainUnit(Self.packet(0, [17] + Array("root2".utf8) + [0, 0, 0]), number: 0), from: .originator)
        harness.feed(
            Self.plainUnit(Self.packet(1, [0xFE] + Array("mysql_native_password".utf8) + [0]), number: 1),
            from: .responder)
        harness.feed(Self.plainUnit(Self.query("secret", sequence: 2), number: 2), from: .originator)
        harness.feed(Self.plainUnit(Self.packet(3, [0, 0, 0, 2, 0, 0, 0]), number: 3), from: .responder)
        harness.feed(Self.plainUnit(Self.query("load data"), number: 0), from: .originator)
        harness.feed(Self.plainUnit(Self.packet(1, [0xFB, 0x61]), number: 1), from: .responder)
        for number in 2...300 {
            let unit = Self.plainUnit(Self.query("line", sequence: UInt8(number & 255)), number: UInt8(number & 255))
            harness.feed(unit, from: .originator)
        }
        harness.feed(Self.plainUnit(Self.packet(45, []), number: 45), from: .originator)
        harness.feed(Self.plainUnit(Self.packet(46, [0, 0, 0, 2, 0, 0, 0]), number: 46), from: .responder)
        let long = Self.long("select 1", blanks: 0xFF_FFFF - 9)
        harness.feed(Self.plainUnit(Array(long.dropLast(9)), number: 0), from: .originator)
        harness.feed(Self.plainUnit(long.suffix(9) + Self.query("rest", sequence: 1), number: 1), from: .originator)
        harness.feed(Self.plainUnit(Self.query("drop table a"), number: 0), from: .originator)
        #expect(Self.queries(&harness).suffix(4) == ["root2", "load data", "select 1", "drop table a"])
    }

    /// The server's units go on from the command's: one that does not begins the next answer.
    @Test func anAnswerIsFoundBehindOneThatWasGivenUp() {
        var harness = Self.compressing()
        harness.feed(Self.plainUnit(Self.query("select 1"), number: 0), from: .originator)
        Self.spend(&harness)
        let rows = Self.packet(1, [1]) + Self.long("", blanks: 20_000) + Self.long("", blanks: 20_000)
        let cut = rows.count - 10_000
        harness.feed(Self.unit(Array(rows[..<cut]), number: 1), from: .responder)
        harness.feed(Self.plainUnit([0xFF, 0xFF, 0xFF, 0] + Array(rows[(cut + 4)...]), number: 2), from: .responder)
        harness.feed(Self.plainUnit(Self.query("drop table a"), number: 0), from: .originator)
        harness.feed(Self.plainUnit(Self.packet(1, [0, 5, 0, 2, 0, 0, 0]), number: 1), from: .responder)
        let found = harness.records(MySQLRecord.kind)
        #expect(found.last?[Records.mysql.arg] == "drop table a")
        #expect(found.last?[Records.mysql.rows] == 5)
    }

    /// A client that says too much of a packet is refused, and begins anew in a unit numbered 0; one numbered so behind
    /// 255 others goes on.
    @Test(arguments: [256, 300]) func numbersOfUnitsBeginAnew(count: Int) {
        var harness = Self.compressing()
        let cut = Array(Self.long("select 1", blanks: 100).dropLast(50))
        harness.feed(Self.plainUnit(cut, number: 0), from: .originator)
        let long = Self.long("select 2", blanks: count - 13)
        for (index, byte) in long.enumerated() {
            harness.feed(Self.plainUnit([byte], number: UInt8(index & 255)), from: .originator)
        }
        harness.feed(Self.plainUnit(Self.query("drop table a"), number: 0), from: .originator)
        #expect(Self.queries(&harness) == ["select 2", "drop table a"])
    }

    /// The header tells how much comes out; where it lies, what was asked is still told.
    @Test(arguments: [-1, 1]) func unitsOfAnotherLengthThanTheyClaimEndTheAnalyzer(surplus: Int) {
        var harness = Self.compressing()
        harness.feed(Self.unit(Self.packet(0, [3] + Array("select 1".utf8))), from: .originator)
        let packet = Self.packet(1, [0, 0, 0, 2, 0, 0, 0])
        harness.feed(Self.unit(packet, claims: packet.count + surplus), from: .responder)
        #expect(harness.failure == .invalid(.length))
        #expect(harness.records(MySQLRecord.kind).last?[Records.mysql.arg] == "select 1")
    }

    /// A query that waits for its answer is told when the answer makes no sense.
    @Test func aQueryIsToldThoughItsAnswerIsDamaged() {
        var harness = Self.compressing()
        harness.feed(Self.unit(Self.packet(0, [3] + Array("select 1".utf8))), from: .originator)
        harness.feed([0, 0, 0, 1, 9, 0, 0], from: .responder)
        #expect(harness.failure == .invalid(.length))
        #expect(harness.records(MySQLRecord.kind).last?[Records.mysql.arg] == "select 1")
    }

    /// Of a few bytes thousands of commands unfold: no more of them are told than bytes came.
    @Test func commandsThatUnfoldFromNothingAreNotTold() {
        var harness = Self.compressing()
        let quits = [[UInt8]](repeating: [1, 0, 0, 0, 1], count: 10_000).flatMap { $0 }
        let unit = Self.unit(quits)
        harness.feed(unit, from: .originator)
        harness.finish()
        let told = harness.records(MySQLRecord.kind).filter { $0[Records.mysql.cmd] == "quit" }.count
        #expect(told > 0 && told <= unit.count, "\(told) of \(unit.count) bytes")
        let weirds = harness.records(WeirdRecord.kind).filter { $0[Records.weird.source] == "mysql" }
        #expect(weirds.first?[Records.weird.name] == "content_unfolds_too_far")
    }

    /// Only the client's wish is not enough, and nor is the server's.
    @Test func whatIsNotAgreedUponIsNotCompressed() {
        for (server, client) in [(UInt32(0x20), UInt32(0)), (0, 0x20)] {
            var harness = Self.loggedIn(server: Self.protocol41 | server, client: Self.protocol41 | client)
            Self.ask(&harness, [3] + Array("select 1".utf8))
            #expect(harness.records(MySQLRecord.kind).last?[Records.mysql.arg] == "select 1")
        }
    }

    /// A greeting that does not come at once is waited for; what only begins alike is nobody's.
    @Test func aGreetingMayComeInPieces() {
        var greeting: [UInt8] = [10] + Array("8.0.36".utf8) + [0]
        greeting += [UInt8](repeating: 1, count: 60)
        let packet = Self.packet(0, greeting)
        #expect(MySQLAnalyzer.probe(packet.span.bytes, from: .responder) == .match)
        for count in [8, 20, packet.count - 1] {
            let piece = Array(packet[..<count])
            #expect(MySQLAnalyzer.probe(piece.span.bytes, from: .responder) == .needMore)
            #expect(MySQLAnalyzer.probe(piece.span.bytes, from: .originator) == .noMatch)
        }
        let other = Self.packet(1, greeting)[..<20]
        #expect(MySQLAnalyzer.probe(Array(other).span.bytes, from: .responder) == .noMatch)
        let longer = packet + [0]
        #expect(MySQLAnalyzer.probe(longer.span.bytes, from: .responder) == .noMatch)
    }
}
