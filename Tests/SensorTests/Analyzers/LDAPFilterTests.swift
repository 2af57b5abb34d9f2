import Shared
import Testing

@testable import Sensor

/// Examples of RFC 4515 section 4, and what Zeek makes of filters beyond it.
@Suite struct LDAPFilterTests {
    static func element(_ tag: UInt8, _ parts: [UInt8]...) -> [UInt8] {
        let content = parts.flatMap { $0 }
        return [tag, UInt8(content.count)] + content
    }

    static func string(_ text: String, _ tag: UInt8 = 0x04) -> [UInt8] { element(tag, Array(text.utf8)) }

    static func text(_ bytes: [UInt8]) throws -> String {
        var reader = DERReader(bytes)
        return try LDAPFilter.text(try reader.next()).text
    }

    @Test func filtersAreSpelledAsInTheSpecification() throws {
        let equal = Self.element(0xA3, Self.string("cn"), Self.string("Babs Jensen"))
        #expect(try Self.text(equal) == "(cn=Babs Jensen)")
        #expect(try Self.text(Self.element(0xA2, equal)) == "(!(cn=Babs Jensen))")
        let both = Self.element(0xA0, Self.string("seeAlso", 0x87), equal)
        #expect(try Self.text(both) == "(&(seeAlso=*)(cn=Babs Jensen))")
        let pieces = Self.element(0x30, Self.string("univ", 0x80), Self.string("of", 0x81), Self.string("mich", 0x81))
        #expect(try Self.text(Self.element(0xA4, Self.string("o"), pieces)) == "(o=univ*of*mich*)")
        let rule = Self.element(
            0xA9, Self.string("caseExactMatch", 0x81), Self.string("cn", 0x82), Self.string("Fred", 0x83))
        #expect(try Self.text(rule) == "(cn:caseExactMatch:=Fred)")
    }

    /// Whoever searches by a password does not get it into a record (RFC 4519 section 2.41).
    @Test func passwordsAreHidden() throws {
        let equal = Self.element(0xA3, Self.string("userPassword"), Self.string("geheim"))
        #expect(try Self.text(equal) == "(userPassword=<hidden>)")
        let pieces = Self.element(0x30, Self.string("geh", 0x80))
        #expect(try Self.text(Self.element(0xA4, Self.string("unicodePwd"), pieces)) == "(unicodePwd=<hidden>)")
        let rule = Self.element(0xA9, Self.string("2.5.4.35", 0x82), Self.string("geheim", 0x83))
        #expect(try Self.text(rule) == "(2.5.4.35:=<hidden>)")
        #expect(try Self.text(Self.string("userPassword", 0x87)) == "(userPassword=*)")
        let age = Self.element(0xA5, Self.string("pwdLastSet"), Self.string("1"))
        #expect(try Self.text(age) == "(pwdLastSet>=1)")
    }

    /// As the search of Zeek's own capture aduser1.pcap has it.
    @Test func listsAreNestedTwoAtATime() throws {
        let names = ["a", "b", "c", "d"].map { Self.string($0, 0x87) }
        func list(_ tag: UInt8, _ count: Int) throws -> String {
            try Self.text(Self.element(tag, names.prefix(count).flatMap { $0 }))
        }
        #expect(try list(0xA0, 1) == "(&(a=*))")
        #expect(try list(0xA0, 2) == "(&(a=*)(b=*))")
        #expect(try list(0xA0, 3) == "(&(&(a=*)(b=*))(c=*))")
        #expect(try list(0xA1, 4) == "(|(|(|(a=*)(b=*))(c=*))(d=*))")
        #expect(try list(0xA1, 0) == "(|)")
    }

    static func equal(_ name: String, _ value: [UInt8], _ tag: UInt8 = 0xA3) throws -> String {
        try text(element(tag, string(name), element(0x04, value)))
    }

