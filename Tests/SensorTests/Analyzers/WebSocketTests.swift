import Shared
import Testing

@testable import Sensor

/// Streams inside of WebSockets (RFC 6455).
@Suite struct WebSocketTests {
    private static let request = "GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
    private static let response = "HTTP/1.1 101 Go\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"

    /// One frame; a client's is masked (section 5.3).
    private static func frame(
        _ content: [UInt8], opcode: UInt8 = 2, isFinal: Bool = true, mask: [UInt8]? = [1, 2, 3, 0xFF]
    ) -> [UInt8] {
        var frame = [(isFinal ? 0x80 : 0) | opcode]
        let flag: UInt8 = mask == nil ? 0 : 0x80
        if content.count < 126 {
            frame.append(flag | UInt8(content.count))
        } else if content.count < 65_536 {
            frame += [flag | 126, UInt8(content.count >> 8), UInt8(content.count & 255)]
        } else {
            frame.append(flag | 127)
            frame += (0..<8).reversed().map { UInt8(content.count >> (8 * $0) & 255) }
        }
        guard let mask else { return frame + content }
        return frame + mask + content.enumerated().map { $1 ^ mask[$0 & 3] }
    }

    private static func opened() -> AnalyzerHarness {
        var harness = AnalyzerHarness(HTTPAnalyzer.self)
        harness.feed(request, from: .originator)
        harness.feed(response, from: .responder)
        return harness
    }

    @Test func aMessageInPiecesWithOthersBetweenIsOneStreamWhereverItIsCut() throws {
        let text = Array("GET /inner HTTP/1.1\r\nHost: inside\r\n\r\n".utf8)
        var sent = Self.frame(Array(text[..<7]), isFinal: false)
        sent += Self.frame(Array("ping".utf8), opcode: 9)
        sent += Self.frame([], opcode: 0, isFinal: false)
        sent += Self.frame(Array(text[7...]), opcode: 0)
        let body = [UInt8](repeating: 0x61, count: 70_000)
        let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n".utf8) + body
        for cut in 1..<sent.count {
            var harness = Self.opened()
            harness.feed(Array(sent[..<cut]), from: .originator)
            harness.feed(Array(sent[cut...]), from: .originator)
            harness.feed(Self.frame(answer, mask: nil), from: .responder)
            let records = harness.records(HTTPRecord.kind)
            try #require(records.map { $0[Records.http.uri] } == ["/ws", "/inner"], "cut at \(cut)")
            #expect(records.last?[Records.http.responseBodyLen] == 70_000)
        }
    }

    @Test func framesOfAByteHideNothing() {
        var harness = Self.opened()
        for byte in "GET /inner HTTP/1.1\r\nHost: inside\r\n\r\n".utf8 {
            harness.feed(Self.frame([byte]), from: .originator)
        }
        harness.finish()
        #expect(harness.records(HTTPRecord.kind).map { $0[Records.http.uri] } == ["/ws", "/inner"])
    }

    @Test func aHoleInAFrameLeavesTheRestReadable() {
        var harness = Self.opened()
        harness.feed(Self.frame(Array("GET /inner HTTP/1.1\r\n\r\n".utf8)), from: .originator)
        let answer = Self.frame(Array("HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n".utf8), mask: nil)
        harness.feed(answer + Self.frame([UInt8](repeating: 0x61, count: 60), mask: nil).prefix(12), from: .responder)
        harness.lose(40, from: .responder)
        harness.feed([UInt8](repeating: 0x61, count: 10), from: .responder)
        harness.feed(Self.frame(Array("GET /next HTTP/1.1\r\n\r\n".utf8)), from: .originator)
        harness.finish()
        #expect(harness.records(HTTPRecord.kind).map { $0[Records.http.uri] } == ["/ws", "/inner", "/next"])
    }

    /// Reserved bits, a kind that there is none of, control frames that are long or in pieces, a length beyond 63 bits.
    @Test(
        arguments: [
            [0xA2, 0x01, 0], [0x83, 0x01, 0], [0x89, 0x7E, 0, 200], [0x09, 0x01, 0],
            [0x82, 0x7F, 0x80, 0, 0, 0, 0, 0, 0, 0],
        ] as [[UInt8]])
    func whatIsNoFrameEndsIt(bytes: [UInt8]) {
        var harness = Self.opened()
        harness.feed(bytes, from: .responder)
        #expect(harness.failure != nil)
        #expect(harness.records(WebSocketRecord.kind).count == 1)
    }

    /// Of a few bytes thousands of requests unfold: they are given up, and no more are told than bytes came.
    @Test(arguments: [false, true]) func requestsThatUnfoldFromNothingAreNotTold(isAnswered: Bool) {
        var harness = Self.opened()
        var sent = 0
        func packed(_ text: String, _ mask: [UInt8]?) -> [UInt8] {
            let plain = [UInt8](String(repeating: text, count: 20_000).utf8)
            // The flag of compression is the first reserved bit (RFC 7692 section 6).
            var frame = Self.frame(HostileTraffic.compressed(plain, windowBits: -15), mask: mask)
            frame[0] |= 0x40
            sent += frame.count
            return frame
        }
        let request = packed("GET / HTTP/1.1\r\n\r\n", [1, 2, 3, 4])
        let half = request.count / 2
        harness.feed(Array(request[..<half]), from: .originator)
        if isAnswered {
            harness.feed(packed("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", nil), from: .responder)
        }
        harness.feed(Array(request[half...]), from: .originator)
        harness.finish()
        let told = harness.records(HTTPRecord.kind).count
        #expect(told > 10 && told <= sent + 100, "\(told) of \(sent) bytes")
        let weirds = harness.records(WeirdRecord.kind).filter { $0[Records.weird.source] == "websocket" }
        #expect(weirds.map { $0[Records.weird.name] } == ["content_unfolds_too_far"])
    }

    /// A sender may open a WebSocket in a WebSocket as often as it likes; it is followed three deep.
    @Test func nestingHasAnEnd() {
        var harness = AnalyzerHarness(HTTPAnalyzer.self)
        for depth in 0..<40 {
            let (asked, answered) = (0..<depth).reduce((Array(Self.request.utf8), Array(Self.response.utf8))) {
                pair, _ in
                (Self.frame(pair.0), Self.frame(pair.1, mask: nil))
            }
            harness.feed(asked, from: .originator)
            harness.feed(answered, from: .responder)
        }
        harness.finish()
        #expect(harness.failure == nil)
        #expect(harness.records(WebSocketRecord.kind).count == 1 + InnerStream.nestingLimit)
    }

    /// Chat is not followed for ever.
    @Test func anUnknownStreamIsGivenUp() {
        var tunnel = InnerStream()
        var sink = RecordSink()
        let line = Array("how are you today?".utf8)
        for _ in 0..<100 where !tunnel.isOver { tunnel.consume(line.span.bytes, from: .originator, into: &sink) }
        #expect(tunnel.isOver && tunnel.heldBytes == 0)
    }
}
