import Shared
import Testing

@testable import Sensor

/// Where packets are missing in a capture, nothing is told as answered by what answers something else.
@Suite struct LostAnswersTests {
    /// The client acknowledges the lost response with its next request.
    @Test func theResponsesBehindALostOneAreThoseToTheirRequests() {
        var harness = AnalyzerHarness(HTTPAnalyzer.self)
        harness.feed("GET /a HTTP/1.1\r\nHost: x\r\n\r\n", from: .originator)
        harness.lose(40, from: .responder)
        for (path, status) in [("b", "401 No"), ("c", "200 OK")] {
            harness.feed("GET /\(path) HTTP/1.1\r\nHost: x\r\n\r\n", from: .originator)
            harness.feed("HTTP/1.1 \(status)\r\nContent-Length: 0\r\n\r\n", from: .responder)
        }
        harness.finish()
        let found = harness.records(HTTPRecord.kind)
        #expect(found.map { $0[Records.http.uri] } == ["/a", "/b", "/c"])
        #expect(found.map { $0[Records.http.statusCode] } == [nil, 401, 200])
    }

    /// Of five that were asked at once, a part of the first response is lost: the others are whole.
    @Test func responsesInAPipelineStayWithTheirRequests() {
        var harness = AnalyzerHarness(HTTPAnalyzer.self)
        for path in 1...5 { harness.feed("GET /\(path) HTTP/1.1\r\nHost: x\r\n\r\n", from: .originator) }
        harness.feed("HTTP/1.1 201 A\r\nContent-Length: 8\r\n\r\nabc", from: .responder)
        harness.lose(20, from: .responder)
        harness.feed("GET /6 HTTP/1.1\r\nHost: x\r\n\r\n", from: .originator)
        for status in 202...206 {
            harness.feed("HTTP/1.1 \(status) A\r\nContent-Length: 0\r\n\r\n", from: .responder)
        }
        harness.finish()
        let found = harness.records(HTTPRecord.kind)
        #expect(found.map { $0[Records.http.uri] } == ["/1", "/2", "/3", "/4", "/5", "/6"])
        #expect(found.map { $0[Records.http.statusCode] } == [201, 202, 203, 204, 205, 206])
    }

    /// What was given up once is not given up again for what is asked next.
    @Test func aLossGivesUpWhatWaitedOnce() {
        var harness = AnalyzerHarness(HTTPAnalyzer.self)
        harness.feed("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n", from: .originator)
        harness.lose(20, from: .responder)
        for path in 2...3 { harness.feed("GET /\(path) HTTP/1.1\r\nHost: x\r\n\r\n", from: .originator) }
        for status in 202...203 {
            harness.feed("HTTP/1.1 \(status) A\r\nContent-Length: 0\r\n\r\n", from: .responder)
        }
        harness.finish()
        let found = harness.records(HTTPRecord.kind)
        #expect(found.map { $0[Records.http.uri] } == ["/1", "/2", "/3"])
        #expect(found.map { $0[Records.http.statusCode] } == [nil, 202, 203])
    }

    /// Nothing waited when the end of a response was lost: what is asked together next waits.
    @Test func aLossTakesNothingFromLaterPipelines() {
        var harness = AnalyzerHarness(HTTPAnalyzer.self)
        harness.feed("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n", from: .originator)
        harness.feed("HTTP/1.1 201 A\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nabcd", from: .responder)
        harness.lose(30, from: .responder)
        for path in 2...3 { harness.feed("GET /\(path) HTTP/1.1\r\nHost: x\r\n\r\n", from: .originator) }
        for status in 202...203 {
            harness.feed("HTTP/1.1 \(status) A\r\nContent-Length: 0\r\n\r\n", from: .responder)
        }
        harness.finish()
        let found = harness.records(HTTPRecord.kind)
        #expect(found.map { $0[Records.http.uri] } == ["/1", "/2", "/3"])
        #expect(found.map { $0[Records.http.statusCode] } == [201, 202, 203])
    }

    /// The answer to a login was lost, and that to the next request is a refusal.
    @Test func aLoginToAPoolIsNotJudgedByTheNextAnswer() {
        var harness = AnalyzerHarness(StratumAnalyzer.self)
        let login = #"{"id":1,"method":"login","params":{"login":"WALLET","pass":"x","agent":"a"}}"#
        harness.feed(login + "\n", from: .originator)
        harness.lose(50, from: .responder)
        harness.feed(#"{"id":2,"result":null,"error":{"code":-1}}"# + "\n", from: .responder)
        harness.finish()
        let found = harness.records(StratumRecord.kind)
        #expect(found.map { $0[Records.stratum.user] } == ["WALLET"])
        #expect(found.map { $0[Records.stratum.success] } == [nil])
        let piece = Array(login.utf8.prefix(40))
        #expect(StratumAnalyzer.probe(piece.span.bytes, from: .originator) == .needMore)
    }

    /// RFC 6143 section 7.1: the server's version comes first, so that of the client is the first one seen when it was
    /// lost.
    @Test func theClientsVersionIsNotTheServers() {
        var harness = AnalyzerHarness(RFBAnalyzer.self, responderPort: 5900)
        harness.feed("RFB 003.007\n", from: .originator)
        harness.feed([1, 2], from: .responder)
        harness.feed([2], from: .originator)
        harness.feed([UInt8](repeating: 7, count: 16), from: .responder)
        harness.feed([UInt8](repeating: 8, count: 16), from: .originator)
        harness.feed([0, 0, 0, 1], from: .responder)
        harness.finish()
        let rfb = Records.rfb
        let found = harness.records(RFBRecord.kind)
        #expect(found.map { $0[rfb.serverMinorVersion] } == [nil])
        #expect(found.map { $0[rfb.clientMinorVersion] } == ["007"])
        #expect(found.map { $0[rfb.authenticationMethod] } == ["VNC"])
        #expect(found.map { $0[rfb.auth] } == [false])
    }
}
