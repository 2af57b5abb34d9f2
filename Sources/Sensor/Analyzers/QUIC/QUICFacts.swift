internal import Shared

/// The fields of a `quic` record as the first packets fill them.
struct QUICFacts: Sendable {
    /// Letters that are kept; Zeek's own bound.
    private static let historyLimit = 100

    private var start: Timestamp?
    private var version: String?
    private(set) var client: Side?
    private var clientInitialID: ArraySlice<UInt8> = []
    private var ids = PerSide<ArraySlice<UInt8>?>(originator: nil, responder: nil)
    private var history: [UInt8] = []
    /// Out of a hello that is not TLS.
    private var serverName: String?
    /// Packets with a short header of each side.
    private var shortPackets = PerSide(originator: 0, responder: 0)

    /// - Parameter client: the client of the record before on the same ports, if there was one.
    init(client: Side?) { self.client = client }

    /// The first packet of all: its sender is the client.
    private mutating func begin(_ destination: ArraySlice<UInt8>, from side: Side, at now: Timestamp) {
        guard start == nil else { return }
        start = now
        if client == nil { client = side }
        // A copy, for a part of the datagram would keep all of it.
        if side == client { clientInitialID = Array(destination)[...] }
    }

    /// Takes over what a packet of Google's early versions says.
    mutating func take(_ packet: GoogleQUICPacket, from side: Side, at now: Timestamp) {
        begin(packet.connectionID, from: side, at: now)
        version = packet.version
        takeHello(packet.rest)
        note("I", from: side)
    }

    /// Google's hello, until one has told the server's name.
    mutating func takeHello(_ bytes: ArraySlice<UInt8>) {
        if serverName == nil { serverName = GoogleHello.serverName(in: bytes) }
    }

    /// A long header of a version that is not known, or a server's list of versions (RFC 9000 section 17.2.1).
    mutating func takeUnknown(_ packet: ArraySlice<UInt8>, from side: Side, at now: Timestamp) {
        var reader = ByteReader(packet)
        guard let first = try? reader.byte(), first & 0x80 != 0, let number = try? reader.be(UInt32.self),
            let destination = try? reader.vector(lengthBytes: 1).rest
        else { return }
        begin(destination, from: side, at: now)
        if version == nil, number != 0 { version = QUICVersion.name(of: number) }
        note("U", from: side)
    }

    /// Goes on behind a client's first packet, which was told with what came before.
    mutating func goOn(behind destination: [UInt8], of client: Side, at now: Timestamp) {
        (self.client, clientInitialID) = (client, destination[...])
        start = now
    }

    /// Whether a packet has told its version.
    var isNamed: Bool { version != nil }

    /// Whether a packet goes to the identifier that the client has chosen.
    func isAddressed(_ packet: QUICPacket) -> Bool { packet.destinationID == ids[client ?? .originator] ?? [] }

    /// Takes over the version and identifiers of a packet with a long header.
    mutating func name(_ packet: QUICPacket, from side: Side) {
        version = packet.version.name
        // A copy, as above. A side may choose another once; the last is the one that it keeps.
        if !packet.isRetry, !packet.sourceID.isEmpty { ids[side] = Array(packet.sourceID)[...] }
    }

    /// Notes a packet with a long header.
    mutating func take(_ packet: QUICPacket, from side: Side, at now: Timestamp) {
        begin(packet.destinationID, from: side, at: now)
        switch packet.kind {
        case .initial: note("I", from: side)
        case .zeroRoundTrip: note("Z", from: side)
        case .handshake: note("H", from: side)
        case .retry: note("R", from: side)
        }
    }

    /// Counts a packet with a short header; the first, second, fourth, eighth... of a side is noted.
    mutating func takeShort(from side: Side) {
        shortPackets[side] += 1
        if shortPackets[side].nonzeroBitCount == 1 { note("O", from: side) }
    }

    /// Notes a letter of the history: `S` for a hello, `C` for a close, `X` for what was left unread.
    mutating func note(_ letter: Unicode.Scalar, from side: Side) {
        guard start != nil, history.count < Self.historyLimit else { return }
        history.append(UInt8(truncatingIfNeeded: letter.value) | (side == client ? 0 : 0x20))
    }

    func write(_ handshake: TLSHandshake, into sink: inout RecordSink) {
        guard let start else { return }
        let quic = Records.quic
        let client = client ?? .originator
        sink.begin(quic, at: start)
        sink.batch.set(quic.version, version)
        sink.batch.set(quic.clientInitialDcid, Self.text(clientInitialID))
        sink.batch.set(quic.clientScid, ids[client].flatMap(Self.text))
        sink.batch.set(quic.serverScid, ids[client.other].flatMap(Self.text))
        sink.batch.set(quic.serverName, handshake.serverName ?? serverName)
        sink.batch.set(quic.clientProtocol, handshake.clientProtocol)
        sink.batch.set(quic.history, String(decoding: history, as: UTF8.self))
        sink.end()
    }

    private static func text(_ id: ArraySlice<UInt8>) -> String? { id.isEmpty ? nil : Hexadecimal.text(of: id) }
}
