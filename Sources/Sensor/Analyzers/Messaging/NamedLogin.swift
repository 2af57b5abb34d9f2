internal import Shared

/// A login of one step that waits for its answer.
struct NamedLogin: Sendable {
    let time: Timestamp
    var user: String?

    func write(_ service: StaticString, success: Bool?, message: String?, into sink: inout RecordSink) {
        let login = Records.login
        sink.begin(login, at: time)
        sink.batch.set(login.service, name: service)
        sink.batch.set(login.user, user)
        sink.batch.set(login.success, success)
        sink.batch.set(login.message, message)
        sink.end()
    }
}
