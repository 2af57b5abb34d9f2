import Shared
import Testing

@testable import Sensor

/// Transfers that end before their content does: what came is told, but it is not the file (RFC 9112 §8).
@Suite struct HTTPBrokenOffTests {
    /// What the files record says of an answer's content after which the connection ends.
    private static func file(_ answer: [UInt8], cut: Int? = nil) -> RecordView? {
        var harness = HTTPAnalyzerTests.harness()
        harness.feed("GET / HTTP/1.1\r\n\r\n", from: .originator)
        let cut = cut ?? answer.count
        harness.feed(Array(answer[..<cut]), from: .responder)
        harness.feed(Array(answer[cut...]), from: .responder)
        harness.finish()
        return harness.records(FilesRecord.kind).first
    }

    @Test(arguments: ["5\r\nhel", "5\r\nhello", "5\r\nhello\r\n", "5\r\nhello\r\n5\r\n"])
    func withoutItsLastChunkABodyIsNotWhole(body: String) throws {
        let answer = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(body)".utf8)
        for cut in 1..<answer.count {
            let file = try #require(Self.file(answer, cut: cut))
            #expect(file[Records.files.seenBytes] == (body.utf8.count < 8 ? 3 : 5))
            #expect(file[Records.files.sha256] == nil)
        }
    }

    /// The last chunk ends it, and where no length is told the connection does. "hello" by sha256sum.
    @Test(arguments: [
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "\r\nhello", "Content-Length: 5\r\n\r\nhello",
    ])
    func wholeOnesHaveTheirDigest(rest: String) throws {
        let file = try #require(Self.file(Array("HTTP/1.1 200 OK\r\n\(rest)".utf8)))
        #expect(file[Records.files.sha256]?.prefix(8) == "2cf24dba")
    }

    /// What comes out of half the gzip is not the file; the length is that of the packed bytes.
    @Test func halfOfWhatIsPackedIsNotTheFile() throws {
        let packed = HostileTraffic.compressed((0..<20_000).map { UInt8($0 &* $0 % 251) }, windowBits: 31)
        let head = Array("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(packed.count)\r\n\r\n".utf8)
        let half = try #require(Self.file(head + packed.prefix(packed.count / 2)))
        #expect(half[Records.files.sha256] == nil)
        let whole = try #require(Self.file(head + packed))
        #expect(whole[Records.files.seenBytes] == 20_000)
        #expect(whole[Records.files.sha256] != nil)
    }

    /// RFC 2046 §5.1.1: a part ends with its delimiter, whatever the length of the whole says.
    @Test(arguments: [("", 0), ("\r\n--XX", 0), ("\r\n--XX--", 1), ("\r\n--XX\r\n", 1)])
    func aPartWithoutItsDelimiterIsNotWhole(end: String, digests: Int) throws {
        let part = "--XX\r\nContent-Disposition: form-data; name=f; filename=\"a.bin\"\r\n\r\nhello, world, hello"
        for length in [part.utf8.count + end.utf8.count, 5000] {
            var harness = HTTPAnalyzerTests.harness()
            harness.feed(
                "POST /up HTTP/1.1\r\nContent-Length: \(length)\r\n"
                    + "Content-Type: multipart/form-data; boundary=XX\r\n\r\n",
                from: .originator)
            harness.feed(part + end, from: .originator)
            harness.finish()
            let file = try #require(harness.records(FilesRecord.kind).first)
            #expect(file[Records.files.filename] == "a.bin")
            #expect((file[Records.files.sha256] == nil) == (digests == 0))
        }
    }

    /// RFC 9113 section 8.1: a message ends with END_STREAM; a reset or the connection's end is none.
    @Test(arguments: [[], HTTP2Wire.frame(3, on: 1, [0, 0, 0, 2]), HTTP2Wire.data([], ends: true)])
    func streamsThatAreResetAreNotWhole(end: [UInt8]) throws {
        for isEncoded in [false, true] {
            var harness = AnalyzerHarness(HTTP2Analyzer.self)
            harness.feed(HTTP2Wire.preface + HTTP2Wire.get("/a"), from: .originator)
            var fields = [(":status", "200")]
            if isEncoded { fields += [("content-encoding", "identity")] }
            let answer = HTTP2Wire.headers(fields) + HTTP2Wire.data(Array("hello".utf8), ends: false)
            harness.feed(HTTP2Wire.settings + answer + end, from: .responder)
            harness.finish()
            let file = try #require(harness.records(FilesRecord.kind).first)
            #expect(file[Records.files.seenBytes] == 5)
            #expect((file[Records.files.sha256] == nil) == (end.first != 0 || end[3] != 0))
        }
    }

    /// A server may answer before the request's end has come, when it has all of it (section 8.1).
    @Test(arguments: [("5", false), ("6", true)]) func anAnswerBeforeTheEnd(length: String, isCutOff: Bool) throws {
        var harness = AnalyzerHarness(HTTP2Analyzer.self)
        let fields = [(":method", "POST"), (":path", "/"), ("content-length", length)]
        harness.feed(
            HTTP2Wire.preface + HTTP2Wire.headers(fields) + HTTP2Wire.data(Array("hello".utf8), ends: false),
            from: .originator)
        harness.feed(HTTP2Wire.settings + HTTP2Wire.headers([(":status", "204")], ends: true), from: .responder)
        let file = try #require(harness.records(FilesRecord.kind).first)
        #expect((file[Records.files.sha256] == nil) == isCutOff)
    }
}
