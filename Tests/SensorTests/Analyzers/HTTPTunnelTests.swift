import Shared
import Testing

@testable import Sensor

/// Clients that do not wait for the answer to their CONNECT (RFC 9110 §9.3.6).
@Suite struct HTTPTunnelTests {
    private static let connect = Array("CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n".utf8)
    private static let granted = Array("HTTP/1.1 200 Connection established\r\n\r\n".utf8)
    private static let refused = Array("HTTP/1.1 407 No\r\nContent-Length: 2\r\n\r\nno".utf8)

    private static func hello(_ server: String) -> [UInt8] {
        let name = TLSWire.vector([0] + TLSWire.vector(Array(server.utf8), lengthBytes: 2), lengthBytes: 2)
        return TLSWire.record(22, TLSWire.clientHello(TLSWire.fieldOf(0, name)))
    }

    private static func servers(_ harness: AnalyzerHarness) -> [String?] {
        harness.records(SSLRecord.kind).map { $0[Records.ssl.serverName] }
    }

    private static func uris(_ harness: AnalyzerHarness) -> [String?] {
        harness.records(HTTPRecord.kind).map { $0[Records.http.uri] }
    }

    @Test func whatComesBeforeTheAnswerIsTheTunnels() {
        let asked = Self.connect + Self.hello("inside.example")
        for cut in 1..<asked.count {
            var harness = HTTPAnalyzerTests.harness()
            harness.feed(Array(asked[..<cut]), from: .originator)
            harness.feed(Array(asked[cut...]), from: .originator)
            harness.feed(
                Self.granted + TLSWire.record(22, TLSWire.serverHello()) + TLSWire.changeCipher, from: .responder)
            harness.feed(TLSWire.changeCipher + TLSWire.finished, from: .originator)
            harness.feed(TLSWire.finished, from: .responder)
            harness.finish()
            #expect(Self.servers(harness) == ["inside.example"], "cut at \(cut)")
            #expect(harness.records(SSLRecord.kind).first?[Records.ssl.established] == true)
            #expect(harness.records(HTTPRecord.kind).map { $0[Records.http.statusCode] } == [200])
            #expect(harness.records(TunnelRecord.kind).count == 1)
        }
    }

    /// A client that has waited is followed as before: what comes next is another protocol's.
    @Test func aClientThatWaitsIsHandedOver() {
        var harness = HTTPAnalyzerTests.harness()
        harness.feed(Self.connect, from: .originator)
        harness.feed("HTTP/1.1 100 Continue\r\n\r\n", from: .responder)
        #expect(!harness.isHandedOver)
        harness.feed(Self.granted, from: .responder)
        #expect(harness.isHandedOver)
    }

    @Test func whatFollowsARefusalIsRequests() {
        let asked = Self.connect + Array("GET /1 HTTP/1.1\r\n\r\n".utf8) + Self.connect
        let after = Array("GET /3 HTTP/1.1\r\n\r\n".utf8)
        for cut in 1..<(asked.count + after.count) {
            let sent = asked + after
            var harness = HTTPAnalyzerTests.harness()
            harness.feed(Array(sent[..<cut]), from: .originator)
            harness.feed(Array(sent[cut...]), from: .originator)
            harness.feed(Self.refused + Array("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n".utf8), from: .responder)
            harness.feed(Self.refused + Array("HTTP/1.1 204 No\r\n\r\n".utf8), from: .responder)
            harness.finish()
            #expect(Self.uris(harness) == ["h:443", "/1", "h:443", "/3"], "cut at \(cut)")
            #expect(harness.records(HTTPRecord.kind).map { $0[Records.http.statusCode] } == [407, 404, 407, 204])
        }
    }

