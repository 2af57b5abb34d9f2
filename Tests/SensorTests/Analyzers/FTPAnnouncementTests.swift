import Shared
import Testing

@testable import Sensor

/// Data connections that FTP announces: what is hidden behind an announcement, and what is the file.
@Suite struct FTPAnnouncementTests {
    private static let pdf = Array("%PDF-1.7\n".utf8) + [UInt8](repeating: 0x61, count: 3991)
    private static let request = "GET /a HTTP/1.1\r\nHost: example.org\r\n\r\n"

    /// A session in which a server tells a port of its own and a file is asked for.
    private static func session(
        port: Int, command: String = "RETR report.pdf", before: [(String, String)] = []
    ) -> HostileSender {
        var sender = HostileSender()
        sender.open(port: 21)
        sender.send("220 FTP ready\r\n", from: .responder)
        let login = [
            ("USER u", "331 password"), ("PASS p", "230 in"),
            ("PASV", "227 Entering Passive Mode (192,0,2,1,\(port >> 8),\(port & 255))"),
        ]
        for (command, reply) in login + before + [(command, "150 here it comes")] {
            sender.send("\(command)\r\n")
            sender.send("\(reply)\r\n", from: .responder)
        }
        return sender
    }

    private static func end(_ sender: consuming HostileSender) -> [RecordView] {
        sender.engine.finish()
        let batch = sender.engine.takeBatch()
        return batch.tables.indices.flatMap { table in
            (0..<batch.tables[table].rowCount).map { RecordView(batch: batch, tableIndex: table, row: $0) }
        }
    }

    private static func services(_ records: [RecordView], port: UInt16) -> [[String]] {
        records.of("conn").filter { $0[Records.conn.respP] == port }.map { $0[Records.conn.service] ?? [] }
    }

    /// Another's connection, and one to where well-known services are.
    @Test(arguments: [(2000, false), (80, true)]) func anAnnouncementHidesNothing(port: Int, isOwn: Bool) {
        for size in [1, 5, 1400] {
            var sender = Self.session(port: port)
            sender.open(port: port, again: isOwn)
            sender.send(Array(Self.request.utf8), size: size)
            sender.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", from: .responder)
            sender.close()
            let records = Self.end(sender)
            #expect(records.of("http").map { $0[Records.http.uri] } == ["/a"])
            #expect(records.of("files").map { $0[Records.files.source] } == ["HTTP"])
            #expect(Self.services(records, port: UInt16(port)) == [["http"]])
        }
    }

    /// Between the ends of the session, what looks like a request is the file.
    @Test func aTextOfTheSessionIsTheFile() {
        var sender = Self.session(port: 2000)
        sender.open(port: 2000, again: true)
        sender.send(Self.request, from: .responder)
        sender.close()
        let records = Self.end(sender)
        #expect(records.of("files").map { $0[Records.files.source] } == ["FTP_DATA"])
        #expect(records.of("http").isEmpty)
    }

    /// Where the data comes from or goes to another address, as behind address translation: whichever end sends, and
    /// whatever the first bytes may yet become.
    @Test(
        arguments: [pdf, Array("220 sheets\n".utf8), Array("220 ".utf8) + [UInt8](repeating: 0x62, count: 2996)],
        [Side.originator, .responder])
    func whatIsNothingElseIsTheFile(content: [UInt8], side: Side) throws {
        for size in [1, 7, 1400] {
            var sender = Self.session(port: 2000, command: side == .originator ? "STOR report.pdf" : "RETR report.pdf")
            sender.open(port: 2000)
            sender.send(content, from: side, size: size)
            sender.close()
            let records = Self.end(sender)
            let file = try #require(records.of("files").first)
            #expect(file[Records.files.source] == "FTP_DATA" && file[Records.files.filename] == "report.pdf")
            #expect(file[Records.files.seenBytes] == UInt64(content.count))
            #expect(file[Records.files.sha256] == Digest.sha256.text(of: content))
            let transfer = try #require(records.of("ftp").last)
            #expect(transfer[Records.ftp.fuid] == file[Records.files.fuid])
            #expect(Self.services(records, port: 2000) == [["ftp-data"]])
        }
    }

    @Test func whatIsLostOfWhatMayBeAnythingIsTheFiles() throws {
        var sender = Self.session(port: 2000)
        sender.open(port: 2000)
        sender.send("220 ", from: .responder)
        sender.leaveOut(9, from: .responder)
        sender.send("sold", from: .responder)
        sender.close()
        let file = try #require(Self.end(sender).of("files").first)
        #expect(file[Records.files.seenBytes] == 8 && file[Records.files.missingBytes] == 9)
        #expect(file[Records.files.sha256] == nil)
    }

