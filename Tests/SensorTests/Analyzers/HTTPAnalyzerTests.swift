import Shared
import Testing

@testable import Sensor

@Suite struct HTTPAnalyzerTests {
    static func harness() -> AnalyzerHarness { AnalyzerHarness(HTTPAnalyzer.self) }

    @Test func aRequestAndItsResponseAreOneRecord() throws {
        var harness = Self.harness()
        harness.feed(
            "GET /a?b=c HTTP/1.1\r\nHost: example.com\r\nUser-Agent: t/1\r\nReferer: http://r/\r\n\r\n",
            from: .originator)
        harness.feed("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhello, world", from: .responder)
        let record = try #require(harness.records(HTTPRecord.kind).first)
        #expect(record[Records.http.method] == "GET")
        #expect(record[Records.http.uri] == "/a?b=c")
        #expect(record[Records.http.host] == "example.com")
        #expect(record[Records.http.userAgent] == "t/1")
        #expect(record[Records.http.referrer] == "http://r/")
        #expect(record[Records.http.statusCode] == 200)
        #expect(record[Records.http.statusMsg] == "OK")
        #expect(record[Records.http.version] == "1.1")
        #expect(record[Records.http.responseBodyLen] == 12)
        #expect(record[Records.http.respMimeTypes] == ["text/plain"])
        let file = try #require(harness.records(FilesRecord.kind).first)
        #expect(file[Records.files.totalBytes] == 12)
        #expect(file[Records.files.fuid] == record[Records.http.respFuids]?.first)
        #expect(file[Records.files.txHosts] == ["192.0.2.2"])
    }

    /// RFC 9112 section 9.3.2: a client may send any number of requests before the first response, and they are
    /// answered in their order.
    @Test func aLongPipelineIsAnsweredInOrder() {
        var harness = Self.harness()
        let count = 200
        harness.feed(
            (0..<count).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined(), from: .originator)
        for index in 0..<count {
            harness.feed("HTTP/1.1 \(index + 200) OK\r\nContent-Length: 0\r\n\r\n", from: .responder)
        }
        harness.finish()
        let found = harness.records(HTTPRecord.kind)
        #expect(found.map { $0[Records.http.uri] } == (0..<count).map { "/\($0)" })
        #expect(found.map { $0[Records.http.statusCode] } == (0..<count).map { UInt64($0 + 200) })
    }

    /// Where only one direction is captured, requests do not wait for its end.
    @Test func requestsThatNobodyAnswersAreToldBeforeTheEnd() {
        var harness = Self.harness()
        for index in 0..<70 {
            harness.sink.now = harness.sink.now + .seconds(1)
            harness.feed("GET /\(index) HTTP/1.1\r\nHost: a\r\n\r\n", from: .originator)
        }
        #expect(harness.records(HTTPRecord.kind).map { $0[Records.http.uri] } == (0..<6).map { "/\($0)" })
    }

    @Test(arguments: [(16_000, false), (20_000, true)])
    func aRecordWhoseTextsAreCutIsToldOf(length: Int, isCut: Bool) throws {
        var harness = Self.harness()
        let path = "/" + String(repeating: "a", count: length - 1)
        harness.feed("GET \(path) HTTP/1.1\r\nHost: example.com\r\n\r\n", from: .originator)
        harness.feed("HTTP/1.1 204 No Content\r\n\r\n", from: .responder)
        let record = try #require(harness.records(HTTPRecord.kind).first)
        #expect(record[Records.http.uri] == String(path.prefix(16_384)))
        let weirds = harness.records(WeirdRecord.kind).filter { $0[Records.weird.name] == "record_texts_cut" }
        #expect(weirds.map { $0[Records.weird.addl] } == (isCut ? ["http"] : []))
    }

