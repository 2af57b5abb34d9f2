import Shared
import Testing

@testable import Sensor

@Suite struct SNMPAnalyzerTests {
    static func element(_ tag: UInt8, _ parts: [UInt8]...) -> [UInt8] {
        let content = parts.flatMap { $0 }
        return [tag] + (content.count < 128 ? [UInt8(content.count)] : [0x81, UInt8(content.count)]) + content
    }

    /// sysDescr.0 (RFC 3418) and its value, or none.
    static func pdu(_ tag: UInt8, _ value: [UInt8]) -> [UInt8] {
        let name = element(6, [0x2B, 6, 1, 2, 1, 1, 1, 0])
        return element(tag, [2, 1, 9, 2, 1, 0, 2, 1, 0], element(0x30, element(0x30, name, value)))
    }

    /// A message of RFC 3412 section 6 with a name of RFC 3414.
    static func message(flags: UInt8, _ rest: [UInt8]) -> [UInt8] {
        let header = element(0x30, [2, 1, 77, 2, 3, 0, 0xFF, 0xE3, 4, 1, flags, 2, 1, 3])
        let user = element(0x30, [4, 1, 7, 2, 1, 1, 2, 1, 2], element(4, Array("someone".utf8)), [4, 0, 4, 0])
        return element(0x30, [2, 1, 3], header, element(4, user), rest)
    }

    static func scoped(_ pdu: [UInt8]) -> [UInt8] { element(0x30, [4, 1, 7, 4, 0], pdu) }

    @Test func messagesInClearAreRead() throws {
        var harness = AnalyzerHarness(SNMPAnalyzer.self, transport: .udp, responderPort: 161)
        harness.feed(Self.message(flags: 4, Self.scoped(Self.pdu(0xA0, [5, 0]))), from: .originator)
        let answer = Self.pdu(0xA2, Self.element(4, Array("Linux box".utf8)))
        harness.feed(Self.message(flags: 1, Self.scoped(answer)), from: .responder)
        harness.finish()
        let record = try #require(harness.records(SNMPRecord.kind).first)
        #expect(record[Records.snmp.version] == "3")
        #expect(record[Records.snmp.getRequests] == 1)
        #expect(record[Records.snmp.getResponses] == 1)
        #expect(record[Records.snmp.displayString] == "Linux box")
        #expect(record[Records.snmp.community] == nil)
        #expect(harness.records(WeirdRecord.kind).isEmpty)
    }

    @Test func encryptedOnesAreCountedOnly() throws {
        var harness = AnalyzerHarness(SNMPAnalyzer.self, transport: .udp, responderPort: 161)
        harness.feed(Self.message(flags: 3, Self.element(4, Array("ciphertext".utf8))), from: .originator)
        harness.finish()
        let record = try #require(harness.records(SNMPRecord.kind).first)
        #expect(record[Records.snmp.version] == "3")
        #expect(record[Records.snmp.getRequests] == 0)
        #expect(harness.records(WeirdRecord.kind).isEmpty)
    }

    @Test func aCutMessageIsNoSession() {
        let whole = Self.element(0x30, [2, 1, 0], Self.element(4, Array("public".utf8)), Self.pdu(0xA0, [5, 0]))
        for length in 0..<whole.count {
            var harness = AnalyzerHarness(SNMPAnalyzer.self, transport: .udp, responderPort: 161)
            harness.feed(Array(whole[..<length]), from: .originator)
            harness.finish()
            #expect(harness.records(SNMPRecord.kind).isEmpty)
        }
        var harness = AnalyzerHarness(SNMPAnalyzer.self, transport: .udp, responderPort: 161)
        harness.feed(whole, from: .originator)
        harness.finish()
        #expect(harness.records(SNMPRecord.kind).first?[Records.snmp.version] == "1")
    }

    /// RFC 3430 section 2.1: messages follow each other in the stream, wherever its segments end.
    @Test(arguments: [1, 7, 4096])
    func messagesOverTCPAreRead(segment: Int) throws {
        var harness = AnalyzerHarness(SNMPAnalyzer.self, transport: .tcp, responderPort: 161)
        let community = Self.element(4, Array("public".utf8))
        let request = Self.element(0x30, [2, 1, 1], community, Self.pdu(0xA1, [5, 0]))
        let text = Self.element(4, Array("Linux box".utf8) + [UInt8](repeating: 0x2E, count: 60))
        let answer = Self.element(0x30, [2, 1, 1], community, Self.pdu(0xA2, text))
        for (side, bytes) in [(Side.originator, request + request), (.responder, answer + answer)] {
            for start in stride(from: 0, to: bytes.count, by: segment) {
                harness.feed(Array(bytes[start..<min(start + segment, bytes.count)]), from: side)
            }
        }
        harness.finish()
        let record = try #require(harness.records(SNMPRecord.kind).first)
        #expect(record[Records.snmp.version] == "2c")
        #expect(record[Records.snmp.community] == "public")
        #expect(record[Records.snmp.getRequests] == 2)
        #expect(record[Records.snmp.getResponses] == 2)
        #expect(record[Records.snmp.displayString]?.hasPrefix("Linux box") == true)
        #expect(harness.records(WeirdRecord.kind).isEmpty)
    }

    /// What was lost is passed over until a message begins.
    @Test func aWrongLengthHidesNothingThatCameBefore() throws {
        var harness = AnalyzerHarness(SNMPAnalyzer.self, transport: .tcp, responderPort: 161)
        let community = Self.element(4, Array("public".utf8))
        harness.feed(Self.element(0x30, [2, 1, 1], community, Self.pdu(0xA0, [5, 0])), from: .originator)
        harness.feed([0x30, 0x85, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], from: .originator)
        #expect(harness.failure != nil)
        #expect(try #require(harness.records(SNMPRecord.kind).first)[Records.snmp.getRequests] == 1)
    }

    @Test func aHoleInAStreamIsPassedOver() throws {
        var harness = AnalyzerHarness(SNMPAnalyzer.self, transport: .tcp, responderPort: 161)
        let community = Self.element(4, Array("public".utf8))
        let request = Self.element(0x30, [2, 1, 1], community, Self.pdu(0xA0, [5, 0]))
        harness.feed(Array(request.prefix(20)), from: .originator)
        harness.lose(request.count - 24, from: .originator)
        harness.feed(Array(request.suffix(4)), from: .originator)
        harness.feed(request, from: .originator)
        harness.finish()
        let record = try #require(harness.records(SNMPRecord.kind).first)
        #expect(record[Records.snmp.getRequests] == 1)
        #expect(harness.records(WeirdRecord.kind).isEmpty)
    }
}
