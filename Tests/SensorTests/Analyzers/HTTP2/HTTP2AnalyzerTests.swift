import Shared
import Testing

@testable import Sensor

/// HTTP/2 in clear text (RFC 9113).
@Suite struct HTTP2AnalyzerTests {
    private static func opened() -> AnalyzerHarness {
        var harness = AnalyzerHarness(HTTP2Analyzer.self)
        harness.feed(HTTP2Wire.preface, from: .originator)
        harness.feed(HTTP2Wire.settings, from: .responder)
        return harness
    }

    private static func probe(_ bytes: [UInt8]) -> ProbeResult {
        HTTP2Analyzer.probe(bytes.span.bytes, from: .responder)
    }

    private static func paths(_ harness: AnalyzerHarness) -> [String?] {
        harness.records(HTTPRecord.kind).map { $0[Records.http.uri] }
    }

    @Test func aRequestAndItsResponseAreToldWhereverTheyAreCut() throws {
        let asked =
            HTTP2Wire.preface
            + HTTP2Wire.headers([
                (":method", "POST"), (":scheme", "http"), (":path", "/in"), (":authority", "host.example"),
                ("user-agent", "agent/1"), ("referer", "http://r/"), ("content-length", "5"),
            ]) + HTTP2Wire.data(Array("hello".utf8))
        let answered = HTTP2Wire.settings + HTTP2Wire.answer("good bye")
        for cut in 1..<max(asked.count, answered.count) {
            var harness = AnalyzerHarness(HTTP2Analyzer.self)
            for (bytes, side) in [(asked, Side.originator), (answered, .responder)] {
                harness.feed(Array(bytes.prefix(cut)), from: side)
                harness.feed(Array(bytes.dropFirst(cut)), from: side)
            }
            let record = try #require(harness.records(HTTPRecord.kind).first, "cut at \(cut)")
            let http = Records.http
            #expect(record[http.method] == "POST" && record[http.uri] == "/in" && record[http.host] == "host.example")
            #expect(record[http.userAgent] == "agent/1" && record[http.referrer] == "http://r/")
            #expect(record[http.statusCode] == 200 && record[http.statusMsg] == nil && record[http.version] == "2")
            #expect(record[http.requestBodyLen] == 5 && record[http.responseBodyLen] == 8)
            let files = harness.records(FilesRecord.kind)
            // Of "hello" and "good bye", by sha256sum.
            #expect(files.map { $0[Records.files.sha256]?.prefix(8) } == ["2cf24dba", "ac72773e"])
        }
    }

    /// Streams are answered in any order, and their contents come mixed.
    @Test func streamsAreKeptApart() {
        var harness = Self.opened()
        harness.feed(HTTP2Wire.get("/1", on: 1) + HTTP2Wire.get("/3", on: 3), from: .originator)
        harness.feed(HTTP2Wire.get("/5", on: 5), from: .originator)
        harness.feed(HTTP2Wire.headers([(":status", "203")], on: 3), from: .responder)
        harness.feed(HTTP2Wire.headers([(":status", "201")], on: 1), from: .responder)
        for stream: UInt32 in [3, 1, 3, 1] {
            harness.feed(HTTP2Wire.data([0x61, 0x62], on: stream, ends: false), from: .responder)
        }
        harness.feed(HTTP2Wire.data([0x63], on: 3), from: .responder)
        harness.feed(HTTP2Wire.headers([(":status", "205")], on: 5, ends: true), from: .responder)
        harness.feed(HTTP2Wire.data([], on: 1), from: .responder)
        #expect(Self.paths(harness) == ["/3", "/5", "/1"])
        let records = harness.records(HTTPRecord.kind)
        #expect(records.map { $0[Records.http.statusCode] } == [203, 205, 201])
        #expect(records.map { $0[Records.http.responseBodyLen] } == [5, 0, 4])
        #expect(records.map { $0[Records.http.transDepth] } == [2, 3, 1])
    }

