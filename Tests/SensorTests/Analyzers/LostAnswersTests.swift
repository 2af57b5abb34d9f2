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
}
