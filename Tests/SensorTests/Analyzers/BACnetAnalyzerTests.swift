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

    /// The answer to ReadProperty (clause 15.5): an object, a property, and a value with its tag.
    private static func told(type: Int, property: Int, value: String) -> RecordView? {
        var harness = AnalyzerHarness(BACnetAnalyzer.self, transport: .udp, responderPort: 47_808)
        let number = property < 256 ? [0x19, UInt8(property)] : [0x1A, UInt8(property >> 8), UInt8(property & 0xFF)]
        let object = UInt32(type) << 22 | 1
        let body = Wire.join(
            Wire.hex("0100 30 01 0c 0c"), (0..<4).map { UInt8(truncatingIfNeeded: object >> (24 - 8 * $0)) }, number,
            [0x3E], Wire.hex(value), [0x3F])
        harness.feed([0x81, 0x0A, 0, UInt8(body.count + 4)] + body, from: .responder)
        return harness.records(BACnetPropertyRecord.kind).first
    }

    /// Clause 21: 371 is the list of an object's properties, 400 the address of a port; makers have 512 and above.
    @Test(arguments: [
        (8, 371, "device", "property-list"), (56, 400, "network-port", "bacnet-ip-address"),
        (54, 85, "lighting-output", "present-value"), (8, 600, "device", "Vendor Specific (600)"),
        (8, 466, "device", "Unknown Property-0x1d2"), (8, 512, "device", "Vendor Specific (512)"),
    ])
    func propertiesAndObjectsOfTheStandardHaveNames(type: Int, property: Int, object: String, name: String) {
        let record = Self.told(type: type, property: property, value: "21 05")
        #expect(record?[Records.bacnetProperty.objectType] == object)
        #expect(record?[Records.bacnetProperty.property] == name)
    }

    /// Clause 21: units, kinds of notifications, reliability; clause 20.2.7: a double, 3.5 here.
    @Test(
        arguments: [
            (117, "91 3e", "degrees-celsius"), (117, "91 62", "percent"), (72, "91 01", "event"),
            (103, "91 01", "no-sensor"), (103, "91 7f", "127"), (85, "55 08 400c000000000000", "3.500000"),
            (85, "55 07 400c0000000000", nil), (85, "44 40600000", "3.500000"),
        ] as [(Int, String, String?)])
    func valuesOfTheStandardHaveNames(property: Int, value: String, shown: String?) {
        #expect(Self.told(type: 2, property: property, value: value)?[Records.bacnetProperty.value] == shown)
    }

    /// Clause 18.10: 10 is a timer that ran out, 11 a message that is too long.
    @Test(arguments: [(10, "tsm-timeout"), (11, "apdu-too-long"), (12, "Unknown Abort Reason-0x0c")])
    func reasonsToGiveUpHaveNames(code: UInt8, name: String) {
        var harness = AnalyzerHarness(BACnetAnalyzer.self, transport: .udp, responderPort: 47_808)
        harness.feed([0x81, 0x0A, 0, 9, 1, 0, 0x71, 1, code], from: .responder)
        #expect(harness.records(BACnetRecord.kind).first?[Records.bacnet.resultCode] == name)
    }

    @Test func aLengthThatIsNotTheDatagramsIsNotBACnet() {
        let bytes = Wire.hex("810a 000e 0100 1008 09 01 1a 03e8")
        #expect(BACnetAnalyzer.probe(bytes.span.bytes, from: .originator) == .noMatch)
    }
}