    /// Padding, priorities, continuations, trailers, frames of unknown kinds, and a first answer that is none yet.
    @Test func everythingAroundIsTakenOff() throws {
        var harness = Self.opened()
        let section = HTTP2Wire.section([(":method", "PUT"), (":path", "/padded"), ("user-agent", "a")])
        let padded: [UInt8] = [3, 0, 0, 0, 0, 16] + section.prefix(9) + [0, 0, 0]
        harness.feed(HTTP2Wire.frame(1, flags: 0x28, on: 1, padded), from: .originator)
        harness.feed(HTTP2Wire.frame(9, on: 1, Array(section[9..<14])), from: .originator)
        harness.feed(HTTP2Wire.frame(9, flags: 4, on: 1, Array(section[14...])), from: .originator)
        harness.feed(HTTP2Wire.frame(0, flags: 8, on: 1, [2, 0x61, 0x62, 0, 0]), from: .originator)
        harness.feed(HTTP2Wire.frame(0x42, on: 7, [1, 2, 3]), from: .originator)
        harness.feed(HTTP2Wire.frame(0, flags: 9, on: 1, [0, 0x63]), from: .originator)
        harness.feed(HTTP2Wire.headers([(":status", "103")]), from: .responder)
        harness.feed(HTTP2Wire.headers([(":status", "200")]), from: .responder)
        harness.feed(HTTP2Wire.data([0x64], ends: false), from: .responder)
        harness.feed(HTTP2Wire.headers([("checksum", "0")], ends: true), from: .responder)
        let record = try #require(harness.records(HTTPRecord.kind).first)
        #expect(record[Records.http.uri] == "/padded" && record[Records.http.userAgent] == "a")
        #expect(record[Records.http.requestBodyLen] == 3 && record[Records.http.responseBodyLen] == 1)
        #expect(record[Records.http.statusCode] == 200 && record[Records.http.infoCode] == 103)
    }

    /// What a server sends without being asked, and what is given up.
    @Test func promisesAndResetsAreTold() {
        var harness = Self.opened()
        harness.feed(HTTP2Wire.get("/asked"), from: .originator)
        let promise = [0, 0, 0, 2] + HTTP2Wire.section([(":method", "GET"), (":path", "/pushed")])
        harness.feed(HTTP2Wire.frame(5, flags: 4, on: 1, promise), from: .responder)
        harness.feed(HTTP2Wire.answer("pushed", on: 2), from: .responder)
        harness.feed(HTTP2Wire.frame(3, on: 1, [0, 0, 0, 8]), from: .originator)
        #expect(Self.paths(harness) == ["/pushed", "/asked"])
        #expect(harness.records(HTTPRecord.kind).map { $0[Records.http.statusCode] } == [200, nil])
    }

    /// The stream of a CONNECT is another connection (section 8.5).
    @Test func tunnelsAreFollowed() {
        var harness = Self.opened()
        harness.feed(
            HTTP2Wire.headers([(":method", "CONNECT"), (":authority", "inside.example:80")]), from: .originator)
        harness.feed(HTTP2Wire.headers([(":status", "200")]), from: .responder)
        let inner = Array("GET /inner HTTP/1.1\r\nHost: inside\r\n\r\n".utf8)
        harness.feed(HTTP2Wire.data(Array(inner[..<9]), ends: false), from: .originator)
        harness.feed(HTTP2Wire.data(Array(inner[9...]), ends: false), from: .originator)
        harness.feed(HTTP2Wire.data(Array("HTTP/1.1 204 No\r\n\r\n".utf8), ends: false), from: .responder)
        harness.finish()
        #expect(harness.records(HTTPRecord.kind).map { $0[Records.http.method] } == ["CONNECT", "GET"])
        #expect(harness.records(HTTPRecord.kind).first?[Records.http.host] == "inside.example:80")
        #expect(harness.records(TunnelRecord.kind).count == 1)
    }

