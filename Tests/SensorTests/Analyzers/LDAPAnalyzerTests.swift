import Shared
import Testing

@testable import Sensor

/// Operations and results of RFC 4511, in the names that Zeek has for them.
@Suite struct LDAPAnalyzerTests {
    static func element(_ tag: UInt8, _ parts: [UInt8]...) -> [UInt8] {
        let content = parts.flatMap { $0 }
        if content.count < 0x80 { return [tag, UInt8(content.count)] + content }
        return [tag, 0x82, UInt8(content.count >> 8), UInt8(content.count & 0xFF)] + content
    }

    static func string(_ text: String, _ tag: UInt8 = 0x04) -> [UInt8] { element(tag, Array(text.utf8)) }

    static func message(_ id: UInt8, _ operation: [UInt8]) -> [UInt8] { element(0x30, [2, 1, id], operation) }

    /// LDAPResult (section 4.1.9).
    static func result(_ id: UInt8, _ tag: UInt8, code: UInt8 = 0, diagnostic: [UInt8] = []) -> [UInt8] {
        message(id, element(tag, [0x0A, 1, code], string(""), element(0x04, diagnostic)))
    }

    /// `(objectClass=*)` below `dc=x` (section 4.5.1).
    static func search(_ id: UInt8, scope: UInt8 = 2, aliases: UInt8 = 0) -> [UInt8] {
        let limits: [UInt8] = [2, 1, 0, 2, 1, 0, 1, 1, 0]
        let filter = string("objectClass", 0x87)
        return message(
            id,
            element(0x63, string("dc=x"), [0x0A, 1, scope], [0x0A, 1, aliases], limits, filter, element(0x30)))
    }

    static func entry(_ id: UInt8) -> [UInt8] { message(id, element(0x64, string("cn=a"), element(0x30))) }

    /// The harness after an exchange on one connection.
    static func run(_ messages: (Side, [UInt8])...) -> AnalyzerHarness {
        var harness = AnalyzerHarness(LDAPAnalyzer.self)
        for (side, bytes) in messages { harness.feed(bytes, from: side) }
        harness.finish()
        return harness
    }

    /// Section 4.14.1, RFC 4532 section 2.1, and one that nobody knows.
    @Test(arguments: [
        ("1.3.6.1.4.1.1466.20037", "StartTLS"), ("1.3.6.1.4.1.4203.1.11.3", "whoami"), ("1.2.3.4", "unknown"),
    ])
    func extendedRequestsAreNamed(identifier: String, name: String) throws {
        let harness = Self.run(
            (.originator, Self.message(1, Self.element(0x77, Self.string(identifier, 0x80)))),
            (.responder, Self.result(1, 0x78)))
        let record = try #require(harness.records(LDAPRecord.kind).first)
        #expect(record[Records.ldap.opcode] == "extended")
        #expect(record[Records.ldap.object] == "\(identifier) (\(name))")
        #expect(record[Records.ldap.argument] == nil)
        #expect(harness.isHandedOver == (name == "StartTLS"))
    }

    /// Section 4.6; a directory's passwords are set like any other attribute, also with options (RFC 4512 section 2.5).
    @Test(arguments: [
        "userPassword", "unicodePwd", "USERPASSWORD;lang-de", "2.5.4.35", "sambaNTPassword", "ntPwdHistory",
        "OID.2.5.4.35", "userPassword ", "ipaNTHash", "nsslapd-rootpw", "nsDS5ReplicaCredentials", "olcSyncrepl",
        "initialAuthIncoming", "currentValue", "userPasswordHash", "privateKey", "nisSecretkey", "nsSymmetricKey",
        "msTPM-OwnerInformationTemp", "msFVE-KeyPackage", "preSharedKey", "wirelessPSK", "tsigKey", "authToken",
    ])
    func changedPasswordsAreHidden(attribute: String) throws {
        func change(_ kind: UInt8, _ name: String, _ value: String) -> [UInt8] {
            let values = Self.element(0x31, Self.string(value))
            return Self.element(0x30, [0x0A, 1, kind], Self.element(0x30, Self.string(name), values))
        }
        let changes = Self.element(0x30, change(2, "mail", "a@b"), change(0, attribute, "geheim"))
        let harness = Self.run(
            (.originator, Self.message(1, Self.element(0x66, Self.string("cn=a"), changes))),
            (.responder, Self.result(1, 0x67)))
        let record = try #require(harness.records(LDAPRecord.kind).first)
        #expect(record[Records.ldap.argument] == "replace(mail=a@b), add(\(attribute)=<hidden>)")
    }

    /// What are no secrets have names like theirs (RFC 4523, MS-ADA2, MS-ADA3).
    @Test(arguments: ["cACertificate", "msTPM-SrkPubThumbprint", "tokenGroups", "msFVE-VolumeGuid", "publicKey"])
    func otherAttributesAreTold(attribute: String) throws {
        let values = Self.element(0x31, Self.string("1"))
        let change = Self.element(0x30, [0x0A, 1, 2], Self.element(0x30, Self.string(attribute), values))
        let harness = Self.run(
            (.originator, Self.message(1, Self.element(0x66, Self.string("cn=a"), Self.element(0x30, change)))),
            (.responder, Self.result(1, 0x67)))
        let record = try #require(harness.records(LDAPRecord.kind).first)
        #expect(record[Records.ldap.argument] == "replace(\(attribute)=1)")
    }

