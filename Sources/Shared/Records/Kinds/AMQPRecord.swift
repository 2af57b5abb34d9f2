/// An event of an AMQP session: its opening, or what it does to queues and exchanges.
public struct AMQPRecord: ConnectionRecordSchema {
    public static let name = "amqp"
    public static let meaning = "An event of an AMQP session: its opening, or what it does to queues and exchanges"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let version = TextField(6, "version", "Version of the protocol: 0-9-1, 1.0")
    public let command = TextField(
        7, "command", "Method: connection.open, queue.declare, basic.publish, ...")
    public let user = TextField(8, "user", "User who logged in")
    public let mechanism = TextField(9, "mechanism", "Method of authentication")
    public let vhost = TextField(
        10, "vhost", "Virtual host; in AMQP 1.0 the host that was asked for")
    public let client = TextField(11, "client", "Product or container of the client")
    public let server = TextField(12, "server", "Product or container of the server")
    public let exchange = TextField(13, "exchange", "Exchange")
    public let routingKey = TextField(14, "routing_key", "Routing key")
    public let queue = TextField(15, "queue", "Queue; in AMQP 1.0 the address of the link")
    public let success = NumberField<Bool>(16, "success", "The server accepted the login")
    public let reply = TextField(17, "reply", "Reason why the connection or channel was closed")

    public init() {}
}

extension Records {
    public static let amqp = AMQPRecord()
}
