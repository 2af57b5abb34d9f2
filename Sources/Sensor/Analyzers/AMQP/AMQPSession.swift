internal import Shared

/// What is known of an AMQP connection, and the records it gets: its login once, then each thing it does to a queue or
/// an exchange once, however often it is repeated.
struct AMQPSession: Sendable {
    var version: StaticString = "0-9-1"
    private var login: SASLUser?
    private var user: String?
    var host, client, server: String?
    private var start: Timestamp?
    /// The login was told.
    private var isOpen = false
    /// Another login was asked for while the first one's answer was due.
    private var hasMoreLogins = false
    private var hasLosses = false
    /// The client's login may be among what was lost.
    private var mayHaveAsked = false
    private var told: Set<Event> = []

    /// Different events of one connection that are told.
    private static let eventLimit = 256

    /// Something done to a queue or an exchange.
    struct Event: Hashable, Sendable {
        let command: String
        var exchange, routingKey, queue: String?
    }

    mutating func begin(at now: Timestamp) { start = start ?? now }

    /// Takes a login of the client. Of several (a client has but one) the answer is the first one's: the others are
    /// told at once, as not answered.
    /// - Parameter user: who, where the method is none of SASL's.
    mutating func take(
        _ login: SASLUser, user: String?, client: String?, host: String?, into sink: inout RecordSink
    ) {
        guard self.login == nil else {
            hasMoreLogins = true
            // Whose the next responses are is not known.
            self.login?.lose()
            guard start != nil else { return }
            var other = AMQPSession()
            (other.version, other.server, other.start) = (version, server, sink.now)
            other.take(login, user: user, client: client, host: host, into: &sink)
            return other.open(success: nil, reply: nil, into: &sink)
        }
        self.login = login
        self.user = user
        self.client = client ?? self.client
        self.host = host ?? self.host
    }

    /// Takes a response of the client to a challenge.
    mutating func take(response: ArraySlice<UInt8>) { login?.take(response) }

    /// The login has succeeded or failed, or its answer will not come.
    mutating func open(success: Bool?, reply: String?, into sink: inout RecordSink) {
        guard !isOpen, let start else { return }
        isOpen = true
        let amqp = Records.amqp
        sink.begin(amqp, at: start)
        sink.batch.set(amqp.version, name: version)
        sink.batch.set(amqp.command, name: "connection.open")
        sink.batch.set(amqp.user, user ?? login?.user)
        sink.batch.set(amqp.mechanism, login?.mechanism)
        sink.batch.set(amqp.vhost, host)
        sink.batch.set(amqp.client, client)
        sink.batch.set(amqp.server, server)
        sink.batch.set(amqp.success, success)
        sink.batch.set(amqp.reply, reply)
        sink.end()
    }

    /// Bytes of a side were lost: responses of the client, among which a password may follow, or the answer to its
    /// login: what ends the connection later is none.
    mutating func lose(from side: Side, into sink: inout RecordSink) {
        hasLosses = true
        if side == .originator {
            login?.lose()
            mayHaveAsked = true
        } else if mayHaveAsked || login != nil || user != nil || host != nil {
            open(success: nil, reply: nil, into: &sink)
        }
    }

    mutating func take(_ event: Event, into sink: inout RecordSink) {
        // Who does something is logged in, whether that was seen or not. Clients of 1.0 do not wait for the answer.
        if hasLosses { open(success: nil, reply: nil, into: &sink) }
        guard told.count < Self.eventLimit, told.insert(event).inserted else { return }
        let amqp = Records.amqp
        sink.begin(amqp)
        sink.batch.set(amqp.version, name: version)
        sink.batch.set(amqp.command, event.command)
        sink.batch.set(amqp.user, user ?? login?.user)
        sink.batch.set(amqp.exchange, event.exchange)
        sink.batch.set(amqp.routingKey, event.routingKey)
        sink.batch.set(amqp.queue, event.queue)
        sink.end()
    }

    /// An end that was given a reason.
    mutating func close(_ command: StaticString, reply: String, into sink: inout RecordSink) {
        guard isOpen else { return open(success: false, reply: reply, into: &sink) }
        let amqp = Records.amqp
        sink.begin(amqp)
        sink.batch.set(amqp.version, name: version)
        sink.batch.set(amqp.command, name: command)
        sink.batch.set(amqp.user, user ?? login?.user)
        sink.batch.set(amqp.reply, reply)
        sink.end()
    }
}
