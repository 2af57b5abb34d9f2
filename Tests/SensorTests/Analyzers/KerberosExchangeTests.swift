import Shared
import Testing

@testable import Sensor

/// Requests and errors that name nobody (RFC 4120 sections 5.4.1 and 5.9.1), as scanners send and provoke them.
@Suite struct KerberosExchangeTests {
    static func element(_ tag: UInt8, _ parts: [UInt8]...) -> [UInt8] {
        let content = parts.flatMap { $0 }
        return [tag, UInt8(content.count)] + content
    }

    static func text(_ text: String) -> [UInt8] { element(0x1B, Array(text.utf8)) }

    static func principal(_ name: String) -> [UInt8] {
        element(0x30, element(0xA0, [2, 1, 1]), element(0xA1, element(0x30, text(name))))
    }

    static func request(client: String?) -> [UInt8] {
        let body = element(
            0x30, element(0xA0, [3, 5, 0, 0, 0, 0, 0]), client.map { element(0xA1, principal($0)) } ?? [],
            element(0xA2, text("EXAMPLE.ORG")), element(0xA7, [2, 1, 7]))
        return element(
            0x6A, element(0x30, element(0xA1, [2, 1, 5]), element(0xA2, [2, 1, 10]), element(0xA4, body)))
    }

    static func error(_ code: UInt8, realm: String? = nil, client: String? = nil) -> [UInt8] {
        element(
            0x7E,
            element(
                0x30, element(0xA0, [2, 1, 5]), element(0xA1, [2, 1, 30]), element(0xA6, [2, 1, code]),
                realm.map { element(0xA7, text($0)) } ?? [], client.map { element(0xA8, principal($0)) } ?? [],
                element(0xA9, text("EXAMPLE.ORG"))))
    }

    static func record(_ messages: [UInt8]...) throws -> RecordView {
        var harness = AnalyzerHarness(KerberosAnalyzer.self, transport: .udp)
        for (index, message) in messages.enumerated() {
            harness.feed(message, from: index == 0 && messages.count > 1 ? .originator : .responder)
        }
        harness.finish()
        #expect(harness.failure == nil)
        return try #require(harness.records(KerberosRecord.kind).first)
    }

    @Test func aRequestThatNamesNobodyHasItsRealm() throws {
        #expect(try Self.record(Self.request(client: nil), Self.error(60))[Records.kerberos.client] == "/EXAMPLE.ORG")
        let named = try Self.record(Self.request(client: "a"), Self.error(60))
        #expect(named[Records.kerberos.client] == "a/EXAMPLE.ORG")
    }

    @Test func anErrorThatNamesNobodyHasItsRealm() throws {
        #expect(try Self.record(Self.error(7, realm: "X.Y"))[Records.kerberos.client] == "X.Y")
        #expect(try Self.record(Self.error(7, realm: "X.Y", client: "a"))[Records.kerberos.client] == "a/X.Y")
        #expect(try Self.record(Self.error(7, client: "a"))[Records.kerberos.client] == "a/")
        #expect(try Self.record(Self.error(7))[Records.kerberos.client] == nil)
    }

    /// Section 7.5.9, in Zeek's spelling.
    @Test func anUnsupportedTransitIsNamed() throws {
        #expect(try Self.record(Self.error(17))[Records.kerberos.errorMsg] == "KDC_ERR_TRTYPE_NOSUPP")
    }
}
