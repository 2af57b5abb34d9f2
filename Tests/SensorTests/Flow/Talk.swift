import Shared

@testable import Sensor

/// Conversations of 10.0.0.1:1000 with 10.0.0.2, and what is told of them.
enum Talk {
    /// One segment for each turn.
    /// - Parameter isWhole: the handshake was seen.
    static func tcp(port: Int = 80, isWhole: Bool = true, _ turns: [(Side, [UInt8])]) -> [RecordView] {
        var talk = PacketScript(analyzers: AnalyzerRegistry.all)
        var sequence = PerSide<UInt32>(originator: 101, responder: 501)
        if isWhole {
            talk.client(2, 100, service: port)
            talk.server(0x12, 500, 101, service: port)
            talk.client(0x10, 101, 501, service: port)
        }
        for (side, bytes) in turns {
            let isClient = side == .originator
            let segment = PacketBytes.tcp(
                from: isClient ? 1000 : port, to: isClient ? port : 1000, sequence: sequence[side],
                acknowledgement: sequence[side.other], flags: 0x18, bytes)
            sequence[side] += UInt32(bytes.count)
            talk.send(addressed(6, isClient, segment))
        }
        return talk.end()
    }

    /// One datagram for each turn.
    static func udp(port: Int, _ turns: [(Side, [UInt8])]) -> [RecordView] {
        var talk = PacketScript(analyzers: AnalyzerRegistry.all)
        for (side, bytes) in turns {
            let isClient = side == .originator
            let datagram = PacketBytes.udp(from: isClient ? 1000 : port, to: isClient ? port : 1000, bytes)
            talk.send(addressed(17, isClient, datagram))
        }
        return talk.end()
    }

    private static func addressed(_ transport: UInt8, _ isClient: Bool, _ payload: [UInt8]) -> [UInt8] {
        isClient
            ? PacketBytes.ipv4(transport, payload)
            : PacketBytes.ipv4(transport, from: [10, 0, 0, 2], to: [10, 0, 0, 1], payload)
    }
}

extension [RecordView] {
    /// The service of the only connection.
    var service: [String]? { of("conn").first?[Records.conn.service] }
}
