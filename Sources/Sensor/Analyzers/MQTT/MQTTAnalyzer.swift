internal import Shared

/// MQTT 3.1, 3.1.1 and 5.0 (OASIS standards): sessions, messages and subscriptions. Passwords are passed over.
struct MQTTAnalyzer: FramedAnalyzer, ReversibleAnalyzer {
    static let service: StaticString = "mqtt"

    /// Longest packet that is read whole; of a longer one, the beginning.
    static let frameLimit = 16_384
    /// Bytes of a payload that records show.
    private static let payloadLimit = 100
    /// Messages and subscriptions that may wait for their acknowledgement.
    private static let pendingLimit = 256

    private struct Connect: Sendable {
        let time: Timestamp
        var protocolName = "", version = "", clientID = ""
        var willTopic, willPayload, user: String?
    }

    private struct Publication: Weighed, Sendable {
        let time: Timestamp
        let isFromClient, retain: Bool
        let quality: UInt8
        let id: UInt16
        let topic, payload: String
        let length: UInt64
        /// Until the last acknowledgement that its quality asks for.
        var status = "incomplete_qos"

        var weight: Int { MemoryLayout<Self>.size + topic.utf8.count + payload.utf8.count }
    }

    private struct Subscription: Weighed, Sendable {
        let time: Timestamp
        let isEnd: Bool
        let id: UInt16
        var topics: [String] = []
        var qualities: [UInt64] = []

        var weight: Int { MemoryLayout<Self>.size + topics.weight + 8 * qualities.count }
    }

    /// The server counts as originator, as in a connection that was picked up in its middle; nil until told.
    private(set) var isReversed: Bool?
    var streams = PerSide(originator: FramedStream(), responder: FramedStream())
    /// Acknowledgements of a side may be among what was lost.
    private var hasLosses = PerSide(originator: false, responder: false)
    private var connect: Connect?
    /// Whether packets have the properties of version 5.0; nil until a login or another packet tells.
    private var isVersion5: Bool?
    private var aliases = PerSide(originator: MQTTAliases(), responder: MQTTAliases())
    /// Packets in a row that could not be read.
    private var malformedCount = 0
    private static let malformedLimit = 16
    /// Logins that were asked for while another waited, and how many of them are told.
    private var furtherLogins = 0
    private static let furtherLoginLimit = 16
    private var publications = PendingQueue<Publication>(limits: PendingLimits(count: Self.pendingLimit))
    private var subscriptions = PendingQueue<Subscription>(limits: PendingLimits(count: Self.pendingLimit))

    init() {}

    var heldBytes: Int {
        streams.heldBytes + publications.heldBytes + subscriptions.heldBytes + aliases.heldBytes
    }