    /// RFC 3659 §5.3: the rest of a file is not the file. A place that the server refuses, or the beginning, is none.
    @Test(arguments: [
        ([("REST 5000", "350 ok")], "RETR report.pdf", 5000 as UInt64), ([("REST 0", "350 ok")], "RETR report.pdf", 0),
        ([("REST 5000", "502 no")], "RETR report.pdf", 0), ([("REST 5000", "350 ok")], "STOR report.pdf", 5000),
        ([("REST 5000", "350 ok"), ("TYPE I", "200 ok")], "RETR report.pdf", 5000),
        ([("REST 5000", "350 ok"), ("REST 0", "350 ok")], "RETR report.pdf", 0),
        ([("REST x", "350 ok")], "RETR report.pdf", 0),
    ])
    func theRestOfAFileHasNoDigest(before: [(String, String)], command: String, missing: UInt64) throws {
        var sender = Self.session(port: 2000, command: command, before: before)
        sender.open(port: 2000, again: true)
        sender.send(Self.pdf, from: command.hasPrefix("STOR") ? .originator : .responder)
        sender.close()
        let file = try #require(Self.end(sender).of("files").first)
        #expect(file[Records.files.seenBytes] == 4000 && file[Records.files.missingBytes] == missing)
        #expect(file[Records.files.sha256] == (missing > 0 ? nil : Digest.sha256.text(of: Self.pdf)))
    }

    /// A folder with nothing in it.
    @Test(arguments: [true, false]) func anEmptyTransferIsOne(isOwn: Bool) {
        var sender = Self.session(port: 2000, command: "LIST")
        sender.open(port: 2000, again: isOwn)
        sender.close()
        #expect(Self.services(Self.end(sender), port: 2000) == [["ftp-data"]])
    }

    // MARK: the end

    /// RFC 959 §3.4: closing the connection is the file's end.
    @Test(arguments: [Side.originator, .responder]) func aFileThatIsResetHasNoDigest(side: Side) throws {
        var sender = Self.session(port: 2000, command: side == .originator ? "STOR report.pdf" : "RETR report.pdf")
        sender.open(port: 2000, again: true)
        sender.send(Self.pdf, from: side)
        sender.close(resetBy: side)
        let file = try #require(Self.end(sender).of("files").first)
        #expect(file[Records.files.seenBytes] == 4000 && file[Records.files.sha256] == nil)
    }

    /// RFC 959 §5.4: the server has closed the connection before the file's end.
    @Test(arguments: [("426 aborted", false), ("226 done", true)]) func anAbortedFileHasNoDigest(
        reply: String, isWhole: Bool
    ) throws {
        var talk = PacketScript(analyzers: [FTPAnalyzer.self])
        func control(_ isClient: Bool, _ sequence: UInt32, _ acknowledgement: UInt32, _ data: String) {
            if isClient {
                talk.client(0x18, sequence, acknowledgement, data, service: 21)
            } else {
                talk.server(0x18, sequence, acknowledgement, data, service: 21)
            }
        }
        talk.client(2, 100, service: 21)
        talk.server(0x12, 500, 101, service: 21)
        control(false, 501, 101, "220 FTP\r\n")
        control(true, 101, 510, "PASV\r\n")
        control(false, 510, 107, "227 (10,0,0,2,8,0)\r\n")
        control(true, 107, 530, "RETR a\r\n")
        talk.client(2, 100, port: 1001, service: 2048)
        talk.server(0x12, 500, 101, port: 1001, service: 2048)
        talk.client(0x10, 101, 501, port: 1001, service: 2048)
        talk.server(0x18, 501, 101, "content", port: 1001, service: 2048)
        talk.server(0x11, 508, 101, port: 1001, service: 2048)
        talk.client(0x11, 101, 509, port: 1001, service: 2048)
        control(false, 530, 115, "\(reply)\r\n")
        let file = try #require(talk.end().of("files").first)
        #expect(file[Records.files.seenBytes] == 7)
        #expect(file[Records.files.sha256] == (isWhole ? Digest.sha256.text(of: Array("content".utf8)) : nil))
    }

    @Test func whatIsMissingInFrontOfTheEndIsMissing() throws {
        var sender = Self.session(port: 2000)
        sender.open(port: 2000, again: true)
        sender.send(Self.pdf, from: .responder)
        sender.leaveOut(9, from: .responder)
        sender.close()
        let file = try #require(Self.end(sender).of("files").first)
        #expect(file[Records.files.seenBytes] == 4000 && file[Records.files.sha256] == nil)
    }
}
