import Shared
import Testing

@testable import Sensor

/// Files that are fetched part by part (RFC 9110 §14).
@Suite struct HTTPPartsTests {
    /// SHA-256 of "hello, world", by sha256sum of GNU coreutils.
    static let digest = "09ca7e4eaa6e8ae9c7d261167129184883644d07dfba7cbfbc4c8a2e08360d5b"

    /// Asks for a part of the file at `target`, and answers.
    static func fetch(
        _ content: String, _ range: String, of target: String = "/f", status: Int = 206,
        in harness: inout AnalyzerHarness
    ) {
        harness.feed("GET \(target) HTTP/1.1\r\nHost: h\r\nRange: bytes=0-\r\n\r\n", from: .originator)
        harness.feed(
            "HTTP/1.1 \(status) S\r\nContent-Range: \(range)\r\nContent-Length: \(content.utf8.count)\r\n\r\n",
            from: .responder)
        harness.feed(content, from: .responder)
    }

    @Test func partsThatFollowOneAnotherAreOneFile() throws {
        var harness = HTTPAnalyzerTests.harness()
        Self.fetch("hello, wor", "bytes 0-9/12", in: &harness)
        Self.fetch("l", "bytes 10-10/12", in: &harness)
        #expect(harness.records(FilesRecord.kind).isEmpty)
        Self.fetch("d", "bytes 11-11/12", in: &harness)
        let files = harness.records(FilesRecord.kind)
        let file = try #require(files.first)
        #expect(files.count == 1)
        #expect(file[Records.files.seenBytes] == 12)
        #expect(file[Records.files.totalBytes] == 12)
        #expect(file[Records.files.missingBytes] == 0)
        #expect(file[Records.files.timedout] == false)
        #expect(file[Records.files.sha256] == Self.digest)
        let pages = harness.records(HTTPRecord.kind)
        #expect(pages.map { $0[Records.http.responseBodyLen] } == [10, 1, 1])
        let fuid = try #require(file[Records.files.fuid])
        #expect(pages.map { $0[Records.http.respFuids] } == [[fuid], [fuid], [fuid]])
        #expect(pages.map { $0[Records.http.respMimeTypes] } == Array(repeating: ["text/plain"], count: 3))
    }

    @Test func aFileOfWhichPartsAreLeftOutIsTimedOut() throws {
        var harness = HTTPAnalyzerTests.harness()
        Self.fetch("hello", "bytes 0-4/12", in: &harness)
        Self.fetch(", w", "bytes 5-7/12", in: &harness)
        harness.finish()
        let file = try #require(harness.records(FilesRecord.kind).first)
        #expect(file[Records.files.seenBytes] == 8)
        #expect(file[Records.files.totalBytes] == 12)
        #expect(file[Records.files.timedout] == true)
        #expect(file[Records.files.sha256] == nil)
    }

    @Test func whatLiesBeforeTheFirstPartIsMissing() throws {
        var harness = HTTPAnalyzerTests.harness()
        Self.fetch("world", "bytes 7-11/12", in: &harness)
        let file = try #require(harness.records(FilesRecord.kind).first)
        #expect(file[Records.files.seenBytes] == 5)
        #expect(file[Records.files.missingBytes] == 7)
        #expect(file[Records.files.totalBytes] == 12)
        #expect(file[Records.files.sha256] == nil)
    }

    @Test(arguments: [("/g", "bytes 5-7/12"), ("/f", "bytes 6-8/12"), ("/f", "bytes 0-2/12"), ("/f", "bytes 5-7/13")])
    func anotherFileBeginsWhereAPartDoesNotFollow(target: String, range: String) {
        var harness = HTTPAnalyzerTests.harness()
        Self.fetch("hello", "bytes 0-4/12", in: &harness)
        Self.fetch("abc", range, of: target, in: &harness)
        harness.finish()
        let files = harness.records(FilesRecord.kind)
        #expect(files.map { $0[Records.files.seenBytes] } == [5, 3])
        #expect(Set(files.map { $0[Records.files.fuid] }).count == 2)
    }

