internal import Shared

/// What opens both sides' Initial packets of one connection.
struct QUICInitialKeys: Sendable {
    let version: QUICVersion
    /// The destination of the client's first packet, which the keys come from.
    let connectionID: [UInt8]
    let client: Side
    /// A side's are worked out with the first packet of it: many a connection is not answered.
    private var sides = PerSide<QUICKeys?>(originator: nil, responder: nil)
    /// What the packet says by which the version was found, until it is asked for.
    private var found: [UInt8]?

    /// Keys of a connection's first packet: the sender of it is the client.
    init(_ packet: QUICPacket, from side: Side) {
        self.init(packet.version, connectionID: Array(packet.destinationID), client: side)
    }

    private init(_ version: QUICVersion, connectionID: [UInt8], client: Side) {
        (self.version, self.connectionID, self.client) = (version, connectionID, client)
    }

    /// Removes a packet's protection; nil when the keys do not fit.
    mutating func payload(of packet: QUICPacket, from side: Side) -> [UInt8]? {
        guard packet.version == version else { return nil }
        if let payload = found.take() { return payload }
        if sides[side] == nil {
            sides[side] = QUICKeys.secret(version: version, connectionID: connectionID[...]).flatMap {
                QUICKeys(version: version, secret: $0, isClient: side == client)
            }
        }
        return sides[side]?.payload(of: packet)
    }

    /// A server that goes on in another version than the client began with keeps what the keys come from
    /// (RFC 9368 section 2.3, RFC 9369 section 4.1).
    func changed(to version: QUICVersion) -> Self { Self(version, connectionID: connectionID, client: client) }

    /// Keys of a client's first packet of a version that is not known: those of a known one that open it. Versions that
    /// are to force a negotiation have the keys of one that the client does know. That packet is what the keys are to
    /// be asked for first: it is not opened twice.
    static func opening(_ datagram: [UInt8], of number: UInt32, from side: Side) -> Self? {
        for model in QUICVersion.models {
            let version = QUICVersion(number, like: model)
            var reader = ByteReader(datagram)
            guard let packet = QUICPacket(&reader, learnt: version), packet.isInitial else { continue }
            var keys = Self(packet, from: side)
            if let payload = keys.payload(of: packet, from: side) {
                keys.found = payload
                return keys
            }
        }
        return nil
    }
}
