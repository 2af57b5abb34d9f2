import Shared
import Testing

@testable import Sensor

@Suite struct RADIUSAnalyzerTests {
    /// A message with attributes of text, RFC 2865 section 3.
    /// - Parameter mark: each byte of the authenticator, which a request that is sent again has again.
    static func message(
        _ code: UInt8, _ id: UInt8, _ attributes: [(UInt8, String)], mark: UInt8 = 0
    ) -> [UInt8] {
        let list = attributes.flatMap { [$0.0, UInt8($0.1.utf8.count + 2)] + Array($0.1.utf8) }
        return Wire.join([code, id, 0, UInt8(20 + list.count)], [UInt8](repeating: mark, count: 16), list)
    }

    /// RFC 2865 section 3: the number counts on to the next request, whether an answer was seen or not.
    @Test(arguments: [UInt8(1), 4]) func aNumberThatIsUsedAgainIsAnotherExchange(code: UInt8) {
        var harness = AnalyzerHarness(RADIUSAnalyzer.self, transport: .udp, responderPort: 1812)
        harness.feed(Self.message(code, 5, [(1, "alice")], mark: 1), from: .originator)
        harness.feed(Self.message(code, 5, [(1, "bob")], mark: 2), from: .originator)
        harness.feed(Self.message(code, 5, [(1, "bob")], mark: 2), from: .originator)
        harness.feed(Self.message(code == 1 ? 2 : 5, 5, []), from: .responder)
        harness.finish()
        let found = harness.records(RADIUSRecord.kind)
        #expect(found.map { $0[Records.radius.username] } == ["alice", "bob"])
        #expect(found.map { $0[Records.radius.ttl] } == [nil, .milliseconds(2)])
        if code == 1 { #expect(found.map { $0[Records.radius.result] } == ["unknown", "success"]) }
    }

    /// RFC 5176 section 2.3: a server that ends or changes a session is no login.
    @Test(arguments: 40...45) func changesOfASessionAreNamed(code: UInt8) {
        let message = Self.message(code, 5, [(1, "alice")], mark: 9)
        #expect(RADIUSAnalyzer.probe(message.span.bytes, from: .originator) == .match)
        var harness = AnalyzerHarness(RADIUSAnalyzer.self, transport: .udp, responderPort: 3799)
        harness.feed(message, from: .originator)
        harness.finish()
        #expect(!harness.isOver)
        #expect(harness.records(RADIUSRecord.kind).isEmpty)
    }

    /// RFC 2865 section 3: what is behind the length is padding.
    @Test func paddingIsPassedOver() {
        var harness = AnalyzerHarness(RADIUSAnalyzer.self, transport: .udp, responderPort: 1812)
        let request = Self.message(1, 5, [(1, "alice")], mark: 1) + [0, 0, 0]
        #expect(RADIUSAnalyzer.probe(request.span.bytes, from: .originator) == .match)
        let other = request.dropLast() + [7]
        #expect(RADIUSAnalyzer.probe(Array(other).span.bytes, from: .originator) == .noMatch)
        harness.feed(request, from: .originator)
        harness.feed(Self.message(2, 5, [], mark: 7) + [18, 4, 0x68, 0x69], from: .responder)
        let found = harness.records(RADIUSRecord.kind)
        #expect(found.map { $0[Records.radius.result] } == ["success"])
        #expect(found.first?[Records.radius.replyMsg] == nil)
    }

    /// RFC 2865 section 5.31: the caller is a telephone's number or an address of hardware.
    @Test(arguments: [("+49123456789", "+49123456789"), ("00-11-22-AA-bb-CC", "00:11:22:aa:bb:cc")])
    func numbersOfTelephonesStayAsTheyAre(caller: String, shown: String) {
        var harness = AnalyzerHarness(RADIUSAnalyzer.self, transport: .udp, responderPort: 1812)
        harness.feed(Self.message(1, 5, [(31, caller)], mark: 1), from: .originator)
        harness.finish()
        #expect(harness.records(RADIUSRecord.kind).map { $0[Records.radius.mac] } == [shown])
    }

    /// RFC 2865 section 2.5: a client that is not answered asks again with the same identifier.
    @Test func aRepeatedRequestIsTheSameExchange() throws {
        var harness = AnalyzerHarness(RADIUSAnalyzer.self, transport: .udp, responderPort: 1812)
        for name in ["first", "second", "third"] {
            harness.feed(Self.message(1, 7, [(1, name), (1, "other")]), from: .originator)
        }
        harness.feed(Self.message(2, 7, [(18, "welcome"), (18, "more")]), from: .responder)
        harness.finish()
        let found = harness.records(RADIUSRecord.kind)
        #expect(found.count == 1)
        let record = try #require(found.first)
        #expect(record[Records.radius.username] == "first")
        #expect(record[Records.radius.replyMsg] == "welcome")
        #expect(record[Records.radius.result] == "success")
        // From the first of them: the harness gives a message each millisecond.
        #expect(record[Records.radius.ttl] == .milliseconds(3))
    }

    /// What is no message ends nothing, and an answer that is sent again is no other login.
    @Test func whatComesTwiceOrIsTooShortIsPassedOver() {
        var harness = AnalyzerHarness(RADIUSAnalyzer.self, transport: .udp, responderPort: 1812)
        for bytes in [[1], [1, 2, 0, 4]] as [[UInt8]] { harness.feed(bytes, from: .originator) }
        #expect(harness.failure == nil)
        for _ in 0..<2 { harness.feed(Self.message(1, 3, [(1, "alice")], mark: 3), from: .originator) }
        for _ in 0..<2 { harness.feed(Self.message(2, 3, []), from: .responder) }
        // The question whether the server is alive takes a number, as others' requests do.
        harness.feed(Self.message(1, 4, [(1, "bob")], mark: 4), from: .originator)
        harness.feed(Self.message(12, 4, [], mark: 5), from: .originator)
        for _ in 0..<2 { harness.feed(Self.message(2, 4, []), from: .responder) }
        harness.finish()
        let found = harness.records(RADIUSRecord.kind)
        #expect(found.map { $0[Records.radius.username] } == ["alice", "bob"])
        #expect(found.map { $0[Records.radius.result] } == ["success", "unknown"])
    }

    /// RFC 2865 section 3: an answer that is sent again has the same authenticator, and is not that to another request
    /// of the same number.
    @Test func anAnswerThatComesLateIsNotAnothers() {
        var harness = AnalyzerHarness(RADIUSAnalyzer.self, transport: .udp, responderPort: 1812)
        harness.feed(Self.message(1, 5, [(1, "alice")], mark: 1), from: .originator)
        harness.feed(Self.message(2, 5, [], mark: 7), from: .responder)
        harness.feed(Self.message(1, 5, [(1, "bob")], mark: 2), from: .originator)
        harness.feed(Self.message(2, 5, [], mark: 7), from: .responder)
        harness.feed(Self.message(3, 5, [], mark: 8), from: .responder)
        harness.finish()
        let found = harness.records(RADIUSRecord.kind)
        #expect(found.map { $0[Records.radius.username] } == ["alice", "bob"])
        #expect(found.map { $0[Records.radius.result] } == ["success", "failed"])
    }

    /// RFC 2865 section 2.5: the answer did not reach the client, which asks again and gets the same one.
    @Test func aLoginThatIsAnsweredTwiceIsOne() {
        var harness = AnalyzerHarness(RADIUSAnalyzer.self, transport: .udp, responderPort: 1812)
        for _ in 0..<2 {
            harness.feed(Self.message(1, 1, [(1, "alice")], mark: 1), from: .originator)
            harness.feed(Self.message(2, 1, [], mark: 7), from: .responder)
        }
        harness.finish()
        #expect(harness.records(RADIUSRecord.kind).map { $0[Records.radius.result] } == ["success"])
    }

    /// Access servers that make their authenticators badly have two logins all the same.
    @Test func anotherUserIsAnotherLogin() {
        var harness = AnalyzerHarness(RADIUSAnalyzer.self, transport: .udp, responderPort: 1812)
        for (user, code) in [("alice", 3), ("root", 2)] as [(String, UInt8)] {
            harness.feed(Self.message(1, 1, [(1, user)], mark: 1), from: .originator)
            harness.feed(Self.message(code, 1, [], mark: 7 + code), from: .responder)
        }
        harness.finish()
        let found = harness.records(RADIUSRecord.kind)
        #expect(found.map { $0[Records.radius.username] } == ["alice", "root"])
        #expect(found.map { $0[Records.radius.result] } == ["failed", "success"])
    }

    /// A client that did not get the challenge asks again, and gets the same one.
    @Test func aChallengeThatIsSentAgainIsTheSame() {
        var harness = AnalyzerHarness(RADIUSAnalyzer.self, transport: .udp, responderPort: 1812)
        for _ in 0..<3 {
            harness.feed(Self.message(1, 1, [(1, "alice")], mark: 1), from: .originator)
            harness.feed(Self.message(11, 1, [(24, "s")], mark: 7), from: .responder)
        }
        harness.feed(Self.message(1, 2, [(1, "alice"), (24, "s")], mark: 2), from: .originator)
        harness.feed(Self.message(3, 2, [], mark: 8), from: .responder)
        harness.finish()
        let found = harness.records(RADIUSRecord.kind)
        #expect(found.map { $0[Records.radius.username] } == ["alice"])
        #expect(found.map { $0[Records.radius.result] } == ["failed"])
    }

    /// The number with which bob goes on was alice's, whose answer was not seen.
    @Test func aChallengeGoesOnWithAnotherNumber() {
        var harness = AnalyzerHarness(RADIUSAnalyzer.self, transport: .udp, responderPort: 1812)
        harness.feed(Self.message(1, 6, [(1, "alice")], mark: 1), from: .originator)
        harness.feed(Self.message(1, 5, [(1, "bob")], mark: 2), from: .originator)
        harness.feed(Self.message(11, 5, [(24, "s")]), from: .responder)
        harness.feed(Self.message(1, 6, [(1, "bob"), (24, "s")], mark: 3), from: .originator)
        harness.feed(Self.message(2, 6, []), from: .responder)
        harness.finish()
        let found = harness.records(RADIUSRecord.kind)
        #expect(found.map { $0[Records.radius.username] } == ["alice", "bob"])
        #expect(found.map { $0[Records.radius.result] } == ["unknown", "success"])
    }

    /// RFC 2865 sections 4.4 and 5.24: a request answers a challenge when it brings the challenge's State back. An
    /// access server asks for all its users from one port, and uses numbers again.
    @Test func loginsOfManyUsersAreKeptApart() throws {
        var harness = AnalyzerHarness(RADIUSAnalyzer.self, transport: .udp, responderPort: 1812)
        harness.feed(Self.message(1, 1, [(1, "alice")]), from: .originator)
        harness.feed(Self.message(11, 1, [(24, "one")]), from: .responder)
        harness.feed(Self.message(1, 2, [(1, "bob")]), from: .originator)
        harness.feed(Self.message(11, 2, [(24, "two")]), from: .responder)
        // The number of the first request again, for a third user.
        harness.feed(Self.message(1, 1, [(1, "carol")], mark: 1), from: .originator)
        harness.feed(Self.message(3, 1, []), from: .responder)
        harness.feed(Self.message(1, 4, [(1, "bob"), (24, "two")]), from: .originator)
        harness.feed(Self.message(1, 5, [(1, "alice"), (24, "one")]), from: .originator)
        harness.feed(Self.message(11, 5, [(24, "three")]), from: .responder)
        harness.feed(Self.message(2, 4, []), from: .responder)
        harness.feed(Self.message(1, 6, [(1, "alice"), (24, "three")]), from: .originator)
        harness.feed(Self.message(3, 6, [(18, "no")]), from: .responder)
        harness.finish()
        let found = harness.records(RADIUSRecord.kind)
        #expect(found.map { $0[Records.radius.username] } == ["carol", "bob", "alice"])
        #expect(found.map { $0[Records.radius.result] } == ["failed", "success", "failed"])
    }

    /// RFC 2865 section 5.24: a challenge may come without a State.
    @Test func aChallengeWithoutStateGoesOnWithItsUser() {
        var harness = AnalyzerHarness(RADIUSAnalyzer.self, transport: .udp, responderPort: 1812)
        harness.feed(Self.message(1, 1, [(1, "alice")]), from: .originator)
        harness.feed(Self.message(11, 1, [(18, "code?")]), from: .responder)
        harness.feed(Self.message(1, 2, [(1, "bob")]), from: .originator)
        harness.feed(Self.message(2, 2, []), from: .responder)
        harness.feed(Self.message(1, 3, [(1, "alice")]), from: .originator)
        harness.feed(Self.message(2, 3, []), from: .responder)
        harness.finish()
        let found = harness.records(RADIUSRecord.kind)
        #expect(found.map { $0[Records.radius.username] } == ["bob", "alice"])
        #expect(found.map { $0[Records.radius.result] } == ["success", "success"])
    }

    /// RFC 2866 sections 4 and 5, RFC 2869 section 5.1: who had which address, for how long, and how much went over.
    @Test func accountingTellsOfSessions() throws {
        func number(_ type: UInt8, _ value: [UInt8]) -> [UInt8] { [type, 6] + value }
        func request(_ id: UInt8, _ parts: [UInt8]) -> [UInt8] {
            Wire.join([4, id, 0, UInt8(20 + parts.count)], [UInt8](repeating: 0, count: 16), parts)
        }
        let user = [1, 5] + Array("bob".utf8) + [44, 4] + Array("s1".utf8) + number(8, [10, 9, 8, 7])
        var harness = AnalyzerHarness(RADIUSAnalyzer.self, transport: .udp, responderPort: 1813)
        let start = request(1, user + number(40, [0, 0, 0, 1]))
        harness.feed(start, from: .originator)
        harness.feed(start, from: .originator)
        harness.feed(Self.message(5, 1, []), from: .responder)
        harness.feed(
            request(
                2,
                user + number(40, [0, 0, 0, 2]) + number(46, [0, 0, 1, 44]) + number(42, [0, 0, 0, 5])
                    + number(52, [0, 0, 0, 1]) + number(43, [0, 0, 0, 9])), from: .originator)
        // An authentication of the same number is another matter.
        harness.feed(Self.message(1, 2, [(1, "eve")]), from: .originator)
        harness.feed(Self.message(3, 2, []), from: .responder)
        harness.finish()
        let found = harness.records(RADIUSRecord.kind)
        try #require(found.count == 3)
        let radius = Records.radius
        #expect(found.map { $0[radius.username] } == ["bob", "eve", "bob"])
        #expect(found.map { $0[radius.acctStatus] } == ["Start", nil, "Stop"])
        #expect(found.map { $0[radius.result] } == [nil, "failed", nil])
        #expect(found[0][radius.framedAddr] == "10.9.8.7")
        #expect(found[0][radius.ttl] == .milliseconds(2))
        #expect(found[2][radius.acctSessionId] == "s1")
        #expect(found[2][radius.acctSessionTime] == .seconds(300))
        #expect(found[2][radius.acctInputOctets] == 1 << 32 + 5)
        #expect(found[2][radius.acctOutputOctets] == 9)
        #expect(found[2][radius.ttl] == nil)
    }

    /// RFC 5997 section 3: a server answers Status-Server with an Access-Accept, and nobody logged in.
    @Test func aServerThatIsAliveIsNoLogin() {
        var harness = AnalyzerHarness(RADIUSAnalyzer.self, transport: .udp, responderPort: 1812)
        harness.feed(Self.message(12, 3, [(80, "0123456789abcdef")]), from: .originator)
        harness.feed(Self.message(2, 3, []), from: .responder)
        harness.feed(Self.message(1, 3, [(1, "alice")]), from: .originator)
        harness.feed(Self.message(2, 3, []), from: .responder)
        harness.finish()
        #expect(harness.records(RADIUSRecord.kind).map { $0[Records.radius.username] } == ["alice"])
    }
}
