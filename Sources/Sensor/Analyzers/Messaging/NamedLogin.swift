internal import Shared

/// A login of one step that waits for its answer.
struct NamedLogin: Sendable {
    let time: Timestamp
    var user: String?

    func write(_ service: StaticString, success: Bool?, message: String?, into sink: inout RecordSink) {
        LoginAttempt(time: time, user: user, success: success, message: message).write(service, into: &sink)
    }
}
