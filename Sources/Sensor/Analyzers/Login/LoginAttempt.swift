internal import Shared

/// A login in clear text, as its record tells it.
struct LoginAttempt: Sendable {
    let time: Timestamp
    var user, clientUser: String?
    /// What was to be run.
    var command: String?
    /// Whether it was let in; nil where no answer was seen.
    var success: Bool?
    /// What the server answered.
    var message: String?

    func write(_ service: StaticString, into sink: inout RecordSink) {
        let login = Records.login
        sink.begin(login, at: time)
        sink.batch.set(login.service, name: service)
        sink.batch.set(login.user, user)
        sink.batch.set(login.clientUser, clientUser)
        sink.batch.set(login.success, success)
        sink.batch.set(login.message, message)
        sink.batch.set(login.command, command)
        sink.end()
    }
}
