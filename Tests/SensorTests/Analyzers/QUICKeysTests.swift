import Testing

@testable import Sensor

/// Vectors of RFC 9001 appendix A.
@Suite struct QUICKeysTests {
    static let connectionID = Wire.hex("8394c8f03e515708")

    @Test func theInitialSecretsAreThoseOfTheSpecification() throws {
        let version = try #require(QUICVersion(1))
        let initial = try #require(HKDF.extract(salt: version.salt, input: Self.connectionID))
        #expect(initial == Wire.hex("7db5df06e7a69e432496adedb00851923595221596ae2ae9fb8115c1e9ed0a44"))
        let client = try #require(HKDF.expand(initial, label: "client in", length: 32))
        #expect(client == Wire.hex("c00cf151ca5be075ed0ebfb5c80323c42d6b7db67881289af4008f1f6c357aea"))
        #expect(HKDF.expand(client, label: "quic key", length: 16) == Wire.hex("1f369613dd76d5467730efcbe3b1a22d"))
        #expect(HKDF.expand(client, label: "quic iv", length: 12) == Wire.hex("fa044b2f42a3fd3b46fb255c"))
        #expect(HKDF.expand(client, label: "quic hp", length: 16) == Wire.hex("9f50449e04a0e810283a1e9933adedd2"))
    }

    /// Vectors of draft-ietf-quic-v2-01 appendix A.1.
    @Test func theSecretsOfVersion2sDraftAreThoseOfItsSpecification() throws {
        let version = try #require(QUICVersion(0x709A_50C4))
        let initial = try #require(QUICKeys.secret(version: version, connectionID: Self.connectionID[...]))
        #expect(initial == Wire.hex("ddfcb7b82a430b7845210ad64b406977ed51b269a14bc69aa9ea9b366fa3b06b"))
        let client = try #require(HKDF.expand(initial, label: "client in", length: 32))
        #expect(HKDF.expand(client, label: "quicv2 key", length: 16) == Wire.hex("95df2be2e8d549c82e996fc9339f4563"))
    }

    @Test func theHeaderMaskIsThatOfTheSpecification() throws {
        let version = try #require(QUICVersion(1))
        let secret = try #require(QUICKeys.secret(version: version, connectionID: Self.connectionID[...]))
        let keys = try #require(QUICHeaderKey(version: version, secret: secret, isClient: true))
        let sample = Wire.hex("d1b1c98dd7689fb8ec11d242b123dc9b")
        #expect(keys.mask(sample: sample[...]) == Wire.hex("437b9aec36"))
    }

    @Test func aPacketWithAWrongTagIsNotOpened() throws {
        let version = try #require(QUICVersion(1))
        let secret = try #require(QUICKeys.secret(version: version, connectionID: Self.connectionID[...]))
        let header = try #require(QUICHeaderKey(version: version, secret: secret, isClient: true))
        let keys = try #require(QUICPayloadKey(header))
        let sealed = [UInt8](repeating: 7, count: 40)
        #expect(keys.open(number: 2, header: [0xC3], sealed: sealed[...]) == nil)
    }

    @Test func numbersOfEveryLengthAreRead() throws {
        // RFC 9000 appendix A.1.
        var reader = ByteReader(Wire.hex("c2197c5eff14e88c 9d7f3e7d 7bbd 25"))
        #expect(try reader.variableInteger() == 151_288_809_941_952_652)
        #expect(try reader.variableInteger() == 494_878_333)
        #expect(try reader.variableInteger() == 15_293)
        #expect(try reader.variableInteger() == 37)
    }
}
