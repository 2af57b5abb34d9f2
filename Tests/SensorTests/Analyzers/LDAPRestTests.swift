import Shared
import Testing

@testable import Sensor

/// Entries that searches find are counted, however they come, and nothing else is made of them.
@Suite struct LDAPRestTests {
    /// How messages are carried (RFC 4121 section 4.2.6.2, MS-NLMP 2.2.2.9).
    enum Carrier: CaseIterable { case bare, ntlm, kerberos, rotated }

    static func wrapped(_ message: [UInt8], _ carrier: Carrier) -> [UInt8] {
        let checksum = [UInt8](repeating: 0xAB, count: 12)
        let content =
            switch carrier {
            case .bare: message
            case .ntlm: Wire.hex("01000000") + checksum + message
            case .kerberos: Wire.hex("0504 01FF 000C 0000 0000000000000001") + message + checksum
            case .rotated: Wire.hex("0504 01FF 000C 000C 0000000000000001") + checksum + message
            }
        return carrier == .bare ? content : Wire.bigEndian(UInt32(content.count)) + content
    }

    /// `(objectClass=*)` below the root.
    static let request = Wire.hex(
        "3025 020107 6320 0400 0A0102 0A0100 020100 020100 010100 870B 6F626A656374436C617373 3000")
    static let entry = Wire.hex("3082012F 020107 64820128 0403 636E3D 3082011F") + [UInt8](repeating: 0x41, count: 287)
    static let done = Wire.hex("300C 020107 6507 0A0100 0400 0400")
    /// The first message of a layer that encrypts.
    static let sealed = Wire.hex("00000040 0504 07FF 0000 001C 0000000000000001") + [UInt8](repeating: 0x30, count: 48)

    @Test(arguments: Carrier.allCases) func entriesAreCountedWhereverTheyAreCut(carrier: Carrier) throws {
        let answer = [Self.entry, Self.entry, Self.done].flatMap { Self.wrapped($0, carrier) }
        for place in 0...answer.count {
            var harness = AnalyzerHarness(LDAPAnalyzer.self)
            harness.feed(Self.wrapped(Self.request, carrier), from: .originator)
            harness.feed(Array(answer[..<place]), from: .responder)
            harness.feed(Array(answer[place...]), from: .responder)
            harness.finish()
            let search = try #require(harness.records(LDAPSearchRecord.kind).first)
            #expect(harness.failure == nil)
            #expect(search[Records.ldapSearch.resultCount] == 2)
            #expect(search[Records.ldapSearch.result] == "success")
        }
    }

    /// RFC 4422 section 3.7 knows no messages: a server puts several into one buffer of the layer.
    @Test(arguments: Carrier.allCases) func oneBufferHoldsSeveral(carrier: Carrier) throws {
        let answer = Self.wrapped(Self.entry + Self.entry + Self.done, carrier)
        for place in 0...answer.count {
            var harness = AnalyzerHarness(LDAPAnalyzer.self)
            harness.feed(Self.wrapped(Self.request, carrier), from: .originator)
            harness.feed(Array(answer[..<place]), from: .responder)
            harness.feed(Array(answer[place...]), from: .responder)
            harness.finish()
            let search = try #require(harness.records(LDAPSearchRecord.kind).first)
            #expect(harness.failure == nil)
            #expect(search[Records.ldapSearch.resultCount] == 2)
            #expect(search[Records.ldapSearch.result] == "success")
        }
    }

    @Test func encryptedMessagesArePassedOver() throws {
        for place in 0...Self.sealed.count {
            var harness = AnalyzerHarness(LDAPAnalyzer.self)
            harness.feed(Self.request, from: .originator)
            harness.feed(Array(Self.sealed[..<place]), from: .responder)
            harness.feed(Array(Self.sealed[place...]) + Self.done, from: .responder)
            harness.finish()
            #expect(harness.failure == nil)
            #expect(harness.records(LDAPSearchRecord.kind).first?[Records.ldapSearch.resultCount] == 0)
        }
    }

