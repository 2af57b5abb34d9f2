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
        // UTCTime ends in Z; a GeneralizedTime may tell how far it is from UTC.
        #expect(try moment(0x17, "130101123456+0100") == nil)
        #expect(try moment(0x17, "130101123456") == nil)
        #expect(try moment(0x18, "20130101123456+0100")?.seconds == 1_357_040_096)
        #expect(try moment(0x18, "20130101123456.5-0030")?.seconds == 1_357_045_496)
        #expect(try moment(0x18, "20130101123456+01x0") == nil)
    }

    /// "No well-defined expiration date" (RFC 5280 section 4.1.2.5), beyond what 64 bits of nanoseconds tell.
    @Test func timesTooFarAwayAreTheLastThatCanBeTold() throws {
        var reader = DERReader([0x18, 15] + Array("99991231235959Z".utf8))
        #expect(DERTime.timestamp(try reader.next())?.seconds == 9_223_372_036)
        var before = DERReader([0x18, 15] + Array("00010101000000Z".utf8))
        #expect(DERTime.timestamp(try before.next()) == nil)
    }

    /// FIPS 204's keys, and one of RSA that is none.
    @Test func keysWithoutNumbersInThemAreRead() throws {
        func facts(_ identifier: String, _ key: [UInt8]) throws -> PublicKeyFacts {
            let oid = Wire.hex(identifier)
            let algorithm = [0x30, UInt8(oid.count + 2), 6, UInt8(oid.count)] + oid
            let length = TLSWire.big(key.count + 1, bytes: 2)
            return try PublicKeyFacts(DERReader(algorithm + [3, 0x82] + length + [0] + key))
        }
        for (last, name, byteCount) in [
            ("11", "ML-DSA-44", 1312), ("12", "ML-DSA-65", 1952), ("13", "ML-DSA-87", 2592),
        ] {
            let key = try facts("60 86 48 01 65 03 04 03" + last, [UInt8](repeating: 7, count: byteCount))
            #expect(key.algorithm == name)
            #expect(key.type == name)
            #expect(key.bitCount == UInt64(8 * byteCount))
        }
        let broken = try facts("2A 86 48 86 F7 0D 01 01 01", Array("garbage".utf8))
        #expect(broken.algorithm == "rsaEncryption")
        #expect(broken.type == nil)
        #expect(broken.bitCount == nil)
    }

    private static func facts(_ parameters: [UInt8], identifier: String, _ key: [UInt8]) throws -> PublicKeyFacts {
        let oid = Wire.hex(identifier)
        let algorithm = [6, UInt8(oid.count)] + oid + parameters
        return try PublicKeyFacts(
            DERReader([0x30, UInt8(algorithm.count)] + algorithm + [3, UInt8(key.count + 1), 0] + key))
    }

    /// Object identifiers of RFC 5480, GB/T 33560, WAP-261-WTLS and Bernstein's Curve25519, which libcrypto has no name
    /// for, with the size of their fields.
    @Test(
        arguments: [
            ("2A8648CE3D030107", "prime256v1", 256), ("2B81040022", "secp384r1", 384), ("2B8104000F", "sect163r2", 163),
            ("2B240303020801010D", "brainpoolP512r1", 512), ("2A8648CE3D030001", "c2pnb163v1", 163),
            ("2A811CCF5501822D", "SM2", 256), ("672B010401", "wap-wsg-idm-ecid-wtls1", 113),
            ("672B01040C", "wap-wsg-idm-ecid-wtls12", 224), ("2B060104019755010501", "1.3.6.1.4.1.3029.1.5.1", nil),
        ] as [(String, String, UInt64?)])
    func curvesHaveTheSizeOfTheirField(identifier: String, name: String, bitCount: UInt64?) throws {
        let oid = Wire.hex(identifier)
        let key = try Self.facts(
            [6, UInt8(oid.count)] + oid, identifier: "2A8648CE3D0201", [4] + [UInt8](repeating: 1, count: 64))
        #expect(key.type == "ecdsa")
        #expect(key.curve == name)
        #expect(key.bitCount == bitCount)
    }

    /// 65537, the largest of 63 and of 64 bits, 2^72 + 1, 2^128 + 1, and 10^9 * 2^56.
    @Test(arguments: [
        ("010001", "65537"), ("7FFFFFFFFFFFFFFF", "9223372036854775807"),
        ("00FFFFFFFFFFFFFFFF", "18446744073709551615"), ("01000000000000000001", "4722366482869645213697"),
        ("0100000000000000000000000000000001", "340282366920938463463374607431768211457"),
        ("3B9ACA0000000000000000", "72057594037927936000000000"),
    ])
    func exponentsAreDecimal(bytes: String, text: String) throws {
        let power = Wire.hex(bytes)
        let numbers = [2, 3, 0, 0xC0, 1] + [2, UInt8(power.count)] + power
        let key = try Self.facts(
            [5, 0], identifier: "2A864886F70D010101", [0x30, UInt8(numbers.count)] + numbers)
        #expect(key.type == "rsa")
        #expect(key.exponent == text)
    }

    /// X.690 section 8.3.
    @Test(arguments: [
        ("00", "00"), ("7F", "7F"), ("00FF", "FF"), ("0100", "0100"), ("80", "-80"), ("FF", "-01"), ("FF00", "-0100"),
        ("FF01", "-FF"), ("9A3F0102", "-65C0FEFE"),
    ])
    func serialNumbersAreSigned(bytes: String, text: String) {
        #expect(Certificate.hexadecimalNumber(Wire.hex(bytes)[...]) == text)
    }

    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        [tag, 0x83] + TLSWire.vector(content, lengthBytes: 3)
    }

    private static func commonName(_ tag: UInt8, _ text: [UInt8]) throws -> String {
        let part = element(0x31, element(0x30, [6, 3, 0x55, 4, 3] + element(tag, text)))
        return try DistinguishedName.text(part[...])
    }

    /// Strings of X.690 section 8.23: T61, universal, BMP and UTF-8, each with U+00DC (UTF-8: C3 9C).
    @Test(arguments: [(0x14, "61 DC"), (0x1C, "00000061 000000DC"), (0x1E, "0061 00DC"), (0x0C, "61 C39C")])
    func namesOfEveryKindOfString(tag: UInt8, bytes: String) throws {
        #expect(try Self.commonName(tag, Wire.hex(bytes)) == "CN=a\\C3\\9C")
    }

    @Test func whatIsNoCharacterIsReplaced() throws {
        // A surrogate, a number beyond Unicode's, and a character that is cut.
        #expect(try Self.commonName(0x1C, Wire.hex("0000D800 00110000 0000")) == "CN=\\EF\\BF\\BD\\EF\\BF\\BD")
    }

    /// 16 KiB of the wire are read of one text (docs/sensor.md), spelled as three bytes each at most.
    @Test(arguments: [0x14, 0x1C, 0x1E, 0x0C] as [UInt8]) func longNamesAreCut(tag: UInt8) throws {
        let name = try Self.commonName(tag, [UInt8](repeating: 0x80, count: 500_000))
        #expect(name.utf8.count <= 3 + 2 * 3 * WireText.limit)
        let plain = try Self.commonName(0x0C, [UInt8](repeating: 0x61, count: 500_000))
        #expect(plain.utf8.count == 3 + WireText.limit)
    }

    /// Many long parts are no more than one, and unknown types of parts no more than known ones.
    @Test(arguments: ["550403", "5504FF7F"]) func allPartsTogetherAreCut(type: String) throws {
        let pair = Self.element(6, Wire.hex(type)) + Self.element(0x0C, [UInt8](repeating: 0x80, count: 10_000))
        let parts = (0..<60).flatMap { _ in Self.element(0x31, Self.element(0x30, pair)) }
        #expect(try DistinguishedName.text(parts[...]).utf8.count <= 3 * WireText.limit + 60 * 32)
    }

    @Test func namesAreWrittenLastPartFirstAndEscaped() throws {
        // C=US, O="A, B", CN=x as RDNSequence content.
        let name = Wire.join(
            Wire.hex("310B 3009 0603550406 13025553"), Wire.hex("310D 300B 060355040A 0C04412C2042"),
            Wire.hex("310A 3008 0603550403 0C0178"))
        #expect(try DistinguishedName.text(name[...]) == "CN=x,O=A\\, B,C=US")
    }
}