    /// An answer that announces a part and sends nothing of it.
    @Test(arguments: [0, 2]) func aPartThatDoesNotComeTakesNothingAway(lost: Int) throws {
        var harness = HTTPAnalyzerTests.harness()
        Self.fetch("hello, wor", "bytes 0-9/12", in: &harness)
        harness.feed("GET /f HTTP/1.1\r\nHost: h\r\n\r\n", from: .originator)
        harness.feed(
            "HTTP/1.1 206 S\r\nContent-Range: bytes 10-11/12\r\nContent-Length: 2\r\n\r\n", from: .responder)
        if lost > 0 { harness.lose(lost, from: .responder) }
        harness.finish()
        let files = harness.records(FilesRecord.kind)
        let file = try #require(files.first)
        #expect(files.count == 1)
        #expect(file[Records.files.seenBytes] == 10)
        #expect(file[Records.files.missingBytes] == UInt64(lost))
        #expect(file[Records.files.mimeType] == "text/plain")
        #expect(file[Records.files.sha256] == nil)
    }

    /// Lost at its beginning, of a part and of the whole: what follows is no file that ever was.
    @Test(arguments: ["206 S\r\nContent-Range: bytes 0-11/*", "200 OK"])
    func aFileWithoutItsBeginningHasNoDigest(status: String) throws {
        var harness = HTTPAnalyzerTests.harness()
        harness.feed("GET /f HTTP/1.1\r\nHost: h\r\n\r\n", from: .originator)
        harness.feed("HTTP/1.1 \(status)\r\nConnection: close\r\n\r\n", from: .responder)
        harness.lose(5, from: .responder)
        harness.feed(", world", from: .responder)
        harness.finish()
        let file = try #require(harness.records(FilesRecord.kind).first)
        #expect(file[Records.files.seenBytes] == 7)
        #expect(file[Records.files.missingBytes] == 5)
        #expect(file[Records.files.sha256] == nil)
    }

    /// Between parts, other things may be fetched.
    @Test func anotherPageDoesNotEndTheFile() {
        var harness = HTTPAnalyzerTests.harness()
        Self.fetch("hello", "bytes 0-4/12", in: &harness)
        harness.feed("GET /page HTTP/1.1\r\nHost: h\r\n\r\n", from: .originator)
        harness.feed("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", from: .responder)
        Self.fetch(", world", "bytes 5-11/12", in: &harness)
        let files = harness.records(FilesRecord.kind)
        #expect(files.map { $0[Records.files.seenBytes] } == [2, 12])
        #expect(files.last?[Records.files.sha256] == Self.digest)
    }

    /// RFC 9110 §14.4 has a server that does not know the length write an asterisk.
    @Test func aFileOfUnknownLengthEndsWithItsConnection() throws {
        var harness = HTTPAnalyzerTests.harness()
        Self.fetch("hello", "bytes 0-4/*", in: &harness)
        Self.fetch(", world", "bytes 5-11/*", in: &harness)
        harness.finish()
        let file = try #require(harness.records(FilesRecord.kind).first)
        #expect(file[Records.files.seenBytes] == 12)
        #expect(file[Records.files.totalBytes] == nil)
        // There may be more of it; a server that leaves the length out must not hide a digest all the same.
        #expect(file[Records.files.sha256] == Self.digest)
    }

    @Test(arguments: [
        "bytes 0-4", "bytes */12", "bytes 4-0/12", "bytes 0-4/4", "lines 0-4/12", "bytes 0-x/12", "bytes",
        "bytes 0-18446744073709551616/12", "/-", "bytes -/1",
    ]) func whatIsNoRangeIsNoPart(range: String) throws {
        var harness = HTTPAnalyzerTests.harness()
        Self.fetch("hello", range, in: &harness)
        let file = try #require(harness.records(FilesRecord.kind).first)
        #expect(file[Records.files.totalBytes] == 5)
        #expect(file[Records.files.timedout] == false)
    }

