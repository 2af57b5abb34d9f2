import Shared
import Testing

@testable import Sensor

/// Hellos whose lengths lie, and what is told of them.
@Suite struct ClientHelloTests {
    private static let fixed = [3, 1] + [UInt8](repeating: 0x11, count: 32)
    private static let named = TLSWire.fieldOf(
        0, TLSWire.vector([0] + TLSWire.vector(Array("a.test".utf8), lengthBytes: 2), lengthBytes: 2))
    private static let groups = TLSWire.fieldOf(10, [0, 2, 0, 29])

    /// A hello with two ciphers and the two extensions above.
    /// - Parameters:
    ///   - cipherBytes: what it says that the ciphers take.
    ///   - extensionBytes: what it says more of the extensions than there is.
    private static func body(cipherBytes: Int = 4, extensionBytes: Int = 0) -> [UInt8] {
        let extensions = named + groups
        return fixed + [0] + TLSWire.big(cipherBytes, bytes: 2) + [0x13, 1, 0, 0x2F, 1, 0]
            + TLSWire.big(extensions.count + extensionBytes, bytes: 2) + extensions
    }

    private static func read(_ body: [UInt8]) throws -> ClientHello {
        try ClientHello(ByteReader(body), isDatagram: false)
    }

    @Test func extensionsEndWithTheHello() throws {
        for more in [10, 60_000] {
            let hello = try Self.read(Self.body(extensionBytes: more))
            #expect(hello.extensions.types == [0, 10])
            #expect(hello.serverName == "a.test")
            #expect(hello.groups == [29])
        }
        // The list ends within the second: its type is there, its content is not.
        let short = try Self.read(Self.body(extensionBytes: -3))
        #expect(short.extensions.types == [0, 10])
        #expect(short.groups.isEmpty)
    }

    /// The ciphers take all 31 bytes that are there; for compression methods and extensions no place is left.
    @Test(arguments: [100, 400, 65_535]) func ciphersEndWithTheHello(cipherBytes: Int) throws {
        let hello = try Self.read(Self.body(cipherBytes: cipherBytes))
        #expect(hello.ciphers.prefix(3) == [0x1301, 0x002F, 0x0100])
        #expect(hello.extensions.count == 0)
        #expect(hello.serverName == nil)
        #expect(hello.ciphers.count == 15)
        let fingerprint = JA4.client(hello, over: .tcp)
        #expect(fingerprint?.hasPrefix("t10i150000_") == true)
        #expect(fingerprint?.hasSuffix("_000000000000") == true)
    }

    /// An odd byte at the end of the ciphers is none.
    @Test func anOddListOfCiphersIsRoundedDown() throws {
        let hello = try Self.read(Self.fixed + [0, 0, 5, 0x13, 1, 0, 0x2F, 0x13, 1, 0, 0, 8] + Self.groups)
        #expect(hello.ciphers == [0x1301, 0x002F])
        #expect(hello.groups == [29])
    }

    @Test(arguments: [0, 0x0200, 0x0305, 0xFFFF]) func anyVersionIsRead(version: Int) throws {
        let hello = try Self.read(TLSWire.big(version, bytes: 2) + Self.body().dropFirst(2))
        #expect(Int(hello.legacyVersion.number) == version)
        #expect(hello.serverName == "a.test")
    }

    /// More extensions than are read.
    @Test func tooManyExtensionsAreNone() throws {
        let many = (0..<300).flatMap { TLSWire.fieldOf($0, []) }
        let hello = try Self.read(
            Self.fixed + [0, 0, 2, 0x13, 1, 1, 0] + TLSWire.vector(many, lengthBytes: 2))
        #expect(hello.ciphers == [0x1301])
        #expect(hello.extensions.count == 0)
    }

    /// However a hello is cut and changed, it is read without a trap.
    @Test func noLengthIsTrusted() {
        let good = Self.body()
        for place in good.indices {
            for value in [UInt8(0), 1, 0x7F, 0xFF] {
                var changed = good
                changed[place] = value
                for end in [place + 1, good.count] {
                    guard let hello = try? Self.read(Array(changed[..<end])) else { continue }
                    #expect(JA4.client(hello, over: .tcp) != nil)
                    #expect(hello.groups.count <= good.count)
                }
            }
        }
    }

    /// A hello that cannot be read is one still, and the server's is told.
    @Test func theServerIsToldBehindAMalformedHello() {
        var harness = AnalyzerHarness(TLSAnalyzer.self, responderPort: 443)
        harness.feed(TLSWire.record(22, TLSWire.message(1, Self.fixed + [0xFF, 1, 2, 3])), from: .originator)
        harness.feed(TLSWire.record(22, TLSWire.serverHello(version: 0x0301)), from: .responder)
        harness.finish()
        #expect(harness.failure == nil)
        let found = harness.records(SSLRecord.kind)
        #expect(found.map { $0[Records.ssl.sslHistory] } == ["Cs"])
        #expect(found.first?[Records.ssl.version] == "TLSv10")
        #expect(found.first?[Records.ssl.ja3] == nil)
        #expect(harness.records(WeirdRecord.kind).map { $0[Records.weird.name] } == ["client_hello_malformed"])
    }
}
