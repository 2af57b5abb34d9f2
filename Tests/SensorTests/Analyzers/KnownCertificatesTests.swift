import Shared
import Testing

@testable import Sensor

@Suite struct KnownCertificatesTests {
    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let length = content.count
        let long = [UInt8(0x83), UInt8(length >> 16), UInt8(length >> 8 & 255), UInt8(length & 255)]
        return [tag] + (length < 0x80 ? [UInt8(length)] : long) + content
    }

    /// One part of a name: the last byte of its type (RFC 4519), and a text.
    private static func part(_ type: UInt8, _ text: String) -> [UInt8] {
        element(0x30, element(0x06, [0x55, 4, type]) + element(0x0C, Array(text.utf8)))
    }

    /// A certificate with this serial number, and as many more bytes behind what is signed.
    /// - Parameter subject: parts of its subject that stand together.
    static func certificate(_ serial: Int, padding: Int = 0, subject: [UInt8]? = nil) -> ArraySlice<UInt8> {
        let number = element(0x02, [UInt8(1), UInt8(serial >> 16), UInt8(serial >> 8 & 255), UInt8(serial & 255)])
        let algorithm = element(0x30, element(0x06, [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 0x0B]))
        let name = element(0x30, element(0x31, part(3, "a")))
        let subject = element(0x30, element(0x31, subject ?? part(3, "a")))
        let time = element(0x17, Array("240101000000Z".utf8))
        let keyType = element(0x30, element(0x06, [0x2B, 0x65, 0x70]))
        let key = element(0x30, keyType + element(0x03, [0] + [UInt8](repeating: 7, count: 32)))
        let body = element(0x30, number + algorithm + name + element(0x30, time + time) + subject + key)
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

    /// Without alternative names the common name counts, with others beside it too (RFC 6125 section 6.4.4).
    @Test func aCommonNameBesideOthersIsOne() throws {
        let both = Self.part(7, "x") + Self.part(3, "host.example.com")
        let certificate = try Certificate(der: Self.certificate(1, subject: both))
        #expect(certificate.subject == "CN=host.example.com+L=x")
        #expect(certificate.covers("HOST.example.com"))
        #expect(!certificate.covers("x"))
    }

    @Test func whatIsNoCertificateIsNotKept() {
        var known = KnownCertificates()
        #expect(throws: DecodeError.self) { try known.certificate(der: [0x30, 3, 2, 1, 0]) }
        #expect(known.count == 0 && known.byteCount == 0)
    }
}
