internal import Shared

/// One beginning of a connection: its keys, and the hellos that they have opened.
///
/// Initial packets authenticate nobody. Of several beginnings between the same ports each has streams and a handshake
/// of its own, so that none can fill another's.
struct QUICAttempt: BytesHolding, Sendable {
    /// The client's version, which they begin with.
    let version: QUICVersion
    var handshake = TLSHandshake(carrier: .quic)
    /// The server has made the client begin anew (RFC 9000 section 17.2.5): what comes then goes on with the handshake.
    var isRetried = false
    /// The client's, which there are always, and those of versions that the server has gone over to.
    private var keys: [QUICInitialKeys]
    private var streams = PerSide(originator: CryptoStream(), responder: CryptoStream())

    /// - Parameter keys: what has opened a packet.
    init(_ keys: QUICInitialKeys) { (version, self.keys) = (keys.version, [keys]) }

    var heldBytes: Int { streams.heldBytes }

    var client: Side { keys[0].client }
    /// The destination of the client's first packet.
    var connectionID: [UInt8] { keys[0].connectionID }

    /// Whether a side is the one that answers.
    func isServer(_ side: Side) -> Bool { client != side }

    /// Forgets the bytes of hellos.
    mutating func clear() { streams = PerSide(originator: CryptoStream(), responder: CryptoStream()) }

    /// Removes a packet's protection; nil when no keys fit.
    mutating func payload(of packet: QUICPacket, from side: Side) -> [UInt8]? {
        for index in keys.indices {
            if let payload = keys[index].payload(of: packet, from: side) { return payload }
        }
        return nil
    }

    /// Removes the protection of a server's packet of another version than the client began with; what keeps its place
    /// beside the client's keys then. Nil when it is none of this beginning.
    mutating func payload(ofChanged packet: QUICPacket, from side: Side) -> [UInt8]? {
        guard isServer(side) else { return nil }
        var changed = keys[0].changed(to: packet.version)
        guard let payload = changed.payload(of: packet, from: side) else { return nil }
        keys.append(changed)
        return payload
    }

    /// Reads the frames of an opened packet, and the messages that are whole by then. What is malformed is noted, and
    /// ends the reading of that packet.
    /// - Returns: whether one of them closes the connection.
    mutating func read(
        _ payload: [UInt8], isGoogles: Bool, from side: Side, facts: inout QUICFacts, into sink: inout RecordSink
    ) -> Bool {
        let closes = try? streams[side].frames(payload, isGoogles: isGoogles)
        if closes == nil { facts.note("X", from: side) }
        if GoogleHello.begins(streams[side].beginning) {
            facts.note("S", from: side)
            facts.takeHello(streams[side].beginning)
            return closes ?? false
        }
        do throws(DecodeError) {
            while let message = try streams[side].nextMessage() {
                guard isSaid(message.type, by: side) else { continue }
                if message.type != Self.oldRetryRequest { facts.note("S", from: side) }
                try handshake.message(message.type, message.body, from: side, into: &sink)
            }
        } catch {
            facts.note("X", from: side)
            // Nothing behind it can be told apart; whoever means it says it again.
            streams[side] = CryptoStream()
        }
        if handshake.hasHello { sink.found(service: "ssl") }
        return closes ?? false
    }

    /// The drafts of TLS 1.3 had a message of its own for what is a server's hello now.
    private static let oldRetryRequest: UInt8 = 6

    /// Whether a side says a message in Initial packets (RFC 9001 section 4): hellos, and each its own.
    private func isSaid(_ type: UInt8, by side: Side) -> Bool {
        isServer(side) ? type == 2 || type == Self.oldRetryRequest : type == 1
    }
}
