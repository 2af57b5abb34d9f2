import Shared
import Testing

@testable import Sensor

/// Compressed content that unfolds much further than any other.
@Suite struct UnfoldingTests {
    private static func exchange(_ content: [UInt8], _ harness: inout AnalyzerHarness) {
        harness.feed("GET / HTTP/1.1\r\nHost: a\r\n\r\n", from: .originator)
        let answer = HostileTraffic.answer("Content-Encoding: gzip\r\n", content)
        for start in stride(from: 0, to: answer.count, by: 1400) {
            harness.feed(Array(answer[start..<min(start + 1400, answer.count)]), from: .responder)
        }
    }

    @Test func aBombIsGivenUpAndTold() throws {
        var harness = AnalyzerHarness(HTTPAnalyzer.self)
        Self.exchange(HostileTraffic.bomb(40 << 20, windowBits: 31), &harness)
        harness.finish()
        let file = try #require(harness.records(FilesRecord.kind).first)
        #expect(try #require(file[Records.files.seenBytes]) < 20 << 20)
        #expect(try #require(file[Records.files.missingBytes]) > 0)
        #expect(file[Records.files.sha256] == nil)
        #expect(harness.records(WeirdRecord.kind).map { $0[Records.weird.name] } == ["content_unfolds_too_far"])
    }

    /// When nothing is left for bombs, other content still unfolds; and what is left comes back with time.
    @Test func bombsTakeNothingFromOthers() {
        let allowance = UnfoldingAllowance()
        let now = Timestamp(nanoseconds: 1_700_000_000_000_000_000)
        func unfolded(_ packed: [UInt8], at now: Timestamp) -> (count: Int, isGivenUp: Bool) {
            let inflater = ContentInflater(allowance)
            var count = 0
            inflater.append(packed.span.bytes, at: now) { count += $0.byteCount }
            return (count, inflater.isGivenUp)
        }
        let bomb = HostileTraffic.bomb(20 << 20, windowBits: 31)
        #expect(unfolded(bomb, at: now).isGivenUp)
        #expect(allowance.available(at: now) == 0)
        let small = HostileTraffic.bomb(1 << 20, windowBits: 31)
        #expect(unfolded(small, at: now).count < small.count * UnfoldingAllowance.usualRatio + 16_385)
        let text = (0..<3000).flatMap { Array("line \($0) of what a server says\n".utf8) }
        let usual = HostileTraffic.compressed(text, windowBits: 31)
        #expect(text.count > 4 * usual.count)
        #expect(unfolded(usual, at: now) == (text.count, false))
        let later = now + .seconds(1)
        #expect(unfolded(small, at: later) == (1 << 20, false))
    }
}