    @Test func entriesThatDoNotFitIntoTheirMessageAreRefused() {
        var harness = AnalyzerHarness(LDAPAnalyzer.self)
        harness.feed(Self.request, from: .originator)
        harness.feed(Wire.hex("300A 020107 6420 000000"), from: .responder)
        harness.feed([UInt8](repeating: 0, count: 4), from: .responder)
        #expect(harness.failure != nil)
    }

    /// Behind a bind that was not seen: a whole message, or the first segment of one.
    @Test(arguments: [Carrier.ntlm, .kerberos, .rotated]) func whatIsSignedIsRecognised(carrier: Carrier) throws {
        for message in [Self.request, Self.entry] {
            let bytes = Self.wrapped(message, carrier)
            #expect(LDAPAnalyzer.probe(bytes.span.bytes, from: .originator) == .match)
            let (part, more) = (Array(bytes.dropLast()), bytes + [0])
            #expect(LDAPAnalyzer.probe(part.span.bytes, from: .originator) == .noMatch)
            #expect(LDAPAnalyzer.probe(more.span.bytes, from: .originator) == .noMatch)
        }
        let long = Self.wrapped(Self.entry + [UInt8](repeating: 0x41, count: 2000), carrier)
        let segment = Array(long.prefix(1400))
        #expect(LDAPAnalyzer.probe(segment.span.bytes, from: .responder) == .match)
        let text = Self.wrapped(Array("no message of a directory".utf8), carrier)
        #expect(LDAPAnalyzer.probe(text.span.bytes, from: .originator) == .noMatch)
    }

    /// The capture began inside of an answer.
    @Test func theFirstSegmentMayBeTheRestOfAMessage() throws {
        var harness = AnalyzerHarness(LDAPAnalyzer.self)
        harness.feed(Self.wrapped(Self.request, .rotated), from: .originator)
        harness.feed(Array("shire,DC=local".utf8) + Self.done, from: .responder)
        harness.feed(Self.wrapped(Self.entry + Self.done, .rotated), from: .responder)
        harness.finish()
        #expect(harness.failure == nil)
        let search = try #require(harness.records(LDAPSearchRecord.kind).first)
        #expect(search[Records.ldapSearch.resultCount] == 1)
        #expect(search[Records.ldapSearch.result] == "success")
    }

    @Test func whatIsEncryptedIsRecognised() {
        #expect(LDAPAnalyzer.probe(Self.sealed.span.bytes, from: .originator) == .match)
        // Flags that RFC 4121 section 4.2.2 does not have, and another filler.
        for (place, byte) in [(6, 0x0F as UInt8), (7, 0)] {
            var other = Self.sealed
            other[place] = byte
            #expect(LDAPAnalyzer.probe(other.span.bytes, from: .originator) == .noMatch)
        }
    }

    /// What NTLM has sealed (MS-NLMP 3.4.4.2) is any bytes: some begin as messages do.
    @Test(arguments: ["30", "3002", "302E02FF", "308202", "302E020107"])
    func encryptedMessagesThatLookReadableArePassedOver(beginning: String) {
        let cipher = Wire.hex(beginning)
        let content = cipher + [UInt8](repeating: 0xEE, count: 48 - cipher.count)
        let sealed = Wire.hex("00000040 01000000") + [UInt8](repeating: 0xAB, count: 12) + content
        for place in 0...sealed.count {
            var harness = AnalyzerHarness(LDAPAnalyzer.self)
            harness.feed(Self.request, from: .originator)
            harness.feed(Array(sealed[..<place]), from: .responder)
            harness.feed(Array(sealed[place...]) + Self.done, from: .responder)
            harness.finish()
            #expect(harness.failure == nil)
            let searches = harness.records(LDAPSearchRecord.kind)
            #expect(searches.map { $0[Records.ldapSearch.resultCount] } == [0])
            #expect(searches.map { $0[Records.ldapSearch.result] } == ["success"])
        }
    }
}
