internal import Shared

/// What analyzers of brokers of messages have in common: a client logs in once, and nothing matters behind the answer.
protocol BrokerAnalyzer: LineAnalyzer {
    var login: BrokerLogin { get set }
}

extension BrokerAnalyzer {
    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        lines[side].reset()
        // The answer may be what was lost; what a greeting lacks does not matter.
        return side == .responder && login.isOpen ? .finished : .wantMore
    }

    mutating func finish(into sink: inout RecordSink) {
        login.end(Self.service, success: nil, message: nil, into: &sink)
    }
}

/// The login of a client to its broker.
struct BrokerLogin: Sendable {
    private enum Stage { case awaited, open, over }

    private var stage = Stage.awaited
    private var time = Timestamp.distantPast
    var user: String?
    /// The client has shown something to log in with: who shows nothing is told only where that is refused.
    var hasCredentials = false

    /// The client has begun, and the broker has not answered.
    var isOpen: Bool { stage == .open }
    var isOver: Bool { stage == .over }

    mutating func begin(user: String? = nil, at now: Timestamp) { (stage, time, self.user) = (.open, now, user) }

    /// The answer has come, or will not be seen: success is nil then.
    mutating func end(_ service: StaticString, success: Bool?, message: String?, into sink: inout RecordSink) {
        let isTold = isOpen && hasCredentials
        stage = .over
        guard isTold else { return }
        let attempt = LoginAttempt(time: time, user: user, success: success, message: message)
        attempt.write(service, into: &sink)
    }
}
