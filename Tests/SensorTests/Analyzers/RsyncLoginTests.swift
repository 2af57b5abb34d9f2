import Shared
import Testing

@testable import Sensor

/// Logins to modules of rsync's daemon, as rsyncd.conf(5) and rsync's authenticate.c have them.
@Suite struct RsyncLoginTests {
    private static func talk(_ user: String, _ answer: String) -> AnalyzerHarness {
        var harness = AnalyzerHarness(RsyncAnalyzer.self, responderPort: 873)
        harness.feed("@RSYNCD: 31.0 sha512 md5\n", from: .responder)
        harness.feed("@RSYNCD: 31.0 sha512 md5\nbackup\n", from: .originator)
        harness.feed("Welcome.\n@RSYNCD: AUTHREQD Zm9vYmFy\n", from: .responder)
        harness.feed("\(user) c2VjcmV0\n", from: .originator)
        harness.feed(answer, from: .responder)
        return harness
    }

    @Test func aLoginIsLetIn() throws {
        var harness = Self.talk("alice", "@RSYNCD: OK\n")
        #expect(harness.isOver)
        harness.finish()
        let login = try #require(harness.records(LoginRecord.kind).first)
        #expect(login[Records.login.service] == "rsync")
        #expect(login[Records.login.user] == "alice")
        #expect(login[Records.login.success] == true)
        #expect(!harness.sink.batch.strings.strings.contains { $0.contains("c2Vj") })
    }

    @Test func aLoginIsRefused() throws {
        var harness = Self.talk("eve", "@ERROR: auth failed on module backup\n")
        harness.finish()
        let found = harness.records(LoginRecord.kind)
        #expect(found.count == 1)
        #expect(found.first?[Records.login.success] == false)
        #expect(found.first?[Records.login.message] == "auth failed on module backup")
    }

    @Test func anAnswerThatIsMissingIsNotGuessed() throws {
        var harness = Self.talk("eve", "@RSYNC")
        harness.lose(40, from: .responder)
        harness.finish()
        let found = harness.records(LoginRecord.kind)
        #expect(found.map { $0[Records.login.user] } == ["eve"])
        #expect(found.first?[Records.login.success] == nil)
    }

    @Test func anOpenModuleHasNoLogin() {
        var harness = AnalyzerHarness(RsyncAnalyzer.self, responderPort: 873)
        harness.feed("@RSYNCD: 31.0\n", from: .responder)
        harness.feed("@RSYNCD: 31.0\npub\n", from: .originator)
        harness.feed("@RSYNCD: OK\n", from: .responder)
        harness.feed([UInt8](repeating: 7, count: 9000), from: .originator)
        harness.finish()
        #expect(harness.failure == nil)
        #expect(harness.records(LoginRecord.kind).isEmpty)
    }
}