    /// MS-ADTS section 6.3.3.2 has the attributes; the SID is one of Microsoft's own examples.
    @Test func valuesOfActiveDirectoryAreReadable() throws {
        #expect(try Self.equal("NtVer", Wire.hex("16000020")) == "(NtVer=0x20000016)")
        #expect(try Self.equal("NtVer", Wire.hex("160000")) == "(NtVer=HEX_FORMAT_FAILED)")
        let guid = Array(UInt8(0)..<16)
        #expect(try Self.equal("DomainGuid", guid) == "(DomainGuid=03020100-0504-0706-0809-0a0b0c0d0e0f)")
        #expect(try Self.equal("DomainGuid", Array(guid.dropLast())) == "(DomainGuid=GUID_FORMAT_FAILED)")
        let sid = Wire.hex("010400000000000515000000 5951B817 66725D25 64633B0B")
        #expect(try Self.equal("DomainSid", sid) == "(DomainSid=S-1-5-21-397955417-626881126-188441444)")
        #expect(try Self.equal("DomainSid", sid + [0, 0, 0, 0]) == "(DomainSid=SID_FORMAT_FAILED)")
        let octets = "01:04:00:00:00:00:00:05:15:00:00:00:59:51:b8:17:66:72:5d:25:64:63:3b:0b"
        #expect(try Self.equal("objectSid", sid) == "(objectSid=\(octets))")
        #expect(try Self.equal("AAC", [0x80, 0]) == "(AAC=80:00)")
        #expect(try Self.equal("Host", Array("WS5".utf8)) == "(Host=WS5)")
    }

    /// RFC 4515 section 3, less the backslash.
    @Test func whatMeansSomethingInAFilterIsEscaped() throws {
        let value = Array("a*b(c)\\".utf8) + [0, 0x1B]
        #expect(try Self.equal("cn", value) == "(cn=a\\2ab\\28c\\29\\\\00\\1b)")
        let pieces = Self.element(0x30, Self.string("a(", 0x80), Self.string("*b", 0x82))
        #expect(try Self.text(Self.element(0xA4, Self.string("cn"), pieces)) == "(cn=a\\28*\\2ab)")
    }

    @Test(arguments: [UInt8(0), 0xFF]) func thePartsOfNamesAreNotSpelled(dnAttributes: UInt8) throws {
        let rule = Self.element(
            0xA9, Self.string("2.4.6", 0x81), Self.string("sn", 0x82), Self.string("Barney", 0x83),
            [0x84, 1, dnAttributes])
        #expect(try Self.text(rule) == "(sn:2.4.6:=Barney)")
    }

    /// What is left out of a filter is told of: RFC 4515 section 3 has no `(...)`.
    @Test func nestingHasALimit() throws {
        var filter = Self.string("cn", 0x87)
        for _ in 0..<20 { filter = Self.element(0xA2, filter) }
        let told = String(repeating: "(!", count: 16) + "(...)" + String(repeating: ")", count: 16)
        #expect(try Self.text(filter) == told)
        try Self.expectCut(of: Self.search(filter))
    }

