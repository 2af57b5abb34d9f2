import Shared
import Testing

@testable import Sensor

/// How long bodies are, and how they are packed.
@Suite struct HTTPFramingTests {
    private static let text = Array("hello, world and all who read this".utf8)
    private static let digest = Digest.sha256.text(of: text)

    private static func gzip(_ bytes: some Collection<UInt8>) -> [UInt8] {
        HostileTraffic.compressed(Array(bytes), windowBits: 31)
    }

    /// What is told of an answer with such headers and content, cut at `cut`, and of the next one.
    private static func fetch(_ headers: String, _ content: [UInt8], cut: Int) -> AnalyzerHarness {
        var harness = HTTPAnalyzerTests.harness()
        harness.feed("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n", from: .originator)
        harness.feed("HTTP/1.1 200 OK\r\n\(headers)\r\n\r\n", from: .responder)
        harness.feed(Array(content[..<cut]), from: .responder)
        let next = Array("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n".utf8)
        harness.feed(Array(content[cut...]) + next, from: .responder)
        return harness
    }

    private static func expectText(_ headers: String, _ content: [UInt8]) {
        for cut in 1..<content.count {
            let harness = fetch(headers, content, cut: cut)
            let pages = harness.records(HTTPRecord.kind)
            #expect(pages.map { $0[Records.http.statusCode] } == [200, 404], "cut at \(cut)")
            #expect(pages.first?[Records.http.responseBodyLen] == UInt64(text.count), "cut at \(cut)")
            #expect(harness.records(FilesRecord.kind).map { $0[Records.files.sha256] } == [digest], "cut at \(cut)")
        }
    }

    /// RFC 9112 §6.3: a list of one and the same length is that length.
    @Test(arguments: ["34, 34", "34,34 ,\t34", "34\r\nContent-Length: 34"]) func aLengthMayBeRepeated(length: String) {
        Self.expectText("Content-Length: \(length)", Self.text)
    }

    @Test(arguments: ["34, 35", "34,", ",34", ",", "34, x", "-1, -1"]) func lengthsThatDifferAreNone(length: String) {
        let value = Array(length.utf8)
        #expect(HTTPText.length(value.span.bytes) == nil)
    }

    /// RFC 1952 §2.2: a file of gzip is a series of members, and what they hold is one.
    @Test func membersOfGzipAreOneFile() {
        let members = Self.gzip(Self.text[..<10]) + Self.gzip([]) + Self.gzip(Self.text[10...])
        Self.expectText("Content-Encoding: gzip\r\nContent-Length: \(members.count)", members)
    }

    /// What stands behind the last member is none of it.
    @Test(arguments: [[0, 0, 0, 0], [0x1F], [0x1F, 0, 1, 2], Array("rest".utf8)])
    func whatIsBehindTheMembersIsLeftOut(rest: [UInt8]) {
        let content = Self.gzip(Self.text) + rest
        Self.expectText("Content-Encoding: gzip\r\nContent-Length: \(content.count)", content)
    }

    /// What is said to be gzip and is not is kept by clients as it is.
    @Test(arguments: ["gzip", "x-gzip"]) func whatIsNoGzipIsTakenAsItIs(coding: String) {
        Self.expectText("Content-Encoding: \(coding)\r\nContent-Length: \(Self.text.count)", Self.text)
    }

    /// Some servers send zlib's format (RFC 1950) instead, and under `deflate` either one.
    @Test(arguments: [("gzip", 15), ("deflate", 15), ("deflate", -15)]) func otherFormatsAreUnfolded(
        coding: String, windowBits: Int32
    ) {
        let packed = HostileTraffic.compressed(Self.text, windowBits: windowBits)
        let harness = Self.fetch(
            "Content-Encoding: \(coding)\r\nContent-Length: \(packed.count)", packed, cut: packed.count / 2)
        #expect(harness.records(FilesRecord.kind).map { $0[Records.files.sha256] } == [Self.digest])
    }

    /// RFC 9112 §7.2: a transfer may be packed beneath its chunks.
    @Test func transfersMayBePacked() {
        let packed = Self.gzip(Self.text)
        let chunk = Array("\(String(packed.count, radix: 16))\r\n".utf8) + packed + Array("\r\n0\r\n\r\n".utf8)
        Self.expectText("Transfer-Encoding: gzip, chunked", chunk)
    }

    /// The answer of internet radio (SHOUTcast): a status line of its own, and content without end.
    @Test func radioIsAnAnswer() throws {
        let answer = Array("ICY 200 OK\r\nicy-name:Radio\r\ncontent-type:audio/mpeg\r\n\r\n".utf8)
        for cut in 1..<answer.count {
            var harness = HTTPAnalyzerTests.harness()
            harness.feed("GET /stream HTTP/1.1\r\nIcy-MetaData: 1\r\n\r\n", from: .originator)
            harness.feed(Array(answer[..<cut]), from: .responder)
            harness.feed(Array(answer[cut...]) + [0xFF, 0xFB] + [UInt8](repeating: 10, count: 998), from: .responder)
            harness.finish()
            let record = try #require(harness.records(HTTPRecord.kind).first)
            #expect(record[Records.http.statusCode] == 200)
            #expect(record[Records.http.statusMsg] == "OK")
            #expect(record[Records.http.version] == "1.1")
            #expect(record[Records.http.responseBodyLen] == 1000)
            #expect(record[Records.http.respMimeTypes] == ["audio/mpeg"])
        }
    }
}
