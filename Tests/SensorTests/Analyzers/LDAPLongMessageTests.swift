import Shared
import Testing

@testable import Sensor

/// RFC 4511 limits no message: groups with all their members, lists of certificates and photographs have megabytes.
@Suite struct LDAPLongMessageTests {
    typealias LDAP = LDAPAnalyzerTests
    typealias Carrier = LDAPRestTests.Carrier

    static func element(_ tag: UInt8, _ parts: [UInt8]...) -> [UInt8] {
        // Whole arrays at a time: they are long.
        let content = parts.reduce(into: []) { $0 += $1 }
        return [tag, 0x84] + Wire.bigEndian(UInt32(content.count)) + content
    }

    static let letters = [UInt8](repeating: 0x41, count: 1_200_000)
    static let entry = element(0x30, [2, 1, 2], element(0x64, LDAP.string("cn=a"), letters))

    /// ModifyRequest (section 4.6) that replaces a photograph.
    static func modification(_ id: UInt8, photograph: [UInt8]) -> [UInt8] {
        let values = element(0x31, element(0x04, photograph))
        let change = element(0x30, [0x0A, 1, 2], element(0x30, LDAP.string("jpegPhoto"), values))
        return element(0x30, [2, 1, id], element(0x66, LDAP.string("cn=a"), element(0x30, change)))
    }

    static let change = modification(2, photograph: letters)

    /// What is told of an attribute with so long a value.
    static let replacement = "replace(jpegPhoto=\(String(repeating: "A", count: WireText.limit)))"

    /// Gives the first bytes by themselves, and then segments as large as they come.
    static func feed(_ bytes: [UInt8], cutAt place: Int = 0, from side: Side, into harness: inout AnalyzerHarness) {
        if place > 0 { harness.feed(Array(bytes[..<place]), from: side) }
        for start in stride(from: place, to: bytes.count, by: 60_000) {
            harness.feed(Array(bytes[start..<min(start + 60_000, bytes.count)]), from: side)
        }
    }

    @Test(arguments: Carrier.allCases) func anEntryIsCounted(carrier: Carrier) {
        let answer = LDAPRestTests.wrapped(Self.entry, carrier)
        for place in 0...64 {
            var harness = AnalyzerHarness(LDAPAnalyzer.self)
            harness.feed(LDAP.search(2), from: .originator)
            Self.feed(answer, cutAt: place, from: .responder, into: &harness)
            harness.feed(LDAP.result(2, 0x65), from: .responder)
            harness.feed(LDAP.search(3), from: .originator)
            harness.feed(LDAP.result(3, 0x65), from: .responder)
            harness.finish()
            let searches = harness.records(LDAPSearchRecord.kind)
            #expect(harness.failure == nil)
            #expect(searches.map { $0[Records.ldapSearch.resultCount] } == [1, 0])
            #expect(searches.map { $0[Records.ldapSearch.result] } == ["success", "success"])
        }
    }

    @Test(arguments: Carrier.allCases) func aChangeIsToldAsFarAsItGoes(carrier: Carrier) {
        let request = LDAPRestTests.wrapped(Self.change, carrier)
        for place in [0, 1, 4, 5, 20, 21, 40, 70, 65_535, 65_536, 1_100_000] {
            var harness = AnalyzerHarness(LDAPAnalyzer.self)
            Self.feed(request, cutAt: place, from: .originator, into: &harness)
            harness.feed(LDAP.result(2, 0x67), from: .responder)
            harness.feed(LDAP.search(3), from: .originator)
            harness.feed(LDAP.result(3, 0x65), from: .responder)
            harness.finish()
            #expect(harness.failure == nil)
            let changes = harness.records(LDAPRecord.kind)
            #expect(changes.map { $0[Records.ldap.object] } == ["cn=a"])
            #expect(changes.map { $0[Records.ldap.argument] == Self.replacement } == [true])
            #expect(changes.map { $0[Records.ldap.result] } == ["success"])
            let weirds = harness.records(WeirdRecord.kind).map { $0[Records.weird.name] }
            #expect(weirds == ["record_texts_cut"])
            #expect(harness.records(LDAPSearchRecord.kind).map { $0[Records.ldapSearch.result] } == ["success"])
        }
    }

    /// RFC 4422 section 3.7 knows no messages: one buffer of the layer holds several.
    @Test(arguments: [Carrier.ntlm, .kerberos, .rotated]) func whatComesWithALongOneIsTold(carrier: Carrier) {
        let both = LDAP.message(1, LDAP.string("cn=b", 0x4A)) + Self.change
        var harness = AnalyzerHarness(LDAPAnalyzer.self)
        Self.feed(LDAPRestTests.wrapped(both, carrier), from: .originator, into: &harness)
        harness.feed(LDAP.result(1, 0x6B) + LDAP.result(2, 0x67), from: .responder)
        harness.finish()
        #expect(harness.failure == nil)
        let records = harness.records(LDAPRecord.kind)
        #expect(records.map { $0[Records.ldap.opcode] } == ["delete", "modify"])
        #expect(records.map { $0[Records.ldap.object] } == ["cn=b", "cn=a"])
        #expect(records.map { $0[Records.ldap.result] } == ["success", "success"])
    }

