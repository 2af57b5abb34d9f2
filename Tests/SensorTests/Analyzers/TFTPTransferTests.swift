import Shared
import Testing

@testable import Sensor

/// TFTP's transfers, which nothing but the request tells from others.
@Suite struct TFTPTransferTests {
    private static let whole = [UInt8](repeating: 0x61, count: 512)
    private static let rest = Array("bcd".utf8)
    /// By `sha256sum` of 512 letters a and bcd.
    private static let digest = "268bee93af6ab9ec90cc1de3bcfe0085523271c6a7070f110ec0feca34888917"

    /// A client 10.0.0.1:2000 and a server 10.0.0.2, which answers from port 3000 unless told otherwise.
    private struct Office: ~Copyable {
        private var engine = FlowEngine()
        private var time = Timestamp(nanoseconds: 1_700_000_000_000_000_000)

        mutating func client(_ bytes: [UInt8], to port: Int = 3000) {
            send(PacketBytes.ipv4(17, PacketBytes.udp(from: 2000, to: port, bytes)))
        }

        mutating func server(_ bytes: [UInt8], from port: Int = 3000) {
            send(
                PacketBytes.ipv4(
                    17, from: [10, 0, 0, 2], to: [10, 0, 0, 1], PacketBytes.udp(from: port, to: 2000, bytes)))
        }

        mutating func ask(_ operation: UInt8 = 1, _ name: String = "config") {
            client([0, operation] + Array("\(name)\0octet\0".utf8), to: 69)
        }

        private mutating func send(_ bytes: [UInt8]) {
            time = time + .milliseconds(1)
            bytes.withUnsafeBytes {
                engine.process(CapturedPacket(time: time, linkType: .raw, bytes: $0, wireLength: bytes.count))
            }
        }

        mutating func end() -> RecordBatch {
            engine.finish()
            return engine.takeBatch()
        }
    }

    private static func block(_ number: Int, _ content: [UInt8]) -> [UInt8] {
        [0, 3] + PacketBytes.word(number) + content
    }

    /// The only file of a batch.
    private static func file(_ batch: RecordBatch) throws -> RecordView {
        let index = try #require(batch.tables.firstIndex { $0.kind.name == "files" })
        #expect(batch.tables[index].rowCount == 1)
        return RecordView(batch: batch, tableIndex: index, row: 0)
    }

    private static func services(_ batch: RecordBatch) throws -> [[String]] {
        let index = try #require(batch.tables.firstIndex { $0.kind.name == "conn" })
        return (0..<batch.tables[index].rowCount).map {
            RecordView(batch: batch, tableIndex: index, row: $0)[Records.conn.service] ?? []
        }
    }

    @Test func blocksThatComeAgainCountOnce() throws {
        var office = Office()
        office.ask()
        office.server(Self.block(1, Self.whole))
        office.server(Self.block(1, Self.whole))
        office.client([0, 4, 0, 1])
        office.server(Self.block(2, Self.rest))
        office.server(Self.block(2, Self.rest))
        let batch = office.end()
        let file = try Self.file(batch)
        #expect(file[Records.files.seenBytes] == 515 && file[Records.files.sha256] == Self.digest)
        #expect(file[Records.files.filename] == "config" && file[Records.files.isOrig] == true)
        #expect(try Self.services(batch).sorted { $0.description < $1.description } == [["tftp"], ["tftp-data"]])
    }

    @Test func aServerThatKeepsToItsPortIsFollowed() throws {
        var office = Office()
        office.ask(2)
        office.ask(2)
        office.server([0, 4, 0, 0], from: 69)
        office.client(Self.block(1, Self.whole), to: 69)
        office.client(Self.block(2, Self.rest), to: 69)
        let batch = office.end()
        let file = try Self.file(batch)
        #expect(file[Records.files.sha256] == Self.digest && file[Records.files.isOrig] == true)
        #expect(batch.tables.first { $0.kind.name == "tftp" }?.rowCount == 1)
    }

    /// A device that fetches its configuration again from the same port.
    @Test func theSameFileAgainIsAnother() throws {
        var office = Office()
        for port in [3000, 3001] {
            office.ask()
            office.server(Self.block(1, Self.whole), from: port)
            office.server(Self.block(2, Self.rest), from: port)
        }
        let batch = office.end()
        #expect(batch.tables.first { $0.kind.name == "tftp" }?.rowCount == 2)
        #expect(batch.tables.first { $0.kind.name == "files" }?.rowCount == 2)
    }

    @Test func whatWasLostIsMissing() throws {
        var office = Office()
        office.ask()
        office.server(Self.block(1, Self.whole))
        office.server(Self.block(4, Self.rest))
        let file = try Self.file(office.end())
        #expect(file[Records.files.seenBytes] == 515 && file[Records.files.missingBytes] == 1024)
        #expect(file[Records.files.sha256] == nil)
    }

    /// As a capture has them that keeps 100 bytes of a packet.
    @Test func blocksThatAreCutAreMissingTheirEnds() throws {
        var office = Office()
        office.ask()
        office.server(Self.block(1, Array(Self.whole.prefix(100))))
        office.server(Self.block(2, Array(Self.whole.prefix(100))))
        office.server(Self.block(3, Self.rest))
        let file = try Self.file(office.end())
        #expect(file[Records.files.seenBytes] == 203 && file[Records.files.missingBytes] == 824)
        #expect(file[Records.files.sha256] == nil)
    }

