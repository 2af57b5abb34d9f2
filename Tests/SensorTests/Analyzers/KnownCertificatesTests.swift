import Shared
import Testing

@testable import Sensor

@Suite struct KnownCertificatesTests {
    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let length = content.count
        let long = [UInt8(0x83), UInt8(length >> 16), UInt8(length >> 8 & 255), UInt8(length & 255)]
        return [tag] + (length < 0x80 ? [UInt8(length)] : long) + content
    }

    /// A certificate with this serial number, and as many more bytes behind what is signed.
    static func certificate(_ serial: Int, padding: Int = 0) -> ArraySlice<UInt8> {
        let number = element(0x02, [UInt8(1), UInt8(serial >> 16), UInt8(serial >> 8 & 255), UInt8(serial & 255)])
        let algorithm = element(0x30, element(0x06, [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 0x0B]))
        let name = element(0x30, element(0x31, element(0x30, element(0x06, [0x55, 4, 3]) + element(0x0C, [0x61]))))
        let time = element(0x17, Array("240101000000Z".utf8))
        let keyType = element(0x30, element(0x06, [0x2B, 0x65, 0x70]))
        let key = element(0x30, keyType + element(0x03, [0] + [UInt8](repeating: 7, count: 32)))
        let body = element(0x30, number + algorithm + name + element(0x30, time + time) + name + key)
        return element(0x30, body + algorithm + element(0x03, [UInt8](repeating: 0, count: 65 + padding)))[...]
    }

    @Test func theSameCertificateIsReadOnce() throws {
        var known = KnownCertificates()
        let first = try known.certificate(der: Self.certificate(1))
        #expect(try known.certificate(der: Self.certificate(1)) === first)
        #expect(try known.certificate(der: Self.certificate(2)) !== first)
        #expect(known.count == 2)
    }

    /// A server that makes up certificates, a new one for each connection.
    @Test func moreCertificatesThanFitDoNotGrowIt() throws {
        var known = KnownCertificates()
        for serial in 0..<(3 * KnownCertificates.limit) {
            #expect(try known.certificate(der: Self.certificate(serial)).serial.hasPrefix("01"))
            #expect(known.count <= KnownCertificates.limit)
        }
        #expect(known.count == KnownCertificates.limit)
        #expect(try known.certificate(der: Self.certificate(5000)).subject == "CN=a")
        #expect(known.count == 1)
        #expect(known.byteCount == Self.certificate(5000).count)
    }

    @Test func largeCertificatesDoNotGrowItEither() throws {
        var known = KnownCertificates()
        for serial in 0..<20 {
            _ = try known.certificate(der: Self.certificate(serial, padding: 1_000_000))
            #expect(known.byteCount <= KnownCertificates.byteLimit)
        }
        #expect((1...4).contains(known.count))
        // Longer than all of them may be together: read, and not kept.
        let before = known.byteCount
        _ = try known.certificate(der: Self.certificate(99, padding: KnownCertificates.byteLimit))
        #expect(known.byteCount == before)
    }

    @Test func whatIsNoCertificateIsNotKept() {
        var known = KnownCertificates()
        #expect(throws: DecodeError.self) { try known.certificate(der: [0x30, 3, 2, 1, 0]) }
        #expect(known.count == 0 && known.byteCount == 0)
    }
}
