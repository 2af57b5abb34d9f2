import Shared
import Testing

@testable import Sensor

@Suite struct TeamViewerAnalyzerTests {
    private static let first: [UInt8] = [0x17, 0x24, 10, 2, 0, 1, 2]
    private static let second: [UInt8] = [0x11, 0x30, 18, 0, 1, 0, 0, 0] + [UInt8](repeating: 0, count: 16) + [7]
    private static let datagram = [UInt8](repeating: 0, count: 11) + first

    @Test(arguments: [
        (first, ProbeResult.match),
        (second, .match),
        (first + second, .match),
        (Array(first.dropLast()), .needMore),
        (Array(second.prefix(4)), .needMore),
        (first + [0, 0, 0], .noMatch),
        ([0x17, 0x24, 9, 2, 0, 1, 2], .noMatch),
        ([0x17, 0x24, 200, 2, 0, 1, 2], .noMatch),
        ([0x11, 0x30, 18, 0, 0, 0, 0, 1], .noMatch),
        (datagram, .needMore),
    ])
    func commandsThatFillTheirLengthAreRecognised(bytes: [UInt8], answer: ProbeResult) {
        #expect(TeamViewerAnalyzer.probe(bytes.span.bytes, from: .originator) == answer)
    }

    @Test func itTakesFourDatagrams() {
        var held = HeldPayload()
        for count in 1...4 {
            held.append(datagram: Self.datagram.span.bytes, from: .responder, at: .distantPast)
            held.append(datagram: [UInt8](repeating: 9, count: 30).span.bytes, from: .responder, at: .distantPast)
            let answer = TeamViewerAnalyzer.probe(held, datagramsFrom: .responder)
            #expect(answer == (count < 4 ? .needMore : .match))
        }
    }
}
