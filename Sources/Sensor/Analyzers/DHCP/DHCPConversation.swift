internal import Shared

/// What client and servers say under one transaction identifier, over however many connections.
struct DHCPConversation: Sendable {
    /// Silence after which a conversation is over, how long it is waited for in any case, and its longest duration;
    /// Zeek's figures.
    static let shortest = Interval.seconds(10)
    static let silence = Interval.seconds(5)
    static let longest = Interval.seconds(30)
    /// Messages and connections of one record.
    static let messageLimit = 50
    static let connectionLimit = 10

    let start: Timestamp
    private(set) var last: Timestamp
    private(set) var uids: [String] = []
    private var types: [String] = []
    private var clientAddress, serverAddress, requested, assigned: IPAddress?
    private var clientPort, serverPort: UInt16?
    private var mac, clientHardware: MACAddress?
    private var hostName, fullName, domain, clientText, serverText, software: String?
    private var parameters: [UInt64] = []
    private var lease: Interval?

    init(at time: Timestamp) { (start, last) = (time, time) }

    var isFull: Bool { types.count >= Self.messageLimit || uids.count >= Self.connectionLimit }

    func isOver(at now: Timestamp) -> Bool {
        now - start > Self.shortest && (now - last > Self.silence || now - start > Self.longest)
    }

    mutating func take(_ message: DHCPMessage, from side: Side, on connection: ConnectionContext, at now: Timestamp) {
        last = now
        if !uids.contains(connection.uid) { uids.append(connection.uid) }
        types.append(message.typeName)
        let isOriginator = side == .originator
        let sender = isOriginator ? connection.originator : connection.responder
        let senderPort = isOriginator ? connection.originatorPort : connection.responderPort
        let receiverPort = isOriginator ? connection.responderPort : connection.originatorPort
        if message.isRequest {
            takeClient(message, from: sender)
        } else {
            takeServer(message)
            guard message.yourAddress.v4 != 0 else { return }
            (serverAddress, serverPort, clientPort) = (sender, senderPort, receiverPort)
        }
    }

    private mutating func takeClient(_ message: DHCPMessage, from sender: IPAddress) {
        if !sender.isMulticastOrBroadcast { clientAddress = sender }
        hostName = message.hostName ?? hostName
        fullName = message.fullName ?? fullName
        clientText = message.text ?? clientText
        requested = message.requestedAddress ?? requested
        software = message.vendorClass ?? software
        if !message.parameters.isEmpty { parameters = message.parameters }
        if let address = message.clientIDAddress { mac = address } else { clientHardware = message.hardwareAddress }
    }

    private mutating func takeServer(_ message: DHCPMessage) {
        serverText = message.text ?? serverText
        mac = mac ?? message.hardwareAddress
        if message.yourAddress.v4 != 0 {
            assigned = message.yourAddress
            clientAddress = clientAddress ?? assigned
        }
        domain = message.domain ?? domain
        if let seconds = message.leaseSeconds { lease = .seconds(Int64(seconds)) }
    }

    /// Writes the record.
    func write(into sink: inout RecordSink) {
        let dhcp = Records.dhcp
        sink.beginDetached(dhcp)
        sink.batch.set(dhcp.ts, start)
        sink.batch.set(dhcp.uids, uids)
        sink.batch.set(dhcp.clientAddr, clientAddress)
        sink.batch.set(dhcp.serverAddr, serverAddress)
        sink.batch.set(dhcp.clientPort, clientPort)
        sink.batch.set(dhcp.serverPort, serverPort)
        sink.batch.set(dhcp.mac, (mac ?? clientHardware)?.description)
        sink.batch.set(dhcp.hostName, hostName)
        sink.batch.set(dhcp.clientFqdn, fullName)
        sink.batch.set(dhcp.domain, domain)
        sink.batch.set(dhcp.requestedAddr, requested)
        sink.batch.set(dhcp.assignedAddr, assigned)
        sink.batch.set(dhcp.leaseTime, lease)
        sink.batch.set(dhcp.clientMessage, clientText)
        sink.batch.set(dhcp.serverMessage, serverText)
        sink.batch.set(dhcp.msgTypes, types)
        sink.batch.set(dhcp.duration, last - start)
        sink.batch.set(dhcp.clientSoftware, software)
        sink.batch.set(dhcp.clientParams, parameters.nilIfEmpty)
        sink.end()
    }
}

/// The conversations of one worker that are not over.
struct DHCPConversations: Sendable {
    /// Conversations at a time: a pool of clients that all wake up at once; the oldest eighth goes first.
    static let limit = 4096

    private var open: [UInt32: DHCPConversation] = [:]
    /// When it was looked for conversations that are over.
    private var lookedThrough = Timestamp.distantPast
    /// Looking through all of them with each message would take longer than the message.
    private static let lookEvery = Interval.seconds(1)

    init() {}

    /// Adds a message to its conversation, and writes those that are over.
    mutating func take(_ message: DHCPMessage, from side: Side, into sink: inout RecordSink) {
        writeOver(into: &sink)
        let id = message.transactionID
        if let earlier = open[id], earlier.isOver(at: sink.now) {
            open[id] = nil
            earlier.write(into: &sink)
        }
        var conversation = open[id] ?? DHCPConversation(at: sink.now)
        conversation.take(message, from: side, on: sink.connection, at: sink.now)
        open[id] = conversation.isFull ? nil : conversation
        if conversation.isFull { conversation.write(into: &sink) }
        if open.count > Self.limit { writeEighth(into: &sink) }
    }

    /// Writes what the connection `uid` took part in: connections outlive their conversations.
    /// - Parameter ids: its transaction identifiers; nil when there were too many to remember.
    mutating func endConnection(_ uid: String, _ ids: [UInt32]?, into sink: inout RecordSink) {
        guard let ids else { return write(into: &sink) { $0.uids.contains(uid) } }
        let own = ids.compactMap { id in open[id].map { (id, $0) } }
        write(own.filter { $0.1.uids.contains(uid) }, into: &sink)
    }

    private mutating func writeOver(into sink: inout RecordSink) {
        let now = sink.now
        // Times of several interfaces may lie a little apart; far back, a capture begins anew.
        let isAnew = lookedThrough - now > DHCPConversation.longest
        guard isAnew || now - lookedThrough >= Self.lookEvery else { return }
        lookedThrough = now
        write(into: &sink) { $0.isOver(at: now) }
    }

    /// Makes room by the oldest eighth: looking for the oldest with each message would take longer than the message.
    private mutating func writeEighth(into sink: inout RecordSink) {
        let starts = open.values.map(\.start).sorted()
        guard !starts.isEmpty else { return }
        let last = starts[starts.count / 8]
        write(into: &sink) { $0.start <= last }
    }

    /// Writes some conversations, in order of their beginning.
    private mutating func write(into sink: inout RecordSink, where isChosen: (DHCPConversation) -> Bool) {
        write(open.filter { isChosen($0.value) }.map { ($0.key, $0.value) }, into: &sink)
    }

    private mutating func write(_ chosen: [(UInt32, DHCPConversation)], into sink: inout RecordSink) {
        for (id, conversation) in chosen.sorted(by: { ($0.1.start, $0.0) < ($1.1.start, $1.0) }) {
            open[id] = nil
            conversation.write(into: &sink)
        }
    }
}
