import Shared
import Testing

@testable import Sensor

@Suite struct SIPAnalyzerTests {
    /// RFC 3261 section 7.5: line ends in front of a message are passed over; some clients send zeros with them.
    @Test(arguments: ["\r\n\r\n", "\r\n\r\n\0\0", "\0\0\0\0", ""])
    func whatIsInFrontOfAMessageMeansNothing(front: String) {
        let text = front + "REGISTER sip:192.0.2.1:5060 SIP/2.0\r\nCall-ID: 7\r\n\r\n"
        let payload = Array(text.utf8)
        #expect(SIPAnalyzer.probe(payload.span.bytes, from: .originator) == .match)
        for transport in [Transport.udp, .tcp] {
            var harness = AnalyzerHarness(SIPAnalyzer.self, transport: transport, responderPort: 5060)
            harness.feed(payload, from: .originator)
            harness.finish()
            let found = harness.records(SIPRecord.kind)
            #expect(found.map { $0[Records.sip.method] } == ["REGISTER"])
            #expect(found.map { $0[Records.sip.callId] } == ["7"])
        }
    }

    @Test func zerosAloneAreNoMessage() {
        let zeros = [UInt8](repeating: 0, count: 200)
        #expect(SIPAnalyzer.probe(zeros.span.bytes, from: .originator) == .noMatch)
        let many = zeros + Array("REGISTER sip:a SIP/2.0\r\n\r\n".utf8)
        #expect(SIPAnalyzer.probe(many.span.bytes, from: .originator) == .noMatch)
    }
}
