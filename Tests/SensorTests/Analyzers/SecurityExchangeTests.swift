import Shared
import Testing

@testable import Sensor

@Suite struct SecurityExchangeTests {
    static func sink() -> RecordSink { AnalyzerHarness(KerberosAnalyzer.self).sink }

    static func utf16(_ text: String) -> [UInt8] { text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } }

    /// An AUTHENTICATE_MESSAGE of MS-NLMP 2.2.1.3 with the names of its example (section 4.2.1): User, Domain,
    /// COMPUTER.
    static let authenticate: [UInt8] = {
        let names = ["Domain", "User", "COMPUTER"].map(utf16)
        var out = Wire.hex("4E544C4D53535000 03000000") + [UInt8](repeating: 0, count: 16)
        var offset = 64
        for name in names {
            let length = UInt8(name.count)
            out += [length, 0, length, 0, UInt8(offset), 0, 0, 0]
            offset += name.count
        }
        return out + [UInt8](repeating: 0, count: 8) + Wire.hex("01000000") + names.flatMap { $0 }
    }()

    static func ntlm(_ sink: RecordSink) -> [RecordView] {
        var harness = AnalyzerHarness(KerberosAnalyzer.self)
        harness.sink = sink
        return harness.records(NTLMRecord.kind)
    }

    @Test(arguments: [true, false]) func theCarriersVerdictIsTheSuccess(success: Bool) throws {
        var sink = Self.sink()
        var exchange = SecurityExchange()
        exchange.token(Self.authenticate[...], into: &sink)
        exchange.outcome(success: success, into: &sink)
        exchange.finish(into: &sink)
        let records = Self.ntlm(sink)
        #expect(records.count == 1)
        let record = try #require(records.first)
        #expect(record[Records.ntlm.username] == "User")
        #expect(record[Records.ntlm.domainname] == "Domain")
        #expect(record[Records.ntlm.hostname] == "COMPUTER")
        #expect(record[Records.ntlm.success] == success)
    }

    @Test func aTokenInsideOfSPNEGOIsFound() {
        // NegTokenResp with a responseToken of the message (RFC 4178 section 4.2.2).
        let message = Self.authenticate
        let string = [0x04, 0x81, UInt8(message.count)] + message
        let field = [0xA2, 0x81, UInt8(string.count)] + string
        let sequence = [0x30, 0x81, UInt8(field.count)] + field
        let token = [0xA1, 0x81, UInt8(sequence.count)] + sequence
        var sink = Self.sink()
        var exchange = SecurityExchange()
        exchange.token(token[...], into: &sink)
        exchange.finish(into: &sink)
        #expect(Self.ntlm(sink).first?[Records.ntlm.username] == "User")
        #expect(Self.ntlm(sink).first?[Records.ntlm.success] == nil)
    }

    @Test(arguments: 12..<76) func aCutMessageIsAWeirdAndNothingElse(length: Int) {
        var sink = Self.sink()
        var exchange = SecurityExchange()
        exchange.token(Self.authenticate[..<length], into: &sink)
        exchange.finish(into: &sink)
        #expect(Self.ntlm(sink).count <= 1)
    }

    /// NEGOTIATE_MESSAGE and CHALLENGE_MESSAGE of MS-NLMP 2.2.1.1 and 2.2.1.2; the latter with the server's names
    /// (section 2.2.2.1): of NetBIOS, of DNS and of the forest.
    static let negotiate = Wire.hex("4E544C4D53535000 01000000") + [UInt8](repeating: 0, count: 24)
    static func challenge(_ names: [(UInt8, String)]) -> [UInt8] {
        var pairs: [UInt8] = []
        for (kind, name) in names { pairs += [kind, 0, UInt8(name.utf16.count * 2), 0] + utf16(name) }
        pairs += [0, 0, 0, 0]
        let length = UInt8(pairs.count)
        return Wire.hex("4E544C4D53535000 02000000") + [UInt8](repeating: 0, count: 28)
            + [length, 0, length, 0, 48, 0, 0, 0] + pairs
    }

    @Test func anExchangeThatEndsBeforeTheClientSaysWhoItIsHasTheServersNames() throws {
        var sink = Self.sink()
        let begin = sink.now
        var exchange = SecurityExchange()
        exchange.token(Self.negotiate[...], into: &sink)
        sink.now = sink.now + .milliseconds(1)
        exchange.token(Self.challenge([(1, "SRV"), (3, "srv.example"), (5, "example")])[...], into: &sink)
        #expect(Self.ntlm(sink).isEmpty)
        exchange.finish(into: &sink)
        exchange.finish(into: &sink)
        let records = Self.ntlm(sink)
        #expect(records.count == 1)
        let record = try #require(records.first)
        #expect(record[Records.ntlm.ts] == begin)
        #expect(record[Records.ntlm.serverNbComputerName] == "SRV")
        #expect(record[Records.ntlm.serverDnsComputerName] == "srv.example")
        #expect(record[Records.ntlm.serverTreeName] == "example")
        #expect(record[Records.ntlm.username] == nil)
        #expect(record[Records.ntlm.success] == nil)
    }

    /// SMB gives a session its number in the server's answer, which a capture of the client alone has not.
    @Test(arguments: [(true, ["User"]), (false, [nil, "User"])] as [(Bool, [String?])])
    func aClientAloneLogsInOnce(isAlone: Bool, users: [String?]) {
        var sink = Self.sink()
        sink.connection.isOneSided = isAlone
        var session = SMBSession()
        session.token(Self.negotiate[...], of: .session(0), into: &sink)
        session.token(Self.authenticate[...], of: .session(0x4000_0000_0005), into: &sink)
        session.finish(into: &sink)
        #expect(Self.ntlm(sink).map { $0[Records.ntlm.username] } == users)
    }

    @Test func anotherExchangeHasNoNamesOfTheFirst() {
        var sink = Self.sink()
        var exchange = SecurityExchange()
        exchange.token(Self.negotiate[...], into: &sink)
        exchange.token(Self.challenge([(1, "SRV")])[...], into: &sink)
        exchange.token(Self.authenticate[...], into: &sink)
        exchange.outcome(success: true, into: &sink)
        exchange.token(Self.negotiate[...], into: &sink)
        exchange.finish(into: &sink)
        let records = Self.ntlm(sink)
        #expect(records.map { $0[Records.ntlm.username] } == ["User", nil])
        #expect(records.map { $0[Records.ntlm.serverNbComputerName] } == ["SRV", nil])
    }
}