    /// A proxy that wants credentials is asked again, and then the tunnel opens.
    @Test func theSecondAttemptIsAnswered() {
        var harness = HTTPAnalyzerTests.harness()
        harness.feed(Self.connect, from: .originator)
        harness.feed(Self.refused, from: .responder)
        harness.feed(Self.connect + Self.hello("a.example"), from: .originator)
        harness.feed(Self.granted, from: .responder)
        harness.finish()
        #expect(harness.records(HTTPRecord.kind).map { $0[Records.http.statusCode] } == [407, 200])
        #expect(Self.servers(harness) == ["a.example"])
    }

    /// Where the server's side is not captured, the client's shows what it has opened.
    @Test(arguments: [false, true]) func theAnswerIsNotSeen(isLost: Bool) {
        var harness = HTTPAnalyzerTests.harness()
        harness.feed(Self.connect, from: .originator)
        harness.feed(Self.hello("a.example"), from: .originator)
        if isLost { harness.lose(Self.granted.count, from: .responder) }
        for _ in 0..<400 { harness.feed(TLSWire.data, from: .originator) }
        #expect(harness.analyzer.heldBytes < 65_536)
        harness.finish()
        #expect(Self.servers(harness) == ["a.example"])
        #expect(Self.uris(harness) == ["h:443"])
        #expect(harness.records(TunnelRecord.kind).isEmpty)
    }

    /// A proxy that asks for credentials is asked two or three times (RFC 4559), all unseen.
    @Test(arguments: [1, 3]) func allAttemptsAreTold(refused: Int) {
        let asked = (0...refused).flatMap { _ in Self.connect } + Self.hello("a.example")
        for cut in 1..<asked.count {
            var harness = HTTPAnalyzerTests.harness()
            harness.feed(Array(asked[..<cut]), from: .originator)
            harness.feed(Array(asked[cut...]), from: .originator)
            harness.finish()
            #expect(Self.uris(harness).count == refused + 1, "cut at \(cut)")
            #expect(Self.servers(harness) == ["a.example"], "cut at \(cut)")
        }
    }

    @Test func requestsBehindAnUnseenAnswerAreRequests() {
        for isLost in [false, true] {
            var harness = HTTPAnalyzerTests.harness()
            harness.feed(Self.connect, from: .originator)
            harness.feed("GET /1 HTTP/1.1\r\n\r\n", from: .originator)
            if isLost { harness.lose(Self.refused.count, from: .responder) }
            harness.feed("GET /2 HTTP/1.1\r\n\r\n", from: .originator)
            harness.finish()
            #expect(Self.uris(harness) == ["h:443", "/1", "/2"])
        }
    }

    /// What there is no room for is a hole in the tunnel, and behind a refusal in the requests.
    @Test(arguments: [true, false]) func muchBeforeTheAnswerIsNotKept(isGranted: Bool) {
        var harness = HTTPAnalyzerTests.harness()
        let long = "GET /" + String(repeating: "a", count: 3000) + " HTTP/1.1\r\n\r\n"
        harness.feed(Self.connect, from: .originator)
        for _ in 0..<100 { harness.feed(long, from: .originator) }
        #expect(harness.analyzer.heldBytes < 65_536)
        harness.lose(20, from: .originator)
        harness.feed(isGranted ? Self.granted : Self.refused, from: .responder)
        harness.feed("GET /next HTTP/1.1\r\n\r\n", from: .originator)
        harness.finish()
        #expect(Self.uris(harness).count == 7)
        #expect(Self.uris(harness).first == "h:443" && Self.uris(harness).last == "/next")
    }

    /// Bytes that are neither end nowhere.
    @Test func strangeBytesBehindARefusalAreSurvived() {
        var harness = HTTPAnalyzerTests.harness()
        harness.feed(Self.connect + Self.hello("a.example"), from: .originator)
        harness.feed(Self.refused, from: .responder)
        harness.feed(Self.connect, from: .originator)
        harness.finish()
        #expect(harness.failure == nil)
        #expect(harness.records(SSLRecord.kind).isEmpty)
        #expect(Self.uris(harness).first == "h:443")
    }
}
