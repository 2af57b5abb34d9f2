internal import Shared

/// What opens both sides' Initial packets of one connection.
struct QUICInitialKeys: Sendable {
    let version: QUICVersion
    /// The destination of the client's first packet, which the keys come from.
    private let connectionID: [UInt8]
    let client: Side
    /// A side's are worked out with the first packet of it: many a connection is not answered.
    private var sides = PerSide<QUICKeys?>(originator: nil, responder: nil)

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
        if sides[side] == nil {
            sides[side] = QUICKeys.secret(version: version, connectionID: connectionID[...]).flatMap {
                QUICKeys(version: version, secret: $0, isClient: side == client)
            }
        }
        return sides[side].flatMap { packet.payload($0) }
    }

    /// A server that goes on in another version than the client began with keeps what the keys come from
    /// (RFC 9368 section 2.3, RFC 9369 section 4.1).
    func changed(to version: QUICVersion) -> Self { Self(version, connectionID: connectionID, client: client) }

    /// Finds a known version whose keys open a client's first packet of a version that is not known. Versions that are
    /// to force a negotiation have the keys of one that the client does know.
    static func version(_ number: UInt32, opening datagram: [UInt8], from side: Side) -> QUICVersion? {
        for model in QUICVersion.models {
            let version = QUICVersion(number, like: model)
            var reader = ByteReader(datagram)
            guard let packet = QUICPacket(&reader, learnt: version), packet.isInitial else { continue }
            var keys = Self(packet, from: side)
            if keys.payload(of: packet, from: side) != nil { return version }
        }
        return nil
    }
}