    /// A CONNECT packet: its type, and the protocol's name. In the middle of a session, messages and subscriptions.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard (try? payload.byte(at: 0)) == 0x10 else { return MQTTPacket.begins(payload) ? .match : .noMatch }
        guard let (_, start) = MQTTPacket.size(payload) else { return .needMore }
        let name = payload.extracting(droppingFirst: Swift.min(start, payload.byteCount))
        guard name.byteCount >= 8 else { return .needMore }
        let rest = name.extracting(droppingFirst: 2)
        return rest.starts(with: "MQTT") || rest.starts(with: "MQIsdp") ? .match : .noMatch
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        // Messages and their acknowledgements go both ways.
        if isReversed == nil, let first = try? payload.byte(at: 0) {
            isReversed =
                MQTTPacket.isClients(first) == (side == .responder) && Self.probe(payload, from: side) == .match
        }
        try takeFrames(of: payload, from: role(of: side), into: &sink)
        return verdict
    }

    func beginsFrame(_ segment: RawSpan, from side: Side) -> Bool {
        MQTTPacket.isOther(filling: segment) || Self.probe(segment, from: side) == .match
    }

    func frameLength(_ bytes: RawSpan, from side: Side) throws(DecodeError) -> Int {
        guard let (length, start) = MQTTPacket.size(bytes) else {
            guard bytes.byteCount < 5 else { throw .invalid(.length) }
            return 0
        }
        return start + length
    }

    mutating func takeFrame(_ packet: RawSpan, from side: Side, into sink: inout RecordSink) throws(DecodeError) {
        guard let (length, start) = MQTTPacket.size(packet) else { return }
        let body = packet.extracting(droppingFirst: start).withUnsafeBytes { Array($0) }
        do throws(DecodeError) {
            try take(try packet.byte(at: 0), ByteReader(body), length: length, from: side, into: &sink)
            malformedCount = 0
        } catch {
            // Its length was good, and so is what stands behind it. Of a long packet only the beginning is here.
            guard body.count == length else { return }
            malformedCount += 1
            guard malformedCount < Self.malformedLimit else { throw error }
            sink.weird("mqtt_malformed", detail: "\(error)", source: Self.service)
        }
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        let side = role(of: side)
        if streams[side].lose(byteCount) { return .wantMore }
        streams[side].loseMessage()
        hasLosses[side] = true
        aliases[side].forget()
        // What a server says first is the answer.
        if side == .responder { giveUpConnect(into: &sink) }
        return .wantMore
    }

    private mutating func giveUpConnect(into sink: inout RecordSink) {
        if let connect { write(connect, status: nil, into: &sink) }
        connect = nil
    }

    mutating func finish(into sink: inout RecordSink) {
        giveUpConnect(into: &sink)
        for publication in publications.removeAll() { write(publication, into: &sink) }
        for subscription in subscriptions.removeAll() {
            write(subscription, granted: nil, isAcknowledged: false, into: &sink)
        }
    }

    private mutating func take(
        _ first: UInt8, _ body: ByteReader, length: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        var body = body
        switch first >> 4 {
        case 1:
            let isFirst5 = isVersion5
            let asked = try readConnect(&body, at: sink.now)
            // The answer is the first one's of several; a client has but one (OASIS MQTT 3.1.1 section 3.1).
            guard connect == nil else {
                isVersion5 = isFirst5
                furtherLogins += 1
                return furtherLogins > Self.furtherLoginLimit ? () : write(asked, status: nil, into: &sink)
            }
            connect = asked
        case 2:
            try body.skip(1)
            let code = try body.byte()
            // Section 3.2 of both versions: two bytes, or properties behind them.
            if isVersion5 == nil { isVersion5 = !body.isEmpty }
            if let opened = connect { write(opened, status: Self.status(code), into: &sink) }
            connect = nil
        case 3: try takePublication(first, &body, length: length, from: side, into: &sink)
        case 4, 5, 7:
            let id: UInt16 = try body.be()
            // Version 5 tells why a message is refused; that of a first step (5) ends the exchange as well.
            if isVersion5 == nil, !body.isEmpty { isVersion5 = true }
            let isRefused = (try? body.byte()).map { $0 >= 0x80 } ?? false
            if isRefused, let index = firstPublication(id, of: side.other) {
                return write(publications.remove(at: index), into: &sink)
            }
            if first >> 4 != 5 { acknowledge(id, by: side, into: &sink) }
        case 8, 10: try takeSubscription(isEnd: first >> 4 == 10, &body, into: &sink)
        case 9, 11:
            let id: UInt16 = try body.be()
            if isVersion5 == true { try skipProperties(&body) }
            let isEnd = first >> 4 == 11
            guard let index = subscriptions.firstIndex(where: { $0.id == id && $0.isEnd == isEnd }) else { return }
            let granted = first >> 4 == 9 ? try? UInt64(body.byte()) : nil
            write(subscriptions.remove(at: index), granted: granted, isAcknowledged: true, into: &sink)
        default: break
        }
    }

    private mutating func readConnect(_ body: inout ByteReader, at now: Timestamp) throws(DecodeError) -> Connect {
        var connect = Connect(time: now)
        connect.protocolName = try Self.text(&body)
        // Bridges of Mosquitto mark themselves by the highest bit.
        let level = try body.byte() & 0x7F
        connect.version = level == 3 ? "3.1" : level == 4 ? "3.1.1" : level == 5 ? "5.0" : "unknown-\(level)"
        isVersion5 = level == 5
        let flags = try body.byte()
        try body.skip(2)
        if isVersion5 == true { try skipProperties(&body) }
        connect.clientID = try Self.text(&body)
        if flags & 4 != 0 {
            if isVersion5 == true { try skipProperties(&body) }
            connect.willTopic = try Self.text(&body)
            connect.willPayload = try body.vector(lengthBytes: 2).rest.prefix(Self.payloadLimit).wireText
        }
        if flags & 0x80 != 0 { connect.user = try Self.text(&body) }
        return connect
    }

    private static func text(_ body: inout ByteReader) throws(DecodeError) -> String {
        try body.vector(lengthBytes: 2).rest.wireText
    }

    /// Properties of version 5: their length, then as many bytes.
    private func skipProperties(_ body: inout ByteReader) throws(DecodeError) {
        guard let (length, start) = MQTTPacket.number(body.rest.span.bytes, at: 0) else { throw .invalid(.length) }
        try body.skip(start + length)
    }

    /// Passes over the properties of a message; of a session without a login they tell the version: no message of
    /// 5.0 is without their length (section 3.3.2.3), and what another one says is hardly ever a list of them.
    private mutating func takeProperties(_ body: inout ByteReader) throws(DecodeError) -> MQTTProperties? {
        if isVersion5 == false { return nil }
        let properties = MQTTProperties(body.rest.span.bytes)
        if isVersion5 == nil {
            guard let properties, properties.areKnown else {
                isVersion5 = false
                return nil
            }
            // A lone zero may begin what is said as well: it is passed over, and the next message may tell.
            if !properties.isEmpty { isVersion5 = true }
        }
        guard let properties else { throw .invalid(.length) }
        try body.skip(properties.byteCount)
        return properties
    }

    private mutating func takePublication(
        _ first: UInt8, _ body: inout ByteReader, length: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        let whole = body.count
        let quality = first >> 1 & 3
        let written = try Self.text(&body)
        let id: UInt16 = quality > 0 ? try body.be() : 0
        let topic = aliases[side].topic(written, alias: try takeProperties(&body)?.topicAlias)
        var publication = Publication(
            time: sink.now, isFromClient: side == .originator, retain: first & 1 != 0, quality: quality, id: id,
            topic: topic, payload: body.rest.prefix(Self.payloadLimit).wireText,
            length: UInt64(Swift.max(0, length - (whole - body.count))))
        if quality == 0 {
            publication.status = "ok"
            return write(publication, into: &sink)
        }
        // Some clients give all messages one number, and have them acknowledged in order. Behind a loss the number is
        // free again, or the message is sent once more: the answer to what had it before was not seen.
        if hasLosses[side.other] {
            giveUp(id, of: side, into: &sink)
        } else if first & 8 != 0, let index = firstPublication(id, of: side) {
            write(publications.remove(at: index), into: &sink)
        }
        publications.append(publication)
        while let oldest = publications.removeExcess() { write(oldest, into: &sink) }
    }

    /// Takes the last acknowledgement of a message: those of the steps before it change nothing that is told.
    private mutating func acknowledge(_ id: UInt16, by side: Side, into sink: inout RecordSink) {
        // Each side numbers its own messages.
        guard let index = firstPublication(id, of: side.other) else { return }
        var publication = publications.remove(at: index)
        // Behind a loss, which of several it belongs to is not known.
        if hasLosses[side], firstPublication(id, of: side.other) != nil {
            write(publication, into: &sink)
            return giveUp(id, of: side.other, into: &sink)
        }
        publication.status = "ok"
        write(publication, into: &sink)
    }

    /// The oldest message of a side with a number.
    private func firstPublication(_ id: UInt16, of side: Side) -> Int? {
        publications.firstIndex { $0.id == id && $0.isFromClient == (side == .originator) }
    }

    /// Tells the messages of a side with a number whose acknowledgements will not come.
    private mutating func giveUp(_ id: UInt16, of side: Side, into sink: inout RecordSink) {
        while let index = firstPublication(id, of: side) { write(publications.remove(at: index), into: &sink) }
    }

    private mutating func takeSubscription(
        isEnd: Bool, _ body: inout ByteReader, into sink: inout RecordSink
    ) throws(DecodeError) {
        var subscription = Subscription(time: sink.now, isEnd: isEnd, id: try body.be())
        isVersion5 = isVersion5 ?? MQTTPacket.isVersion5(body.rest.span.bytes, isEnd: isEnd, isASCII: false)
        if isVersion5 == true { try skipProperties(&body) }
        while !body.isEmpty, subscription.topics.count < Self.pendingLimit {
            subscription.topics.append(try Self.text(&body))
            if !isEnd { subscription.qualities.append(UInt64(try body.byte() & 3)) }
        }
        if let index = subscriptions.firstIndex(where: { $0.id == subscription.id }) {
            write(subscriptions.remove(at: index), granted: nil, isAcknowledged: false, into: &sink)
        }
        subscriptions.append(subscription)
        while let oldest = subscriptions.removeExcess() {
            write(oldest, granted: nil, isAcknowledged: false, into: &sink)
        }
    }

    /// CONNACK: section 3.2.2.3 of version 3.1.1; the codes of 5.0 begin at 0x80.
    private static func status(_ code: UInt8) -> String {
        switch code {
        case 0: "Connection Accepted"
        case 1, 0x84: "Refused: unacceptable protocol version"
        case 2, 0x85: "Refused: identifier rejected"
        case 3, 0x88: "Refused: server unavailable"
        case 4, 0x86: "Refused: bad user name or password"
        case 5, 0x87: "Refused: not authorized"
        default: "unknown-\(code)"
        }
    }

    private func write(_ connect: Connect, status: String?, into sink: inout RecordSink) {
        let record = Records.mqttConnect
        sink.begin(record, at: connect.time)
        sink.batch.set(record.protoName, connect.protocolName)
        sink.batch.set(record.protoVersion, connect.version)
        sink.batch.set(record.clientId, connect.clientID)
        sink.batch.set(record.connectStatus, status)
        sink.batch.set(record.willTopic, connect.willTopic)
        sink.batch.set(record.willPayload, connect.willPayload)
        sink.batch.set(record.username, connect.user)
        sink.end()
    }

    private func write(_ publication: Publication, into sink: inout RecordSink) {
        let record = Records.mqttPublish
        sink.begin(record, at: publication.time)
        sink.batch.set(record.fromClient, publication.isFromClient)
        sink.batch.set(record.retain, publication.retain)
        let qualities = ["at most once", "at least once", "exactly once", "unknown"]
        sink.batch.set(record.qos, qualities[Int(publication.quality & 3)])
        sink.batch.set(record.status, publication.status)
        sink.batch.set(record.topic, publication.topic)
        sink.batch.set(record.payload, publication.payload)
        sink.batch.set(record.payloadLen, publication.length)
        sink.end()
    }

    private func write(
        _ subscription: Subscription, granted: UInt64?, isAcknowledged: Bool, into sink: inout RecordSink
    ) {
        let record = Records.mqttSubscribe
        sink.begin(record, at: subscription.time)
        sink.batch.set(record.action, subscription.isEnd ? "MQTT::UNSUBSCRIBE" : "MQTT::SUBSCRIBE")
        sink.batch.set(record.topics, subscription.topics)
        sink.batch.set(record.qosLevels, subscription.isEnd ? nil : subscription.qualities)
        sink.batch.set(record.grantedQosLevel, granted)
        sink.batch.set(record.ack, isAcknowledged)
        sink.end()
    }
}
