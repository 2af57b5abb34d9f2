import Shared
import Testing

@testable import Sensor

/// Where packets are missing in a capture, a part of a file is not taken for the whole.
@Suite struct LostBytesTests {
    @Test func aTransferWithoutItsBeginningIsNotWhole() throws {
        var harness = AnalyzerHarness(FTPDataAnalyzer.self)
        harness.lose(100, from: .responder)
        harness.feed("the rest", from: .responder)
        harness.finish()
        let file = try #require(harness.records(FilesRecord.kind).first)
        #expect(file[Records.files.missingBytes] == 100)
        #expect(file[Records.files.seenBytes] == 8)
        #expect(file[Records.files.sha256] == nil)
    }

    /// What is lost reaches beyond the end of a chunk (RFC 9112 section 7.1), or of the whole response.
    @Test(arguments: ["Transfer-Encoding: chunked\r\n\r\n8\r\nthe ", "Content-Length: 8\r\n\r\nthe "])
    func aResponseWithoutItsEndIsNotWhole(beginning: String) throws {
        var harness = AnalyzerHarness(HTTPAnalyzer.self)
        harness.feed("GET /a HTTP/1.1\r\nHost: x\r\n\r\n", from: .originator)
        harness.feed("HTTP/1.1 200 OK\r\n" + beginning, from: .responder)
        harness.lose(100, from: .responder)
        harness.finish()
        let file = try #require(harness.records(FilesRecord.kind).first)
        #expect(file[Records.files.seenBytes] == 4)
        // Of what was lost, four bytes are known to be the file's.
        #expect(file[Records.files.missingBytes] == 4)
        #expect(file[Records.files.sha256] == nil)
        #expect(harness.records(HTTPRecord.kind).first?[Records.http.responseBodyLen] == 8)
    }

    /// In front of the content, among its lines, and where chunks (RFC 3030) carry it.
    @Test(arguments: [["", "lost", "YWJj"], ["", "YWJj", "lost", "ZGVm"], ["lost", "", "YWJj"]])
    func aMailWithAHoleIsNotWhole(lines: [String]) throws {
        for isChunk in [false, true] {
            let count = lines.map(\.utf8.count).reduce(0) { $0 + $1 + 2 }
            var harness = AnalyzerHarness(SMTPAnalyzer.self, responderPort: 25)
            let header = "Content-Transfer-Encoding: base64\r\n"
            harness.feed("220 x ESMTP\r\n", from: .responder)
            harness.feed("EHLO pc\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\n", from: .originator)
            harness.feed("250 ok\r\n250 ok\r\n250 ok\r\n", from: .responder)
            harness.feed(isChunk ? "BDAT \(header.utf8.count + count) LAST\r\n" : "DATA\r\n", from: .originator)
            if !isChunk { harness.feed("354 go\r\n", from: .responder) }
            harness.feed(header, from: .originator)
            for line in lines {
                if line == "lost" {
                    harness.lose(6, from: .originator)
                } else {
                    harness.feed("\(line)\r\n", from: .originator)
                }
            }
            if !isChunk { harness.feed(".\r\n", from: .originator) }
            harness.feed("250 queued\r\n", from: .responder)
            harness.finish()
            let file = try #require(harness.records(FilesRecord.kind).first)
            #expect(file[Records.files.missingBytes] == 6)
            #expect(file[Records.files.sha256] == nil)
        }
    }
}