    /// RFC 4514: an entry may be named by any attribute, and what is escaped in a value may be anything.
    @Test(arguments: [
        ("cn=a,ou=b", "cn=a,ou=b"), ("userPassword=geheim,ou=b", "userPassword=<hidden>"),
        ("cn=a+userPassword=ge\\,heim,ou=b", "cn=a+userPassword=<hidden>"),
        ("cn=passwords,ou=b", "cn=passwords,ou=b"), ("", ""),
        ("userPassword;binary=geheim,ou=b", "userPassword;binary=<hidden>"),
        ("cn=a;userPassword=geheim", "cn=a;userPassword=<hidden>"),
        ("userPassword\t=geheim", "userPassword\\x09=<hidden>"),
        ("cn=a,\tuserPassword=geheim", "cn=a,\\x09userPassword=<hidden>"),
        // Marks that join the sign before them.
        ("userPassword=\u{301}geheim", "userPassword=<hidden>"),
        ("cn=a,\u{301}userPassword=geheim", "cn=a,\u{301}userPassword=<hidden>"),
        ("\u{A0}USERPASSWORD\u{A0}=geheim", "\u{A0}USERPASSWORD\u{A0}=<hidden>"),
        ("cn=userPassword=1,ou=b", "cn=userPassword=1,ou=b"),
        (String(repeating: "a", count: 300) + "=geheim", String(repeating: "a", count: 300) + "=<hidden>"),
    ])
    func namesThatHaveAPasswordAreHidden(name: String, told: String) throws {
        let harness = Self.run(
            (.originator, Self.message(1, Self.string(name, 0x4A))), (.responder, Self.result(1, 0x6B)))
        let record = try #require(harness.records(LDAPRecord.kind).first)
        #expect(record[Records.ldap.object] == told)
        #expect(record[Records.ldap.argument] == told)
    }

    /// RFC 2831: what is exchanged are words, some of which begin as a ticket of Kerberos does.
    @Test func digestsAreNoTickets() {
        let challenge = Self.string("nonce=\"abc\",qop=\"auth\"", 0x87)
        let asked = Self.element(0x61, [0x0A, 1, 14], Self.string(""), Self.string(""), challenge)
        let mechanism = Self.element(0xA3, Self.string("DIGEST-MD5"))
        let harness = Self.run(
            (.originator, Self.message(1, Self.element(0x60, [2, 1, 3], Self.string(""), mechanism))),
            (.responder, Self.message(1, asked)))
        #expect(harness.records(WeirdRecord.kind).isEmpty)
        #expect(harness.records(LDAPRecord.kind).count == 1)
    }

    /// Section 4.11: nothing answers it, and what it abandons gets no answer either.
    @Test func abandoningIsToldAtOnce() throws {
        var harness = AnalyzerHarness(LDAPAnalyzer.self)
        harness.feed(Self.search(2), from: .originator)
        harness.feed(Self.message(3, [0x50, 1, 2]), from: .originator)
        let record = try #require(harness.records(LDAPRecord.kind).first)
        #expect(record[Records.ldap.messageId] == 3)
        #expect(record[Records.ldap.opcode] == "abandon")
        #expect(record[Records.ldap.argument] == "2")
        #expect(record[Records.ldap.result] == nil)
        harness.finish()
        #expect(harness.records(LDAPRecord.kind).count == 1)
        let abandoned = harness.records(LDAPSearchRecord.kind)
        #expect(abandoned.map { $0[Records.ldapSearch.messageId] } == [2])
        #expect(abandoned.first?[Records.ldapSearch.result] == nil)
    }

    /// Answers that were under way make nothing more of it, and what waits for its own still gets it.
    @Test func whatIsAbandonedIsToldOnce() throws {
        var harness = AnalyzerHarness(LDAPAnalyzer.self)
        harness.feed(Self.search(1), from: .originator)
        for _ in 0..<300 {
            harness.feed(Self.search(2) + Self.message(3, [0x50, 1, 2]), from: .originator)
            // Answers that were under way.
            harness.feed(Self.entry(2) + Self.result(2, 0x65), from: .responder)
        }
        harness.feed(Self.entry(1) + Self.result(1, 0x65), from: .responder)
        harness.finish()
        #expect(harness.failure == nil)
        let searches = harness.records(LDAPSearchRecord.kind)
        #expect(searches.count == 301)
        #expect(searches.filter { $0[Records.ldapSearch.result] != nil }.count == 1)
        let answered = try #require(searches.last)
        #expect(answered[Records.ldapSearch.messageId] == 1)
        #expect(answered[Records.ldapSearch.resultCount] == 1)
    }

