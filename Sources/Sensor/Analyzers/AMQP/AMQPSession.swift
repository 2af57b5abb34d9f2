internal import Shared

/// What is known of an AMQP connection, and the records it gets: its login once, then each thing it does to a queue or
/// an exchange once, however often it is repeated.
struct AMQPSession: Sendable {
    var version: StaticString = "0-9-1"
    private var login: SASLUser?
    private var user: String?
    var host, client, server: String?
    private var start: Timestamp?
    /// The login was told, or there is nothing to tell of it.
    private var isOpen = false
    /// Another login was asked for while the first one's answer was due.
    private var hasMoreLogins: Bool { furtherLogins > 0 }
    private var furtherLogins = 0
    private static let furtherLoginLimit = 16
    private var hasLosses = false
    /// The login's answer may be among what was lost: what ends the connection need be none.
    private var isUnsure = false
    /// The broker let the client in; what is due is its word that the connection is open.
    private var isLetIn = false
    /// The client's login may be among what was lost.
    private var mayHaveAsked = false
    /// What is sent and fetched has names without end (a routing key for each device, say); what queues and exchanges
    /// are made or rid of is rare, and must not be lost behind it.
    private var transfers = AMQPEvents(), changes = AMQPEvents()

    var heldBytes: Int { transfers.heldBytes + changes.heldBytes }

    /// Something done to a queue or an exchange.
    struct Event: Hashable, Sendable {
        let command: String
        var exchange, routingKey, queue: String?

        /// Of the class `basic`, or a link of AMQP 1.0.
        fileprivate var isTransfer: Bool { command.hasPrefix("basic.") || command.hasPrefix("attach.") }
    }

    mutating func begin(at now: Timestamp) { start = start ?? now }

    /// The login was not seen, nor its answer.
    mutating func pickUp() { isOpen = true }

    /// Takes a login of the client. Of several (a client has but one) the answer is the first one's: the others are
    /// told at once, as not answered.
    /// - Parameter user: who, where the method is none of SASL's.
    mutating func take(
        _ login: SASLUser, user: String?, client: String?, host: String?, into sink: inout RecordSink
    ) {
        guard self.login == nil else {
            if isUnsure { giveUp(into: &sink) }
            // Whose the next responses are is not known.
            self.login?.lose()
            furtherLogins += 1
            guard start != nil, furtherLogins <= Self.furtherLoginLimit else { return }
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

    /// The client has proved who it is (AMQP 1.0 section 5.3.3.6): what was lost before was not the answer.
    mutating func letIn() { (isLetIn, isUnsure) = (true, false) }

    /// An answer to the login does not come any more.
    mutating func giveUp(into sink: inout RecordSink) {
        open(success: isLetIn ? true : nil, reply: nil, into: &sink)
    }

    /// What the broker sent shows that it has answered the login, among what was lost.
    mutating func passAnswer(into sink: inout RecordSink) { if isUnsure { giveUp(into: &sink) } }

    /// Bytes of a side were lost: responses of the client, behind which a password may follow, or the answer to its
    /// login.
    mutating func lose(from side: Side, into sink: inout RecordSink) {
        hasLosses = true
        if side == .originator {
            login?.lose()
            mayHaveAsked = true
        } else if mayHaveAsked || login != nil || user != nil || host != nil {
            isUnsure = true
            // Whose of several logins an answer is cannot be told.
            if hasMoreLogins { giveUp(into: &sink) }
        }
    }

    /// - Parameter isBehindLogin: clients of this version wait for the answer to their login before.
    mutating func take(_ event: Event, isBehindLogin: Bool, into sink: inout RecordSink) {
        // Who does something is logged in then, whether that was seen or not.
        if hasLosses {
            isUnsure = true
            if isBehindLogin { giveUp(into: &sink) }
        }
        let isNew = event.isTransfer ? transfers.insert(event, into: &sink) : changes.insert(event, into: &sink)
        guard isNew else { return }
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
        passAnswer(into: &sink)
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