    /// 256 parts are spelled, the list itself among them.
    @Test(arguments: [255, 256, 1000]) func partsHaveALimit(count: Int) throws {
        let name = Self.string("a", 0x87)
        let filter = LDAPAnalyzerTests.element(0xA1, Array(repeatElement(name, count: count).joined()))
        let names = "(a=*)" + String(repeating: "(a=*))", count: 254)
        let isWhole = count == 255
        let told = String(repeating: "(|", count: isWhole ? 254 : 255) + names + (isWhole ? "" : "(...))")
        #expect(try Self.text(filter) == told)
        if !isWhole { try Self.expectCut(of: Self.search(filter)) }
        // Those behind a list that is too long are left out too.
        let both = LDAPAnalyzerTests.element(0xA0, filter, name)
        if !isWhole { #expect(try Self.text(both).hasSuffix("(a=*))(...))(...))")) }
    }

    /// Parts that are left out for their depth count as well, and values have as much together as a text may have: of
    /// such with 3,000 bytes, the sixth is the first that goes beyond.
    @Test func textsHaveALimit() throws {
        var deep = LDAPAnalyzerTests.element(0xA0, Array(repeatElement([0x87, 0] as [UInt8], count: 30_000).joined()))
        for _ in 0..<15 { deep = LDAPAnalyzerTests.element(0xA0, deep) }
        #expect(try Self.text(deep).utf8.count < 256 * 16)
        let value = String(repeating: "x", count: 3000)
        let part = LDAPAnalyzerTests.element(0xA3, Self.string("cn"), LDAPAnalyzerTests.string(value))
        let long = LDAPAnalyzerTests.element(0xA1, Array(repeatElement(part, count: 20).joined()))
        let told = "(cn=\(value))" + String(repeating: "(cn=\(value)))", count: 5)
        #expect(try Self.text(long) == String(repeating: "(|", count: 6) + told + "(...))")
        let piece = LDAPAnalyzerTests.string(value, 0x81)
        let pieces = LDAPAnalyzerTests.element(0x30, Array(repeatElement(piece, count: 20).joined()))
        let within = LDAPAnalyzerTests.element(0xA4, Self.string("cn"), pieces)
        #expect(try Self.text(within) == "(cn=" + String(repeating: "*\(value)", count: 6) + "*)")
    }

    /// Of a filter whose end is missing, parts that are whole are told.
    @Test func anEndMayBeMissing() throws {
        let parts = [Self.element(0xA3, Self.string("a"), Self.string("1")), Self.string("b", 0x87)]
        let filter = Self.element(0xA1, parts[0], Self.element(0xA2, parts[1]))
        for count in 2...filter.count {
            var reader = DERReader(Array(filter[..<count]))
            let (text, isCut) = try LDAPFilter.text(try reader.nextBeginning())
            let told =
                switch count {
                case ..<(2 + parts[0].count): "(|(...))"
                case ..<(4 + parts[0].count): "(|(a=1)(...))"
                case ..<filter.count: "(|(|(a=1)(!(...)))(...))"
                default: "(|(a=1)(!(b=*)))"
                }
            #expect(text == told)
            #expect(isCut == (count < filter.count))
        }
        var reader = DERReader(Array(parts[0].dropLast()))
        let part = try reader.nextBeginning()
        #expect(throws: DecodeError.self) { try LDAPFilter.text(part) }
    }

    /// SearchRequest (RFC 4511 section 4.5.1).
    static func search(_ filter: [UInt8], attributes: Int = 0) -> [UInt8] {
        let limits: [UInt8] = [0x0A, 1, 2, 0x0A, 1, 0, 2, 1, 0, 2, 1, 0, 1, 1, 0]
        let names = LDAPAnalyzerTests.element(0x30, Array(repeatElement(string("cn"), count: attributes).joined()))
        return LDAPAnalyzerTests.message(1, LDAPAnalyzerTests.element(0x63, string(""), limits, filter, names))
    }

    static func expectCut(of search: [UInt8], isCut: Bool = true) throws {
        let harness = LDAPAnalyzerTests.run((.originator, search), (.responder, LDAPAnalyzerTests.result(1, 0x65)))
        let record = try #require(harness.records(LDAPSearchRecord.kind).first)
        #expect(record[Records.ldapSearch.filter] != nil)
        #expect(record[Records.ldapSearch.result] == "success")
        let weirds = harness.records(WeirdRecord.kind).map { $0[Records.weird.name] }
        #expect(weirds == (isCut ? ["record_texts_cut"] : []))
    }

    @Test func attributesHaveALimit() throws {
        let filter = Self.string("cn", 0x87)
        try Self.expectCut(of: Self.search(filter, attributes: 64), isCut: false)
        try Self.expectCut(of: Self.search(filter, attributes: 65))
    }
}