    /// RFC 9112 §2.2: servers ignore empty lines in front of a request.
    @Test(arguments: ["\r\n", "\r\n\r\n", "\n"]) func emptyLinesBeforeARequestAreIgnored(lines: String) throws {
        let request = Array("\(lines)GET /a HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
        #expect(HTTPAnalyzer.probe(request.span.bytes, from: .originator) == .match)
        let alone = Array(lines.utf8)
        #expect(HTTPAnalyzer.probe(alone.span.bytes, from: .originator) == .needMore)
        var harness = Self.harness()
        harness.feed(request, from: .originator)
        harness.feed("HTTP/1.1 204 No Content\r\n\r\n", from: .responder)
        let record = try #require(harness.records(HTTPRecord.kind).first)
        #expect(record[Records.http.uri] == "/a")
        #expect(record[Records.http.statusCode] == 204)
    }

    /// The example of RFC 9112 §7.1.
    @Test func chunksAreJoined() {
        var harness = Self.harness()
        harness.feed("GET / HTTP/1.1\r\n\r\n", from: .originator)
        harness.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", from: .responder)
        harness.feed("4;x=y\r\nWiki\r\n5\r\npedia\r\nE\r\n in\r\n\r\nchunks.\r\n0\r\nT: 1\r\n\r\n", from: .responder)
        #expect(harness.records(HTTPRecord.kind).first?[Records.http.responseBodyLen] == 23)
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() {
        var harness = Self.harness()
        harness.feed("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n", from: .originator)
        harness.feed(
            "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", from: .responder
        )
        let records = harness.records(HTTPRecord.kind)
        #expect(records.map { $0[Records.http.uri] } == ["/1", "/2"])
        #expect(records.map { $0[Records.http.statusCode] } == [404, 200])
        #expect(records.map { $0[Records.http.transDepth] } == [1, 2])
    }

    @Test func aHeadResponseHasNoBody() {
        var harness = Self.harness()
        harness.feed("HEAD / HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n", from: .originator)
        harness.feed("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nHTTP/1.1 204 \r\n\r\n", from: .responder)
        #expect(harness.records(HTTPRecord.kind).map { $0[Records.http.statusMsg] } == ["OK", "<empty>"])
    }

    @Test func aFinalResponseFollowsAnInformationalOne() {
        var harness = Self.harness()
        harness.feed("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n", from: .originator)
        harness.feed("HTTP/1.1 100 Continue\r\n\r\n", from: .responder)
        harness.feed("ok", from: .originator)
        harness.feed("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n", from: .responder)
        let record = harness.records(HTTPRecord.kind).first
        #expect(record?[Records.http.infoCode] == 100)
        #expect(record?[Records.http.statusCode] == 201)
        #expect(record?[Records.http.requestBodyLen] == 2)
    }

    @Test func aTunnelIsHandedOver() {
        var harness = Self.harness()
        harness.feed("CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n", from: .originator)
        harness.feed("HTTP/1.1 200 Connection established\r\n\r\n", from: .responder)
        #expect(harness.isHandedOver)
        harness.finish()
        #expect(harness.records(HTTPRecord.kind).first?[Records.http.method] == "CONNECT")
    }

    /// Docker's API turns a request into a plain stream so.
    @Test func whatAnUpgradeOpensIsHandedOver() {
        var harness = Self.harness()
        harness.feed("POST /exec HTTP/1.1\r\nUpgrade: tcp\r\nContent-Length: 2\r\n\r\n{}", from: .originator)
        harness.feed("HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\n", from: .responder)
        #expect(harness.isHandedOver)
        harness.finish()
        #expect(harness.records(HTTPRecord.kind).first?[Records.http.statusCode] == 101)
    }

    /// Credentials of RFC 7617 §2: Aladdin, "open sesame".
    @Test func thePasswordOfBasicAuthenticationIsNotKept() {
        var harness = Self.harness()
        harness.feed("GET / HTTP/1.1\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n", from: .originator)
        harness.finish()
        let record = harness.records(HTTPRecord.kind).first
        #expect(record?[Records.http.username] == "Aladdin")
        #expect(record?[Records.http.password] == "<hidden>")
        #expect(!harness.sink.batch.strings.strings.contains { $0.contains("sesame") })
    }

    /// Credentials of RFC 7616 §3.9.1, §3.9.2 and §3.4.4, and of a domain's account as curl and browsers write it.
    @Test(arguments: [
        ("username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir, x\", response=\"75\"", "Mufasa"),
        ("realm=\"username=x\",userhash=false,username*=UTF-8''J%C3%A4s%C3%B8n%20Doe,qop=auth", "Jäsøn Doe"),
        ("username=\"488869477bf257147b804c45308cd62a\", userhash=true, realm=\"api@example.org\"", nil),
        ("username=\"CORP\\\\eve\", realm=\"R\"", "CORP\\eve"), ("username=\"CORP\\eve\", realm=\"R\"", "CORP\\eve"),
        ("username=\"a\\\"b, c\", realm=\"R\"", "a\"b, c"), ("realm=\"R\"", nil),
    ])
    func digestAuthenticationTellsItsUser(credentials: String, user: String?) {
        for header in ["Authorization", "Proxy-Authorization"] {
            var harness = Self.harness()
            harness.feed("GET / HTTP/1.1\r\n\(header): Digest \(credentials)\r\n\r\n", from: .originator)
            harness.finish()
            let record = harness.records(HTTPRecord.kind).first
            #expect(record?[Records.http.username] == user)
            #expect(record?[Records.http.password] == nil)
        }
    }

    @Test func aHoleInABodyLeavesTheRestReadable() throws {
        var harness = Self.harness()
        harness.feed("GET / HTTP/1.1\r\n\r\n", from: .originator)
        harness.feed("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n12345", from: .responder)
        harness.lose(10, from: .responder)
        harness.feed("67890HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", from: .responder)
        harness.finish()
        let file = try #require(harness.records(FilesRecord.kind).first)
        #expect(file[Records.files.missingBytes] == 10)
        #expect(file[Records.files.sha256] == nil)
        #expect(harness.records(HTTPRecord.kind).map { $0[Records.http.statusCode] } == [200, 500])
    }

    /// "hello, hello, hello", compressed by zlib 1.2 with a gzip head (RFC 1952).
    @Test func gzipIsUndoneForDigests() throws {
        let packed = Wire.hex("1f8b0800000000000203cb48cdc9c9d751c840a2009fa1ca0913000000")
        var harness = Self.harness()
        harness.feed("GET / HTTP/1.1\r\n\r\n", from: .originator)
        harness.feed(
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(packed.count)\r\n\r\n", from: .responder)
        harness.feed(packed, from: .responder)
        let file = try #require(harness.records(FilesRecord.kind).first)
        #expect(file[Records.files.seenBytes] == 19)
        #expect(file[Records.files.mimeType] == "text/plain")
    }

    /// RFC 9112 §5.2: a header may go on in the next line. Wherever the stream is cut, it is one.
    @Test func foldedHeadersAreOneLine() throws {
        let request =
            "POST /u HTTP/1.1\r\nUser-Agent: long\r\n name\r\nTransfer-Encoding:\r\n\tchunked\r\n\r\n"
            + "3\r\nabc\r\n0\r\n\r\nGET /two HTTP/1.1\r\n\r\n"
        for cut in 1..<request.utf8.count {
            var harness = Self.harness()
            harness.feed(String(request.prefix(cut)), from: .originator)
            harness.feed(String(request.dropFirst(cut)), from: .originator)
            harness.feed("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", from: .responder)
            harness.feed("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", from: .responder)
            let records = harness.records(HTTPRecord.kind)
            try #require(records.map { $0[Records.http.uri] } == ["/u", "/two"], "cut at \(cut)")
            #expect(records.map { $0[Records.http.requestBodyLen] } == [3, 0], "cut at \(cut)")
            #expect(records.first?[Records.http.userAgent] == "long name", "cut at \(cut)")
        }
    }

    /// What a server reads as a second request must be told, whatever stands before it.
    @Test(arguments: ["10000000000000003\r\nabc\r\n0\r\n\r\n", "x\r\n\r\n", "0000000000000000003\r\nabc\r\n0\r\n\r\n"])
    func requestsBehindAStrangeChunkAreSeen(body: String) {
        var harness = Self.harness()
        harness.feed("POST /u HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + body, from: .originator)
        harness.feed("GET /two HTTP/1.1\r\n\r\n", from: .originator)
        harness.feed("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", from: .responder)
        harness.feed("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", from: .responder)
        let records = harness.records(HTTPRecord.kind)
        #expect(records.map { $0[Records.http.uri] } == ["/u", "/two"])
        #expect(records.map { $0[Records.http.statusCode] } == [200, 404])
    }

    /// What begins the body is never taken for a header, wherever packets end: else its digest would be another's.
    @Test(arguments: [" begins with a blank\n and has lines\n", "EVIL\n\r\n\n", "\r\n\r\nGET / HTTP/1.1\r\n"])
    func splitAnywhereTheBodyIsTheSame(body: String) throws {
        let request = "PUT /a HTTP/1.1\r\nHost: b\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        let bytes = Array((request + body + "GET /next HTTP/1.1\r\n\r\n").utf8)
        let digest = Digest.sha256.text(of: Array(body.utf8))
        for first in 1..<bytes.count {
            for second in [first + 1, first + 2, bytes.count] where second <= bytes.count {
                var harness = Self.harness()
                for piece in [bytes[..<first], bytes[first..<second], bytes[second...]] where !piece.isEmpty {
                    harness.feed(Array(piece), from: .originator)
                }
                harness.finish()
                let found = harness.records(HTTPRecord.kind)
                #expect(found.map { $0[Records.http.uri] } == ["/a", "/next"], "split at \(first) and \(second)")
                #expect(harness.records(FilesRecord.kind).map { $0[Records.files.sha256] } == [digest])
            }
        }
    }

    @Test func endlessHeadersAreRefused() {
        var harness = Self.harness()
        harness.feed("GET / HTTP/1.1\r\n", from: .originator)
        for _ in 0..<300 { harness.feed("X: " + String(repeating: "a", count: 1000) + "\r\n", from: .originator) }
        #expect(harness.failure == .limit(.headerLength))
        #expect(harness.records(HTTPRecord.kind).count == 1)
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n", "POST /x HTTP/1.0\r\n", "HTTP/1.1 200 OK\r\n", "BREW /pot HTTP/1.1\r\n",
        "get / http/1.1\r\n",
    ])
    func probesKnowMessages(text: String) {
        #expect(HTTPAnalyzer.probe(Array(text.utf8).span.bytes, from: .originator) == .match)
    }

    @Test(arguments: ["SSH-2.0-x\r\n", "220 mail ESMTP\r\n", "\u{16}\u{03}\u{01}", "EHLO example.com\r\n"])
    func probesRefuseOthers(text: String) {
        #expect(HTTPAnalyzer.probe(Array(text.utf8).span.bytes, from: .originator) != .match)
    }

    /// Requests with HTTP's methods in other protocols (RFC 2326 §10.1, §6.1), as AirPlay and cameras' clients begin.
    @Test(arguments: [
        "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n", "GET /info RTSP/1.0\r\nCSeq: 0\r\n\r\n",
        "POST /auth-setup RTSP/1.0\r\nCSeq: 0\r\n\r\n", "OPTIONS /http/1.1 RTSP/2.0\r\n\r\n",
    ])
    func requestsOfRTSPAreItsOwn(text: String) {
        let request = Array(text.utf8)
        #expect(HTTPAnalyzer.probe(request.span.bytes, from: .originator) == .noMatch)
        #expect(RedisAnalyzerTests.recognised(request, from: .originator) == "rtsp")
    }

    @Test(arguments: [
        "OPTIONS * SIP/2.0\r\n", "OPTIONS /x ICAP/1.0\r\n", "GET /info RTSP/1.0", "OPTIONS * RTSP/1.0\r",
    ])
    func otherVersionsAreOthers(text: String) {
        #expect(HTTPAnalyzer.probe(Array(text.utf8).span.bytes, from: .originator) != .match)
    }

    @Test(arguments: [
        "GET /RTSP/1.0 HTTP/1.1\r\n", "GET /a RTSP/\r\n", "GET /a SIP/x\r\n", "GET /a/RTSP/1.0\r\n",
    ])
    func theirNamesElsewhereAreHTTPs(text: String) {
        #expect(HTTPAnalyzer.probe(Array(text.utf8).span.bytes, from: .originator) == .match)
    }

    /// Where the rest of a request is lost, cut off or yet to come, the lines that came are told.
    @Test(arguments: [true, false]) func headersWithoutAnEnd(isLost: Bool) throws {
        var harness = AnalyzerHarness(HTTPAnalyzer.self)
        harness.feed("GET /x HTTP/1.1\r\nHost: www.example\r\nUser-Agent: curl/8\r\nRefer", from: .originator)
        if isLost { harness.lose(40, from: .originator) }
        harness.finish()
        let request = try #require(harness.records(HTTPRecord.kind).first)
        #expect(request[Records.http.host] == "www.example")
        #expect(request[Records.http.userAgent] == "curl/8")
        #expect(request[Records.http.referrer] == nil)
    }
}
