import Shared
import Testing

@testable import Sensor

/// SLMP Reference Manual chapter 4: frames as text, whose length counts the digits behind it.
@Suite struct SLMPAnalyzerTests {
    /// Questions for a register and answers, of another network or station and with numbers of their own.
    @Test(arguments: [
        "5000010203FF000018001004010000D*0000000001", "D000010203FF00000800000064",
        "54000001000000FF03FF000018001004010000D*0000000001", "D400ABCD0000010203E000000800000064",
    ])
    func textIsRecognised(text: String) {
        let frame = Array(text.utf8)
        #expect(SLMPAnalyzer.probe(frame.span.bytes, from: .originator) == .match)
        for count in 0..<frame.count {
            let part = Array(frame[..<count])
            #expect(SLMPAnalyzer.probe(part.span.bytes, from: .originator) == .noMatch)
        }
        let more = frame + [0x30]
        #expect(SLMPAnalyzer.probe(more.span.bytes, from: .originator) == .noMatch)
    }

    /// A module and a drop that no controller has, small letters, no zeros behind a number, and another kind.
    @Test(arguments: [
        "D0000102040000000800000064", "D000010203FF20000800000064", "D000010203ff00000800000064",
        "D4000001000100FF03FF00000800000064", "D100010203FF00000800000064",
    ])
    func otherTextIsNot(text: String) {
        let frame = Array(text.utf8)
        #expect(SLMPAnalyzer.probe(frame.span.bytes, from: .originator) == .noMatch)
    }
}
