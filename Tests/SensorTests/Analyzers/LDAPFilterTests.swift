import Shared
import Testing

@testable import Sensor

/// Examples of RFC 4515 section 4.
@Suite struct LDAPFilterTests {
    static func element(_ tag: UInt8, _ parts: [UInt8]...) -> [UInt8] {
        let content = parts.flatMap { $0 }
        return [tag, UInt8(content.count)] + content
    }

    static func string(_ text: String, _ tag: UInt8 = 0x04) -> [UInt8] { element(tag, Array(text.utf8)) }

    static func text(_ bytes: [UInt8]) throws -> String {
        var reader = DERReader(bytes)
        return try LDAPFilter.text(try reader.next())
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

    @Test func nestingHasALimit() {
        var filter = Self.string("cn", 0x87)
        for _ in 0..<20 { filter = Self.element(0xA2, filter) }
        #expect(throws: DecodeError.limit(.count)) { try Self.text(filter) }
    }
}
