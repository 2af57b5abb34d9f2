import Shared
import Testing

@testable import Sensor

/// Session descriptions and what RTP learns from them.
@Suite struct SessionDescriptionTests {
    private static func media(_ text: String) -> [MediaDescription] {
        let bytes = Array(text.utf8)
        return SessionDescription.media(in: bytes.span.bytes)
    }

    /// The example of RFC 8866 section 5, with two formats of RFC 7587 and RFC 4733.
    @Test func mediaAndTheirFormatsAreRead() throws {
        let media = Self.media(
            """
            v=0\r
            o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1\r
            s=Call to John Smith\r
            c=IN IP4 198.51.100.1\r
            t=0 0\r
            m=audio 49170 RTP/AVP 0 96\r
            a=rtpmap:96 opus/48000/2\r
            m=application 9 TCP/BFCP *\r
            c=IN IP4 198.51.100.77\r
            a=rtpmap:97 wrong/1\r
            m=video 51372/2 RTP/SAVPF 99\r
            c=IN IP6 2001:db8::2\r
            a=rtpmap:99 h263-1998/90000\r
            a=rtpmap:101 telephone-event/8000\r

            """)
        #expect(media.map(\.port) == [49170, 51372])
        #expect(media.map(\.address) == [IPAddress("198.51.100.1"), IPAddress("2001:db8::2")])
        #expect(media[0].formats.map(\.codec) == ["opus"])
        #expect(media[1].formats.map(\.payloadType) == [99, 101])
        #expect(media[1].formats.map(\.clockRate) == [90_000, 8_000])
    }

    /// A multicast address with its time to live and count (RFC 8866 section 5.7), and more blanks than one.
    @Test func whatStandsBehindSlashesIsPassedOver() {
        let text = "c=IN  IP4 233.252.0.1/127/3\nm=audio  49170/2   RTP/AVP 31\na=rtpmap:31   H261/90000/1\n"
        let media = Self.media(text)
        #expect(media.map(\.port) == [49170])
        #expect(media.map(\.address) == [IPAddress("233.252.0.1")])
        #expect(media.first?.formats.map(\.codec) == ["H261"])
        #expect(media.first?.formats.map(\.clockRate) == [90_000])
        // Cut anywhere, it tells no other medium.
        for length in 0..<text.utf8.count {
            #expect(Self.media(String(text.prefix(length))).allSatisfy { $0.port == 49170 })
        }
    }

    @Test(arguments: [
        "m=audio 0 RTP/AVP 96", "m=audio", "m=audio 70000 RTP/AVP 96", "m=audio -1 RTP/AVP 96", "m=",
        "m=audio 9 UDP/TLS 1",
        "m=audio / RTP/AVP 1",
    ]) func mediaThatMakeNoSenseAreLeftOut(line: String) {
        #expect(Self.media("v=0\n\(line)\na=rtpmap:96 opus/48000\n").isEmpty)
    }

    @Test(arguments: [
        "a=rtpmap:", "a=rtpmap:96", "a=rtpmap:128 a/8000", "a=rtpmap:x a/8000", "a=rtpmap:96 opus",
        "a=rtpmap:96 opus/0",
        "a=rtpmap:96 opus/-1", "a=rtpmap:96 /",
    ]) func formatsThatMakeNoSenseAreLeftOut(line: String) {
        #expect(Self.media("v=0\nm=audio 9 RTP/AVP 96\n\(line)\n").first?.formats.isEmpty == true)
    }

    @Test func aDescriptionCannotGrow() {
        let formats = (0..<200).map { "a=rtpmap:\($0 % 128) \(String(repeating: "x", count: 500))/8000\n" }.joined()
        let media = Self.media("v=0\nm=audio 9 RTP/AVP 96\n" + formats)
        #expect(media[0].formats.count == 32)
        #expect(media[0].formats.allSatisfy { $0.codec.utf8.count <= 32 })
        #expect(Self.media("v=0\n" + String(repeating: "m=audio 9 RTP/AVP 96\n", count: 100)).count == 16)
    }

    @Test func theOldestAgreementIsForgotten() {
        var agreements = MediaAgreements()
        func end(_ number: Int) -> MediaAgreements.Endpoint {
            .init(address: IPAddress(v4: UInt32(number)), port: 9)
        }
        for number in 0..<(MediaAgreements.limit + 3) {
            agreements.agree(.init(formats: [], call: "\(number)"), for: end(number))
            // What is agreed upon again takes no room.
            agreements.agree(.init(formats: [], call: "again \(number)"), for: end(number))
        }
        #expect(agreements[end(2)] == nil)
        #expect(agreements[end(3)]?.call == "again 3")
        #expect(agreements[end(MediaAgreements.limit + 2)] != nil)
    }

    /// The private address in the description is not where the media come from; that of the message is.
    @Test func behindAddressTranslationTheSenderCounts() throws {
        var harness = AnalyzerHarness(SIPAnalyzer.self, transport: .udp, responderPort: 5060)
        let body = "v=0\r\nc=IN IP4 192.168.1.9\r\nm=audio 4000 RTP/AVP 97\r\na=rtpmap:97 iLBC/8000\r\n"
        harness.feed(
            "INVITE sip:b@example.com SIP/2.0\r\nCall-ID: abc\r\nContent-Type: application/sdp\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n" + body, from: .originator)
        let memory = harness.sink.memories.media
        let announced = try #require(IPAddress("192.168.1.9"))
        for address in [harness.sink.connection.originator, announced] {
            let agreement = try #require(memory[.init(address: address, port: 4000)])
            #expect(agreement.call == "abc")
            #expect(agreement.format(97)?.codec == "iLBC")
            #expect(agreement.format(96) == nil)
        }
    }
}