    /// A whole answer may tell of a range that it does not send (RFC 9110 §14.4: it means nothing there).
    @Test func onlyPartialContentIsAPart() throws {
        var harness = HTTPAnalyzerTests.harness()
        Self.fetch("hello", "bytes 0-4/12", status: 200, in: &harness)
        #expect(try #require(harness.records(FilesRecord.kind).first)[Records.files.totalBytes] == 5)
    }

    /// Several parts in one answer (§14.6), each with its own range; a range means nothing elsewhere (§14.4).
    @Test(arguments: [("multipart/byteranges", true), ("Multipart/X-ByteRanges", true), ("multipart/mixed", false)])
    func severalPartsInOneAnswer(type: String, areRanges: Bool) {
        let body =
            "--B\r\nContent-Range: bytes 0-4/12\r\n\r\nhello\r\n--B\r\nContent-Range: bytes 7-8/12\r\n\r\nwo"
            + "\r\n--B\r\nContent-Range: bytes 0-11/12\r\n\r\nhello, world\r\n--B--\r\n"
        for size in [1, 10, 4096] {
            var harness = HTTPAnalyzerTests.harness()
            harness.feed("GET /f HTTP/1.1\r\nHost: h\r\nRange: bytes=0-4,7-8\r\n\r\n", from: .originator)
            let answer = Array(
                ("HTTP/1.1 206 S\r\nContent-Type: \(type); boundary=B\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                    + body).utf8)
            for start in stride(from: 0, to: answer.count, by: size) {
                harness.feed(Array(answer[start..<min(start + size, answer.count)]), from: .responder)
            }
            harness.finish()
            let files = harness.records(FilesRecord.kind)
            #expect(files.map { $0[Records.files.seenBytes] } == [5, 2, 12])
            #expect(files.map { $0[Records.files.missingBytes] } == (areRanges ? [0, 7, 0] : [0, 0, 0]))
            #expect(files.map { $0[Records.files.totalBytes] } == (areRanges ? [12, 12, 12] : [nil, nil, nil]))
            #expect(files.map { $0[Records.files.sha256] != nil } == [!areRanges, !areRanges, true])
            #expect(files.last?[Records.files.sha256] == Self.digest)
        }
    }

    /// RFC 9113 §8.1 leaves the meaning of status and fields as it is.
    @Test(
        arguments: [
            ("206", "bytes 7-11/12", [7, 12, 0]), ("206", "bytes 0-4/12", [0, 12, 0]),
            ("206", "bytes 0-4/5", [0, 5, 1]),
            ("200", "bytes 7-11/12", [0, 5, 1]),
        ] as [(String, String, [UInt64])])
    func partsOfHTTP2AreParts(status: String, range: String, expected: [UInt64]) throws {
        var harness = AnalyzerHarness(HTTP2Analyzer.self)
        harness.feed(HTTP2Wire.preface + HTTP2Wire.get("/f"), from: .originator)
        let fields = [(":status", status), ("content-range", range), ("content-length", "5")]
        let answer = HTTP2Wire.headers(fields) + HTTP2Wire.data(Array("world".utf8))
        harness.feed(HTTP2Wire.settings + answer, from: .responder)
        harness.finish()
        let files = harness.records(FilesRecord.kind)
        let file = try #require(files.first)
        #expect(files.count == 1 && file[Records.files.seenBytes] == 5)
        #expect(file[Records.files.missingBytes] == expected[0] && file[Records.files.totalBytes] == expected[1])
        #expect((file[Records.files.sha256] != nil) == (expected[2] == 1))
        let page = try #require(harness.records(HTTPRecord.kind).first)
        #expect(page[Records.http.respFuids] == [try #require(file[Records.files.fuid])])
    }
}
