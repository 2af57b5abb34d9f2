import Shared
import Testing

@testable import Sensor

/// What stands in front of the place where a message was cut is told.
@Suite struct LDAPCutTests {
    typealias LDAP = LDAPAnalyzerTests

    /// Base object, scope and aliases of a search for computers below `dc=x`, and a filter.
    static let search = LDAP.message(
        4,
        LDAP.element(
            0x63, LDAP.string("dc=x"), [0x0A, 1, 2, 0x0A, 1, 0, 2, 1, 0, 2, 1, 0, 1, 1, 0],
            LDAP.string("objectClass", 0x87), LDAP.element(0x30, LDAP.string("cn"))))

    static let bind = LDAP.message(
        5,
        LDAP.element(0x60, [2, 1, 3], LDAP.string("cn=admin"), LDAP.string("s3cret, and long", 0x80)))

    /// A harness that was given the first bytes of a message, the rest of which is lost.
    static func harness(_ message: [UInt8], _ count: Int, carrier: LDAPRestTests.Carrier = .bare) -> AnalyzerHarness {
        var harness = AnalyzerHarness(LDAPAnalyzer.self)
        let bytes = LDAPRestTests.wrapped(message, carrier)
        let head = bytes.count - message.count - (carrier == .kerberos ? 12 : 0)
        harness.feed(Array(bytes.prefix(head + count)), from: .originator)
        harness.lose(bytes.count - head - count, from: .originator)
        return harness
    }

    @Test(arguments: LDAPRestTests.Carrier.allCases) func aSearchIsToldAsFarAsItGoes(carrier: LDAPRestTests.Carrier) {
        for count in 0..<Self.search.count {
            var harness = Self.harness(Self.search, count, carrier: carrier)
            // Message, number, operation and the base's four characters: two bytes of head each.
            let hasBase = count >= 2 + 3 + 2 + 6
            harness.feed(LDAP.result(4, 0x65), from: .responder)
            harness.finish()
            let record = harness.records(LDAPSearchRecord.kind).first
            #expect(harness.failure == nil)
            #expect(record?[Records.ldapSearch.baseObject] == (hasBase ? "dc=x" : nil))
            #expect(record?[Records.ldapSearch.scope] == (count >= 16 ? "tree" : nil))
            #expect(record?[Records.ldapSearch.filter] == (count >= 41 ? "(objectClass=*)" : nil))
            #expect(record?[Records.ldapSearch.result] == "success")
        }
    }

    @Test func aBindIsToldWithItsNameAndNoPassword() throws {
        for count in 0..<Self.bind.count {
            var harness = Self.harness(Self.bind, count)
            harness.feed(LDAP.result(5, 0x61, code: 49), from: .responder)
            harness.finish()
            let record = try #require(harness.records(LDAPRecord.kind).first)
            #expect(record[Records.ldap.object] == (count >= 20 ? "cn=admin" : nil))
            // The method's identifier and length stand behind the name.
            #expect(record[Records.ldap.opcode] == (count >= 22 ? "bind simple" : "bind"))
            #expect(record[Records.ldap.argument] == (count >= 22 ? "REDACTED" : nil))
            #expect(record[Records.ldap.result] == "invalid credentials")
        }
    }

    /// A name that is cut is another's.
    @Test func aNameThatIsCutIsNotTold() {
        let delete = LDAP.message(6, LDAP.string("cn=bob,dc=x", 0x4A))
        var harness = Self.harness(delete, delete.count - 5)
        harness.finish()
        #expect(harness.records(LDAPRecord.kind).isEmpty)
    }

    /// Of a datagram there is nothing that follows.
    @Test func aDatagramThatIsCutIsTold() {
        var harness = AnalyzerHarness(LDAPAnalyzer.self, transport: .udp)
        for _ in 0..<2 {
            harness.sink.isCut = true
            harness.feed(Array(Self.search.prefix(20)), from: .originator)
            harness.sink.isCut = false
        }
        harness.feed(LDAP.result(4, 0x65), from: .responder)
        harness.finish()
        #expect(harness.failure == nil)
        let records = harness.records(LDAPSearchRecord.kind)
        #expect(records.map { $0[Records.ldapSearch.baseObject] } == ["dc=x"])
        #expect(records.map { $0[Records.ldapSearch.result] } == ["success"])
    }
}