    @Test func aTransferThatEndsEarlyHasNoDigest() throws {
        var office = Office()
        office.ask()
        office.server(Self.block(1, Self.whole))
        let file = try Self.file(office.end())
        #expect(file[Records.files.seenBytes] == 512 && file[Records.files.sha256] == nil)
    }

    @Test func anAgreedSizeOfBlocksIsTheirs() throws {
        var office = Office()
        office.ask()
        office.server([0, 6] + Array("tsize\u{0}515\u{0}BlkSize\u{0}515\u{0}".utf8))
        office.client([0, 4, 0, 0])
        office.server(Self.block(1, Self.whole + Self.rest))
        office.server(Self.block(2, []))
        #expect(try Self.file(office.end())[Records.files.sha256] == Self.digest)
    }

    /// A request hides nothing: its port may ask a name server next.
    @Test func anotherProtocolOnTheAnnouncedPortIsSeen() throws {
        var office = Office()
        office.ask()
        office.client(
            [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 7] + Array("example".utf8) + [0, 0, 1, 0, 1], to: 53)
        let batch = office.end()
        #expect(try Self.services(batch).contains(["dns"]))
        #expect(!batch.tables.contains { $0.kind.name == "files" })
    }

    /// The file of ``digest`` in five blocks of 103 bytes, and the empty one that ends it.
    private static func sixth(_ number: Int) -> [UInt8] {
        let start = (number - 1) * 103
        return block(number, Array((whole + rest)[start..<min(start + 103, 515)]))
    }

    /// What is seen of that file when its blocks come so; a number below zero is an acknowledgement, and one above 100
    /// a block with other content.
    private static func window(_ numbers: [Int]) throws -> RecordView {
        var office = Office()
        office.ask()
        office.server([0, 6] + Array("blksize\0103\0windowsize\04\0".utf8))
        office.client([0, 4, 0, 0])
        for number in numbers {
            switch number {
            case 101...: office.server(block(number - 100, [UInt8](repeating: 0x7A, count: 103)))
            case 1...: office.server(sixth(number))
            default: office.client([0, 4] + PacketBytes.word(-number))
            }
        }
        return try file(office.end())
    }

    /// RFC 7440 section 4: behind a block that was lost, the sender begins anew with it. Blocks may change places.
    @Test(arguments: [
        [1, 3, 4, -1, 2, 3, 4, 5, -5, 6, -6], [1, 3, 2, 4, -4, 5, 6, -6], [4, 3, 2, 1, -4, 6, 5, -6],
        [1, 2, 4, 4, 3, 3, -4, 5, 6], [2, 1, 4, 3, 6, 5], [1, 2, 3, 4, -2, 3, 4, 5, 6], [1, 6, 3, 5, 4, 2],
    ])
    func blocksOfAWindowAreSetInOrder(numbers: [Int]) throws {
        let file = try Self.window(numbers)
        #expect(file[Records.files.seenBytes] == 515 && file[Records.files.missingBytes] == 0)
        #expect(file[Records.files.sha256] == Self.digest)
    }

    /// RFC 7440 section 4: what came behind a hole the receiver has thrown away, and its file has what was sent anew.
    @Test(arguments: [
        [1, 103, 104, -1, 2, 3, 4, 5, -5, 6, -6], [1, 2, 104, -2, 3, 4, 5, 6, -6], [1, 2, 3, 105, -1, 2, 3, 4, 5, 6],
        [1, 106, 103, -1, 2, 105, 104, -2, 3, 4, 5, 6],
    ])
    func blocksThatTheReceiverHasThrownAwayAreNotTheFile(numbers: [Int]) throws {
        let file = try Self.window(numbers)
        #expect(file[Records.files.seenBytes] == 515 && file[Records.files.missingBytes] == 0)
        #expect(file[Records.files.sha256] == Self.digest)
    }

    /// What the receiver acknowledges it has: the capture lacks what is not there, and it does not come any more.
    @Test(arguments: [[1, 3, 4, -4, 5, 6], [1, 3, -3, 2, 4, 5, 6], [1, 3, 4, 5, 6]])
    func whatTheReceiverHasIsNotWaitedFor(numbers: [Int]) throws {
        let file = try Self.window(numbers)
        #expect(file[Records.files.seenBytes] == 412 && file[Records.files.missingBytes] == 103)
        #expect(file[Records.files.sha256] == nil)
    }

    @Test(arguments: [0, 8, 512, 1468]) func blocksAheadOfAHoleAreBounded(size: Int) throws {
        var harness = AnalyzerHarness(TFTPAnalyzer.self, transport: .udp, responderPort: 69)
        harness.feed([0, 1] + Array("config\0octet\0".utf8), from: .originator)
        harness.feed([0, 6] + Array("blksize\0\(size)\0".utf8), from: .responder)
        harness.feed(Self.block(1, [UInt8](repeating: 1, count: size)), from: .responder)
        let least = harness.analyzer.heldBytes
        for number in (3...1000).reversed() + Array(1003...2000) {
            harness.feed(Self.block(number, [UInt8](repeating: 1, count: size)), from: .responder)
            #expect(harness.analyzer.heldBytes - least <= 140_000)
        }
        harness.finish()
        let file = try #require(harness.records(FilesRecord.kind).first)
        #expect((file[Records.files.seenBytes] ?? 0) >= UInt64(size * 1000))
    }
}