    /// Calls of gRPC are requests with a service's name; their messages are no files.
    @Test func messagesOfCallsAreNoFiles() {
        var harness = Self.opened()
        let kind = ("content-type", "application/grpc+proto")
        harness.feed(
            HTTP2Wire.headers([(":method", "POST"), (":path", "/a.B/C"), kind])
                + HTTP2Wire.data([0, 0, 0, 0, 1, 9]), from: .originator)
        harness.feed(
            HTTP2Wire.headers([(":status", "200"), kind]) + HTTP2Wire.data([0, 0, 0, 0, 1, 8], ends: false)
                + HTTP2Wire.headers([("grpc-status", "0")], ends: true), from: .responder)
        #expect(Self.paths(harness) == ["/a.B/C"])
        #expect(harness.records(HTTPRecord.kind).first?[Records.http.responseBodyLen] == 6)
        #expect(harness.records(FilesRecord.kind).isEmpty)
        #expect(harness.sink.foundServices.map { "\($0)" } == ["grpc"])
    }

    /// A hole in content leaves all else readable; behind one elsewhere, frames are found again where a segment begins
    /// with some, and fields that refer to what was lost are left out.
    @Test func holesAreSurvived() throws {
        var harness = Self.opened()
        harness.feed(HTTP2Wire.get("/1") + HTTP2Wire.get("/3", on: 3), from: .originator)
        let answer = HTTP2Wire.headers([(":status", "200"), ("x", "y")], isKept: true)
        harness.feed(answer + HTTP2Wire.data([UInt8](repeating: 0x61, count: 50)).prefix(19), from: .responder)
        harness.lose(30, from: .responder)
        harness.feed([UInt8](repeating: 0x61, count: 10), from: .responder)
        let first = try #require(harness.records(HTTPRecord.kind).first)
        #expect(first[Records.http.responseBodyLen] == 50)
        #expect(harness.records(FilesRecord.kind).first?[Records.files.missingBytes] == 30)
        harness.feed(Array(HTTP2Wire.settings.prefix(4)), from: .responder)
        harness.lose(400, from: .responder)
        harness.feed([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], from: .responder)
        // Field 62 is not known any more.
        harness.feed(HTTP2Wire.frame(1, flags: 5, on: 3, [0x8D, 0xBE]), from: .responder)
        #expect(Self.paths(harness) == ["/1", "/3"])
        #expect(harness.records(HTTPRecord.kind).last?[Records.http.statusCode] == 404)
        #expect(harness.failure == nil)
    }

    /// Connections that were open before the capture began, from either side.
    @Test func theMiddleIsRecognised() {
        let calls = HTTP2Wire.frame(8, on: 0, [0, 0, 0, 9]) + HTTP2Wire.frame(1, flags: 5, on: 77, [0x82, 0x84, 0xC1])
        let answer = HTTP2Wire.frame(1, flags: 4, on: 77, [0x88, 0xC0]) + HTTP2Wire.data([0x61], on: 77)
        #expect(Self.probe(calls) == .match)
        #expect(Self.probe(answer) == .match)
        #expect(Self.probe(HTTP2Wire.settings) == .match)
        let ping = HTTP2Wire.frame(6, on: 0, [UInt8](repeating: 7, count: 8))
        #expect(Self.probe(ping) == .match)
        var harness = AnalyzerHarness(HTTP2Analyzer.self)
        harness.feed(calls, from: .responder)
        harness.feed(answer, from: .originator)
        #expect(Self.paths(harness) == ["/"])
        #expect(harness.records(HTTPRecord.kind).first?[Records.http.responseBodyLen] == 1)
    }

