import Shared
import Testing

@testable import Sensor

/// Notifications whose request was not seen (RFC 7252 section 3, RFC 7641 section 3.2).
@Suite struct CoAPAnalyzerTests {
    /// A token of four bytes, the number of the observation, a format (SenML), and content.
    private static let notification = Wire.hex("54450001 61626364 6101 6132 ff 7b7d")

    @Test(arguments: [
        "54450001 61626364 6101 6132 ff 7b7d", "44450001 61626364 6101 6132 ff 7b7d", "5045ffff 60 60 ff 31",
        // With a tag, an age, a block and a size.
        "51450001 07 4401020304 221234 6132 213c 9108 5106 ff 61",
    ])
    func notificationsAreRecognised(message: String) {
        #expect(CoAPAnalyzer.probe(Wire.hex(message).span.bytes, from: .responder) == .match)
    }

    @Test(arguments: [
        // Without a number, without a format, without content, with another option, an answer that needs one.
        "54450001 61626364 c132 ff 7b7d", "54450001 61626364 6101 ff 7b7d", "54450001 61626364 6101 6132 ff",
        "54450001 61626364 6101 6132", "54450001 61626364 6101 5161 1132 ff 7b7d",
        "64450001 61626364 6101 6132 ff 7b7d",
        "54440001 61626364 6101 6132 ff 7b7d", "54450001 61626364 6401020304 6132 ff 7b7d",
    ])
    func otherMessagesAreNot(message: String) {
        #expect(CoAPAnalyzer.probe(Wire.hex(message).span.bytes, from: .responder) == .noMatch)
    }

    @Test func aNotificationThatIsCutIsNotRecognised() {
        for count in 0...11 {
            let cut = Array(Self.notification.prefix(count))
            #expect(CoAPAnalyzer.probe(cut.span.bytes, from: .responder) == .noMatch)
        }
    }
}
