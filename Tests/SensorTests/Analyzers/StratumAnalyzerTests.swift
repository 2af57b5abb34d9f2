import Shared
import Testing

@testable import Sensor

@Suite struct StratumAnalyzerTests {
    /// User and success of the logins of a conversation, whose lines of the client begin with `>`.
    private static func told(_ lines: [String]) -> [String] {
        var harness = AnalyzerHarness(StratumAnalyzer.self, responderPort: 3333)
        for line in lines {
            harness.feed(line.dropFirst() + "\n", from: line.hasPrefix(">") ? .originator : .responder)
        }
        harness.finish()
        return harness.records(StratumRecord.kind).map { record in
            let success = record[Records.stratum.success].map { "\($0)" } ?? "-"
            return "\(record[Records.stratum.user] ?? "-") \(success)"
        }
    }

    private static let subscription = #">{"id":1,"method":"mining.subscribe","params":["miner/1.0"]}"#
    private static func authorization(_ id: String, _ user: String) -> String {
        #">{"id":\#(id),"method":"mining.authorize","params":["\#(user)","x"]}"#
    }

    /// JSON-RPC 2.0 section 5: the answer has the identifier of its request.
    @Test func answersFindTheirLogins() {
        let found = Self.told([
            Self.subscription, Self.authorization("2", "a"), Self.authorization(#""3""#, "b"),
            #"<{"id":1,"result":[null,"81000001"],"error":null}"#, #"<{"id":"3","result":true,"error":null}"#,
            #"<{"error":[24,"no",null],"result":null,"id":2}"#,
        ])
        #expect(found == ["b true", "a false"])
    }

    /// What other requests get says nothing of a login, whatever is inside of it.
    @Test func otherAnswersAreNobodys() {
        let found = Self.told([
            Self.authorization("2", "a"), #"<{"id":7,"result":true,"error":null}"#,
            #"<{"result":{"id":2,"x":"}\"{"},"id":1,"error":null}"#, #"<{"id":2}"#,
        ])
        #expect(found == ["a -"])
    }

    /// JSON-RPC 2.0 section 5.1: a refusal has an error, and no result.
    @Test(arguments: [
        (#"<{"id":1,"jsonrpc":"2.0","error":{"code":-1,"message":"Invalid \"id\":2"}}"#, false),
        (#"<{"jsonrpc": "2.0", "result": {"id": "7", "job": {"blob": "0e"}}, "error": null, "id": 1}"#, true),
        (#"<{"id":1,"jsonrpc":"2.0","result":{"id":"7","status":"OK"}}"#, true),
    ])
    func anErrorIsARefusal(answer: String, isAccepted: Bool) {
        let login = #">{"id":1,"method":"login","params":{"login":"48edf","pass":"x","agent":"a"}}"#
        #expect(Self.told([login, answer]) == ["48edf \(isAccepted)"])
    }

    /// A client that asks on and on without an answer.
    @Test func loginsThatWaitAreBounded() {
        var harness = AnalyzerHarness(StratumAnalyzer.self, responderPort: 3333)
        let user = String(repeating: "w", count: 1000)
        for id in 0..<300 {
            harness.feed(Self.authorization("\(id)", user).dropFirst() + "\n", from: .originator)
            #expect(harness.analyzer.heldBytes < 16 << 10)
        }
        harness.finish()
        #expect(harness.records(StratumRecord.kind).count == 256)
    }
}