    @Test func aFilterIsToldAsFarAsItGoes() throws {
        let part = LDAP.element(0xA3, LDAP.string("uid"), LDAP.string("student"))
        let filter = Self.element(0xA1, repeatElement(part, count: 80_000).reduce(into: []) { $0 += $1 })
        let limits: [UInt8] = [0x0A, 1, 2, 0x0A, 1, 0, 2, 1, 0, 2, 1, 0, 1, 1, 0]
        let operation = Self.element(0x63, LDAP.string("dc=x"), limits, filter, LDAP.element(0x30))
        var harness = AnalyzerHarness(LDAPAnalyzer.self)
        Self.feed(Self.element(0x30, [2, 1, 2], operation), from: .originator, into: &harness)
        harness.feed(LDAP.result(2, 0x65), from: .responder)
        harness.finish()
        #expect(harness.failure == nil)
        let search = try #require(harness.records(LDAPSearchRecord.kind).first)
        #expect(search[Records.ldapSearch.baseObject] == "dc=x")
        #expect(search[Records.ldapSearch.filter]?.hasPrefix("(|(|(|") == true)
        #expect(search[Records.ldapSearch.filter]?.hasSuffix("(uid=student))(uid=student))(...))") == true)
        #expect(search[Records.ldapSearch.result] == "success")
    }

    /// The answer to an extended request (section 4.12): its result stands in front of what is long.
    @Test func anExtendedAnswerHasItsResult() {
        let empty = LDAP.string("")
        let answer = Self.element(0x78, [0x0A, 1, 0], empty, empty, Self.element(0x8B, Self.letters))
        var harness = AnalyzerHarness(LDAPAnalyzer.self)
        harness.feed(LDAP.message(1, LDAP.element(0x77, LDAP.string("1.2.3.4", 0x80))), from: .originator)
        Self.feed(Self.element(0x30, [2, 1, 1], answer), from: .responder, into: &harness)
        harness.feed(LDAP.result(1, 0x78, code: 1), from: .responder)
        harness.finish()
        #expect(harness.failure == nil)
        #expect(harness.records(LDAPRecord.kind).first?[Records.ldap.result] == "success")
    }

    /// Kerberos' and NTLM's (RFC 4121 section 4.2.6.2, MS-NLMP 2.2.2.9).
    @Test(arguments: ["0504 07FF 0000 001C 0000000000000001", "01000000 ABABABABABABABABABABABAB"])
    func whatIsEncryptedIsPassedOver(head: String) {
        let content = Wire.hex(head) + [UInt8](repeating: 0xEE, count: 1_200_000)
        let sealed = Wire.bigEndian(UInt32(content.count)) + content
        for place in 0...24 {
            var harness = AnalyzerHarness(LDAPAnalyzer.self)
            harness.feed(LDAP.search(2), from: .originator)
            Self.feed(sealed, cutAt: place, from: .responder, into: &harness)
            harness.feed(LDAP.result(2, 0x65), from: .responder)
            harness.finish()
            #expect(harness.failure == nil)
            #expect(harness.records(LDAPSearchRecord.kind).map { $0[Records.ldapSearch.result] } == ["success"])
        }
    }

    /// One that is put together to its end, with the next behind it.
    @Test func theNextMayComeWithTheEnd() {
        let overhead = Self.modification(2, photograph: []).count
        let request = Self.modification(2, photograph: Array(Self.letters.prefix(1_048_576 - overhead)))
        #expect(request.count == 1_048_576)
        var harness = AnalyzerHarness(LDAPAnalyzer.self)
        Self.feed(request + LDAP.search(3), from: .originator, into: &harness)
        harness.feed(LDAP.result(2, 0x67) + LDAP.result(3, 0x65), from: .responder)
        harness.finish()
        #expect(harness.failure == nil)
        #expect(harness.records(LDAPRecord.kind).map { $0[Records.ldap.argument] == Self.replacement } == [true])
        #expect(harness.records(LDAPSearchRecord.kind).map { $0[Records.ldapSearch.result] } == ["success"])
    }

    @Test func littleIsHeldOfALongOne() {
        var harness = AnalyzerHarness(LDAPAnalyzer.self)
        var most = 0
        for start in stride(from: 0, to: Self.change.count, by: 1400) {
            harness.feed(Array(Self.change[start..<min(start + 1400, Self.change.count)]), from: .originator)
            most = max(most, harness.analyzer.heldBytes)
        }
        #expect(harness.failure == nil)
        #expect(most < 262_144)
    }

    /// A length above the greatest number (section 4.1.1.1), one above those of the SASL layer (RFC 4752 section 3.1),
    /// and a long one behind which nothing begins as its messages do.
    @Test(arguments: [
        "3084 80000000 020102", "01000000 0504 00FF", "00200000 0807 06FF 0000 0000 0000000000000001 30",
    ])
    func whatIsNoLengthIsRefused(beginning: String) {
        var harness = AnalyzerHarness(LDAPAnalyzer.self)
        harness.feed(LDAP.search(2), from: .originator)
        // What a side begins with may be the rest of a message.
        harness.feed(LDAP.result(2, 0x65), from: .responder)
        harness.feed(Wire.hex(beginning), from: .responder)
        #expect(harness.failure == .invalid(.length))
    }
}
