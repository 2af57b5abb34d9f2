import Shared
import Testing

@testable import Sensor

@Suite struct DERTests {
    @Test func anElementIsCutOffTheFront() throws {
        var reader = DERReader(Wire.hex("02 01 FF 30 03 0A 01 05"))
        #expect(try reader.next(DERTag.integer).integer == -1)
        var inner = try reader.next(DERTag.sequence).children
        #expect(try inner.next(DERTag.enumerated).integer == 5)
        #expect(reader.isEmpty && inner.isEmpty)
    }

    @Test(arguments: ["30", "3005", "30820100", "3080", "1F8101", "3085000000000100"])
    func whatIsCutOrIndefiniteIsReported(text: String) {
        var reader = DERReader(Wire.hex(text))
        #expect(throws: DecodeError.self) { try reader.next() }
    }

    @Test func identifiersAreSpelledWithDots() {
        // sha256WithRSAEncryption, RFC 8017 appendix C.
        let content = Wire.hex("2A864886F70D01010B")
        #expect(ObjectIdentifierText.dotted(content[...]) == "1.2.840.113549.1.1.11")
        #expect(ObjectIdentifierText.longName("1.2.840.113549.1.1.11") == "sha256WithRSAEncryption")
        #expect(ObjectIdentifierText.longName("1.2.3.4.5") == "1.2.3.4.5")
    }

    @Test func yearsOfTwoDigitsAreThoseOfRFC5280() throws {
        func moment(_ tag: UInt8, _ text: String) throws -> Timestamp? {
            var reader = DERReader([tag, UInt8(text.utf8.count)] + Array(text.utf8))
            return DERTime.timestamp(try reader.next())
        }
        #expect(try moment(0x17, "700101000000Z")?.nanoseconds == 0)
        #expect(try moment(0x17, "491231235959Z")?.seconds == 2_524_607_999)
        #expect(try moment(0x18, "20371231235959Z")?.seconds == 2_145_916_799)
        #expect(try moment(0x18, "20371331235959Z") == nil)
    }

    @Test func namesAreWrittenLastPartFirstAndEscaped() throws {
        // C=US, O="A, B", CN=x as RDNSequence content.
        let name = Wire.join(
            Wire.hex("310B 3009 0603550406 13025553"), Wire.hex("310D 300B 060355040A 0C04412C2042"),
            Wire.hex("310A 3008 0603550403 0C0178"))
        #expect(try DistinguishedName.text(name[...]) == "CN=x,O=A\\, B,C=US")
    }
}