    /// MS-ADTS section 5.1.1.1.3: the challenge of a Sicily bind stands in matchedDN.
    @Test func aSicilyBindIsALogin() throws {
        func bind(_ id: UInt8, _ choice: UInt8, _ token: [UInt8]) -> [UInt8] {
            Self.message(id, Self.element(0x60, [2, 1, 3], Self.string(""), Self.element(choice, token)))
        }
        let challenge = Self.element(0x04, SecurityExchangeTests.challenge([(1, "DC1")]))
        let harness = Self.run(
            (.originator, bind(1, 0x8A, SecurityExchangeTests.negotiate)),
            (.responder, Self.message(1, Self.element(0x61, [0x0A, 1, 0], challenge, Self.string("")))),
            (.originator, bind(2, 0x8B, SecurityExchangeTests.authenticate)),
            (.responder, Self.result(2, 0x61, code: 49)))
        #expect(harness.failure == nil)
        let login = try #require(harness.records(NTLMRecord.kind).first)
        #expect(login[Records.ntlm.username] == "User")
        #expect(login[Records.ntlm.serverNbComputerName] == "DC1")
        #expect(login[Records.ntlm.success] == false)
    }

    @Test func aDeletedNameIsObjectAndArgument() throws {
        let harness = Self.run(
            (.originator, Self.message(5, Self.string("uid=jdoe,dc=x", 0x4A))), (.responder, Self.result(5, 0x6B)))
        let record = try #require(harness.records(LDAPRecord.kind).first)
        #expect(record[Records.ldap.opcode] == "delete")
        #expect(record[Records.ldap.object] == "uid=jdoe,dc=x")
        #expect(record[Records.ldap.argument] == "uid=jdoe,dc=x")
    }

    @Test func aRenamedEntryIsModified() {
        let rename = Self.element(0x6C, Self.string("cn=a"), Self.string("cn=b"), [1, 1, 0xFF])
        let harness = Self.run((.originator, Self.message(7, rename)), (.responder, Self.result(7, 0x6D)))
        #expect(harness.records(LDAPRecord.kind).first?[Records.ldap.opcode] == "modify")
    }

    @Test(arguments: [
        (UInt8(0), "success"), (60, "sort control missing"), (66, "not allowed on non-leaf"), (70, "results too large"),
        (76, "control error"), (81, "server down"), (97, "referral limit exceeded"), (101, "ambiguous response"),
        (118, "canceled"), (123, "authorization denied"), (98, "unknown"), (200, "unknown"),
    ])
    func resultsAreNamed(code: UInt8, name: String) {
        let harness = Self.run((.originator, Self.search(1)), (.responder, Self.result(1, 0x65, code: code)))
        #expect(harness.records(LDAPSearchRecord.kind).first?[Records.ldapSearch.result] == name)
    }

    @Test func scopesAndAliasesAreNamed() throws {
        let harness = Self.run(
            (.originator, Self.search(1, scope: 1, aliases: 1)), (.originator, Self.search(2, scope: 3, aliases: 4)))
        let records = harness.records(LDAPSearchRecord.kind)
        #expect(records.map { $0[Records.ldapSearch.scope] } == ["single", "unknown"])
        #expect(records.map { $0[Records.ldapSearch.derefAliases] } == ["searching", "unknown"])
    }

    @Test func diagnosticsHaveNothingButPrintableCharacters() {
        let text = Array("best match of:\n\t'CN=B\u{FC}ro'\n\0".utf8)
        let harness = Self.run(
            (.originator, Self.search(1)), (.responder, Self.result(1, 0x65, code: 32, diagnostic: text)))
        let record = harness.records(LDAPSearchRecord.kind).first
        #expect(record?[Records.ldapSearch.diagnosticMessage] == "best match of:??'CN=B??ro'??")
    }

    /// As where the capture has one side alone, or begins late.
    @Test(arguments: [
        (UInt8(0x61), "bind"), (0x67, "modify"), (0x69, "add"), (0x6B, "delete"), (0x6D, "modify"), (0x6F, "compare"),
        (0x78, "extended"),
    ])
    func aResultWithoutItsRequestIsTold(tag: UInt8, opcode: String) throws {
        let harness = Self.run((.responder, Self.result(9, tag, code: 53)))
        let record = try #require(harness.records(LDAPRecord.kind).first)
        #expect(record[Records.ldap.messageId] == 9)
        #expect(record[Records.ldap.opcode] == opcode)
        #expect(record[Records.ldap.result] == "unwilling to perform")
        #expect(harness.records(LDAPSearchRecord.kind).isEmpty)
    }

    @Test func entriesWithoutTheirSearchAreCounted() {
        let harness = Self.run(
            (.responder, Self.entry(4) + Self.entry(4) + Self.result(4, 0x65)), (.responder, Self.entry(5)),
            (.responder, Self.result(6, 0x65)))
        let records = harness.records(LDAPSearchRecord.kind)
        #expect(records.map { $0[Records.ldapSearch.messageId] } == [4, 6, 5])
        #expect(records.map { $0[Records.ldapSearch.resultCount] } == [2, 0, 1])
        #expect(records.map { $0[Records.ldapSearch.result] } == ["success", "success", nil])
        #expect(harness.records(LDAPRecord.kind).isEmpty)
    }
}