    /// What a request refers to in sections that were not seen is absent, and the rest is told.
    @Test func whatIsNotKnownIsAbsent() throws {
        var harness = AnalyzerHarness(HTTP2Analyzer.self)
        harness.feed(HTTP2Wire.frame(1, flags: 5, on: 9, [0x82, 0xBF, 0xC4]), from: .originator)
        harness.feed(HTTP2Wire.frame(1, flags: 5, on: 11, [0xBE, 0xBF, 0xC4]), from: .originator)
        harness.feed(HTTP2Wire.frame(1, flags: 5, on: 11, [0x8D]), from: .responder)
        harness.finish()
        let records = harness.records(HTTPRecord.kind)
        #expect(records.map { $0[Records.http.statusCode] } == [404, nil])
        #expect(records.map { $0[Records.http.method] } == [nil, "GET"])
        #expect(records.map { $0[Records.http.uri] } == [nil, nil])
    }

    /// Content alone, lengths that lead nowhere, streams that no frame of the kind has, and lengths of other protocols.
    @Test func whatOnlyLooksAlikeIsNot() {
        let others: [[UInt8]] = [
            HTTP2Wire.data([1, 2, 3]), HTTP2Wire.settings + [0], HTTP2Wire.frame(6, on: 1, [0, 0, 0, 0, 0, 0, 0, 0]),
            HTTP2Wire.frame(8, on: 0, [0, 0, 0, 0]), HTTP2Wire.frame(4, on: 0, []), [0, 0, 0, 4, 0, 0, 0, 0, 0],
            HTTP2Wire.frame(4, on: 0, [0, 99, 0, 0, 0, 1]), HTTP2Wire.frame(1, flags: 4, on: 1, [0x31, 0x32]),
            Array(HTTP2Wire.get("/").dropLast()), [0, 0, 4, 8, 0, 0, 0, 0],
        ]
        for bytes in others { #expect(Self.probe(bytes) == .noMatch, "\(bytes)") }
    }

    /// Some servers send settings to whoever comes: a client of HTTP/1 is none of HTTP/2.
    @Test func aServerThatSpeaksFirstHidesNoOtherClient() {
        var harness = AnalyzerHarness(HTTP2Analyzer.self)
        harness.feed(HTTP2Wire.settings, from: .responder)
        let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        harness.feed(request, from: .originator)
        #expect(harness.isHandedOver)
        #expect(harness.sink.unreadByteCount == request.utf8.count)
    }

    /// Requests that nobody answers, sections without end and content of streams that there are none of cost no more
    /// than their bounds.
    @Test func nobodyMakesItHoldMuch() {
        var harness = Self.opened()
        let path = "/" + String(repeating: "p", count: 120)
        for stream in 0..<2000 as Range<UInt32> {
            harness.feed(HTTP2Wire.get(path, on: stream * 2 + 1), from: .originator)
        }
        #expect(harness.records(HTTPRecord.kind).count == 2000 - 256)
        #expect(harness.analyzer.heldBytes < 2 << 20)
        let piece = [UInt8](repeating: 0, count: 16_000)
        harness.feed(HTTP2Wire.frame(1, on: 9001, piece), from: .originator)
        for _ in 0..<100 { harness.feed(HTTP2Wire.frame(9, on: 9001, piece), from: .originator) }
        harness.feed(HTTP2Wire.frame(9, flags: 4, on: 9001, [0x82]), from: .originator)
        #expect(harness.analyzer.heldBytes < 2 << 20)
        let weirds = harness.records(WeirdRecord.kind).map { $0[Records.weird.name] }
        #expect(weirds == ["http2_header_section_too_long"])
        harness.feed(HTTP2Wire.get("/after", on: 9003) + HTTP2Wire.data([1], on: 9999), from: .originator)
        harness.finish()
        #expect(Self.paths(harness).last == "/after")
        #expect(harness.analyzer.heldBytes < 100_000)
    }

    @Test func moreBytesOfPaddingThanThereAreEndIt() {
        var harness = Self.opened()
        harness.feed(HTTP2Wire.get("/told"), from: .originator)
        harness.feed(HTTP2Wire.frame(0, flags: 8, on: 1, [9, 1, 2]), from: .originator)
        #expect(harness.failure == .invalid(.length))
        #expect(Self.paths(harness) == ["/told"])
    }
}
