import Shared
import Testing

@testable import Sensor

/// Messages of RFC 8415 sections 8 and 9.
@Suite struct DHCPv6AnalyzerTests {
    /// SOLICIT with a client's DUID (link layer), elapsed time and what it asks for.
    static let solicit = "01 A1B2C3 0001000A 00030001 001122334455 00080002 0000 00060004 00170018"
    /// RELAY-FORW: hops, two addresses of sixteen bytes, and that message.
    static let relayed =
        "0C 00 20010DB8000000000000000000000001 FE800000000000000000000000000001 00090004 01A1B2C3"

    @Test(arguments: [
        (solicit, true), ("0B A1B2C3 00080002 0064 00060002 0017", true), (relayed, true),
        // No option that tells who asks or since when; a DUID of a kind that there is not; an option cut short.
        ("01 A1B2C3 00060002 0017", false), ("01 A1B2C3 0001000A 00090001 001122334455", false),
        ("01 A1B2C3 0001000A 00030001 00112233", false), ("0E A1B2C3 00080002 0064", false), ("01 A1B2C3", false),
    ])
    func messagesAreKnown(text: String, isKnown: Bool) {
        let bytes = Wire.hex(text)
        let answer = DHCPv6Analyzer.probe(bytes.span.bytes, from: .originator)
        #expect(answer == (isKnown ? .match : .noMatch))
    }
}
