internal import Shared

/// The fields of a `quic` record as the first packets fill them.
struct QUICFacts: Sendable {
    /// Letters that are kept; Zeek's own bound.
    private static let historyLimit = 100

    private var start: Timestamp?
    private var version: String?
    private var client: Side?
    private var clientInitialID: ArraySlice<UInt8> = []
    private var ids = PerSide<ArraySlice<UInt8>?>(originator: nil, responder: nil)
    private var history: [UInt8] = []
    /// Packets with a short header of each side.
    private var shortPackets = PerSide(originator: 0, responder: 0)

    /// Takes over what a packet with a long header says.
    mutating func take(_ packet: QUICPacket, from side: Side, at now: Timestamp) {
        if start == nil {
            (start, client) = (now, side)
            clientInitialID = packet.destinationID
        }
        version = packet.version.name
        if ids[side] == nil || packet.isRetry { ids[side] = packet.sourceID }
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

    /// Notes a letter of the history: `S` for a hello.
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
        sink.batch.set(quic.serverName, handshake.serverName)
        sink.batch.set(quic.clientProtocol, handshake.clientProtocol)
        sink.batch.set(quic.history, String(decoding: history, as: UTF8.self))
        sink.end()
    }

    private static func text(_ id: ArraySlice<UInt8>) -> String? { id.isEmpty ? nil : Hexadecimal.text(of: id) }
}
