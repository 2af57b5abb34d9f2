import Shared
import Testing

@testable import Sensor

@Suite struct BACnetAnalyzerTests {
    @Test func aMessageFromAnotherNetworkTellsItsAddress() throws {
        var harness = AnalyzerHarness(BACnetAnalyzer.self, transport: .udp, responderPort: 47_808)
        // A rejection, routed from station 0x3d of network 13.
        harness.feed(Wire.hex("810a 000d 0108 000d 01 3d 60 3a 09"), from: .responder)
        let record = try #require(harness.records(BACnetRecord.kind).first)
        let bacnet = Records.bacnet
        #expect(record[bacnet.pduType] == "REJECT_PDU")
        #expect(record[bacnet.invokeID] == 58)
        #expect(record[bacnet.resultCode] == "unrecognized-service")
        #expect(record[bacnet.sourceNetwork] == 13)
        #expect(record[bacnet.sourceAddress] == "3d")
    }

    @Test func aForwardedMessageTellsItsOrigin() throws {
        var harness = AnalyzerHarness(BACnetAnalyzer.self, transport: .udp, responderPort: 47_808)
        let bytes = Wire.hex("8104 0012 c0000207 bac0 0120 ffff 00 ff 1008")
        #expect(BACnetAnalyzer.probe(bytes.span.bytes, from: .originator) == .match)
        harness.feed(bytes, from: .originator)
        let record = try #require(harness.records(BACnetRecord.kind).first)
        #expect(record[Records.bacnet.forwardedAddress] == "192.0.2.7")
        #expect(record[Records.bacnet.forwardedPort] == 47_808)
        #expect(record[Records.bacnet.destinationNetwork] == 65_535)
        let search = try #require(harness.records(BACnetDiscoveryRecord.kind).first)
        #expect(search[Records.bacnetDiscovery.range] == "All")
    }

    @Test func aLengthThatIsNotTheDatagramsIsNotBACnet() {
        let bytes = Wire.hex("810a 000e 0100 1008 09 01 1a 03e8")
        #expect(BACnetAnalyzer.probe(bytes.span.bytes, from: .originator) == .noMatch)
    }
}
