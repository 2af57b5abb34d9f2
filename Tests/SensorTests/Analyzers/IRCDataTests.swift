import Shared
import Testing

@testable import Sensor

/// Files between clients of IRC, which nothing but the offer tells from others.
@Suite struct IRCDataTests {
    /// From 192.0.2.1, where its clients find the server too, port 1024.
    private static let offer =
        ":bob!b@example.org PRIVMSG till :\u{1}DCC SEND my report.pdf 3221225985 1024 4000\u{1}\r\n"
    private static let content = Array("%PDF-1.7\n".utf8) + [UInt8](repeating: 0x61, count: 3991)

    /// A session in which something is offered.
    private static func session(_ message: String, from side: Side = .responder) -> HostileSender {
        var sender = HostileSender()
        sender.open(port: 6667)
        sender.send("NICK till\r\nUSER worker 0 * :Till\r\nJOIN #shop\r\n")
        sender.send(message, from: side)
        return sender
    }

    private static func end(_ sender: consuming HostileSender) -> RecordBatch {
        sender.engine.finish()
        return sender.engine.takeBatch()
    }

    private static func records(_ name: String, _ batch: RecordBatch) -> [RecordView] {
        guard let index = batch.tables.firstIndex(where: { $0.kind.name == name }) else { return [] }
        return (0..<batch.tables[index].rowCount).map { RecordView(batch: batch, tableIndex: index, row: $0) }
    }

    private static func transfers(_ batch: RecordBatch) -> [RecordView] {
        records("irc", batch).filter { $0[Records.irc.command] == "DCC" }
    }

    @Test func aFileThatComesIsToldOfInTheSession() throws {
        var sender = Self.session(Self.offer)
        sender.open(port: 1024)
        sender.send(Self.content, from: .responder)
        sender.send([0, 0, 0x0F, 0xA0])
        let batch = Self.end(sender)
        let file = try #require(Self.records("files", batch).first)
        #expect(file[Records.files.source] == "IRC_DATA" && file[Records.files.seenBytes] == 4000)
        #expect(file[Records.files.filename] == "my report.pdf" && file[Records.files.isOrig] == false)
        let record = try #require(Self.transfers(batch).first)
        #expect(record[Records.irc.dccFileName] == "my report.pdf" && record[Records.irc.dccFileSize] == 4000)
        #expect(record[Records.irc.dccMimeType] == "application/pdf")
        #expect(record[Records.irc.fuid] == file[Records.files.fuid])
        #expect(record[Records.irc.nick] == "till" && record[Records.irc.value] == "#shop")
        #expect(record[Records.irc.respP] == 6667 && file[Records.files.respP] == 1024)
        #expect(record[Records.irc.uid] == Self.records("irc", batch).first?[Records.irc.uid])
        #expect(Self.transfers(batch).count == 1)
        let services = Self.records("conn", batch).flatMap { $0[Records.conn.service] ?? [] }
        #expect(services.sorted() == ["irc", "irc-dcc-data"])
    }

    /// IRCv3, "Message Tags": what a server tells of a message goes in front of it.
    @Test(arguments: ["@time=2023-11-14T22:13:21.000Z;msgid=abc ", "@a  ", ""])
    func tagsInFrontOfAMessageArePassedOver(tags: String) throws {
        var sender = Self.session(tags + Self.offer)
        sender.send(tags + "JOIN #other\r\n")
        sender.open(port: 1024)
        sender.send(Self.content, from: .responder)
        let batch = Self.end(sender)
        #expect(Self.transfers(batch).map { $0[Records.irc.dccFileName] } == ["my report.pdf"])
        #expect(Self.records("irc", batch).contains { $0[Records.irc.value] == "#other" })
        let line = Array((tags + Self.offer).utf8)
        #expect(IRCAnalyzer.probe(line.span.bytes, from: .responder) == .match)
    }

    @Test(arguments: ["@RSYNCD: 31.0\n", "@a b c\r\n", "@a \r\n", "@\r\n", "@a JOIN #x\r\n"])
    func tagsAloneAreNoMessage(text: String) {
        let line = Array(text.utf8)
        #expect(IRCAnalyzer.probe(line.span.bytes, from: .responder) == .noMatch)
    }

    @Test func aFileWithoutItsBeginningHasNoDigest() throws {
        var sender = Self.session(Self.offer)
        sender.open(port: 1024)
        sender.leaveOut(9, from: .responder)
        sender.send(Array(Self.content[9..<1000]), from: .responder)
        // The other end has all of it: the nine bytes will not come.
        sender.send([0, 0, 0x03, 0xE8])
        sender.send(Array(Self.content[1000...]), from: .responder)
        sender.send([0, 0, 0x0F, 0xA0])
        let file = try #require(Self.records("files", Self.end(sender)).first)
        #expect(file[Records.files.seenBytes] == 3991 && file[Records.files.missingBytes] == 9)
        #expect(file[Records.files.sha256] == nil)
    }

    @Test func aFileThatNeverComesIsNotToldOf() { #expect(Self.transfers(Self.end(Self.session(Self.offer))).isEmpty) }

    /// A client behind address translation tells another address than the one that is seen.
    @Test func anOwnOfferIsAwaitedAtTheAddressThatIsSeen() {
        var harness = AnalyzerHarness(IRCAnalyzer.self, responderPort: 6667)
        harness.feed("PRIVMSG bob :\u{1}DCC SEND a.txt 3405803781 1024 5\u{1}\r\n", from: .originator)
        let time = harness.sink.now
        let end = DataChannels.Endpoint(address: harness.sink.connection.originator, port: 1024)
        #expect(harness.sink.memories.awaitsStreams)
        #expect(harness.sink.memories.ircDataChannels.open(end, at: time) == DataChannels.ircNumbers + 1)
    }

    @Test(arguments: ["a.txt 3221225985 0 5", "a.txt 3221225985 99999 5", "a.txt host 1024 5", "a.txt 3221225985 1024"])
    func whatTellsNoEndIsNoOffer(text: String) {
        var harness = AnalyzerHarness(IRCAnalyzer.self, responderPort: 6667)
        harness.feed(":bob PRIVMSG till :\u{1}DCC SEND \(text)\u{1}\r\n", from: .responder)
        #expect(!harness.sink.memories.awaitsStreams)
    }

    /// Whoever may talk in a channel can announce what is not there.
    @Test func anOfferHidesNothing() {
        var sender = Self.session(Self.offer)
        sender.open(port: 1024)
        sender.send("GET /a HTTP/1.1\r\nHost: example.org\r\n\r\n")
        sender.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", from: .responder)
        let batch = Self.end(sender)
        #expect(Self.records("http", batch).map { $0[Records.http.uri] } == ["/a"])
        #expect(Self.transfers(batch).isEmpty)
    }

    @Test func offersWithoutEndTakeNoMoreMemory() {
        var harness = AnalyzerHarness(IRCAnalyzer.self, responderPort: 6667)
        let name = String(repeating: "n", count: 4000)
        for port in 1024..<4096 {
            harness.feed(":bob PRIVMSG till :\u{1}DCC SEND \(name) 3221225985 \(port) 5\u{1}\r\n", from: .responder)
        }
        let first = DataChannels.ircNumbers + 1
        #expect(harness.sink.memories.ircDataChannels[first] == nil)
        let last = harness.sink.memories.ircDataChannels[first + 3071]
        #expect(last?.offer?.filename?.utf8.count == IRCOffer.textLimit)
    }
}
