internal import Shared

/// DHCP, RFC 2131: one record per conversation, that is, per transaction identifier, over all its connections.
struct DHCPAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "dhcp"
    static let transports: Transports = .udp

    init() {}

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let operation = try? payload.byte(at: 0), operation == 1 || operation == 2,
            let cookie = try? payload.readBE(at: 236, as: UInt32.self), cookie == DHCPMessage.cookie
        else { return .noMatch }
        return .match
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        do throws(DecodeError) {
            let message = try DHCPMessage(decoding: payload)
            var conversations = sink.memories[DHCPConversations.self]
            conversations.take(message, from: side, into: &sink)
            sink.memories[DHCPConversations.self] = conversations
        } catch {
            sink.weird("DHCP_malformed", detail: "\(error)", source: Self.service)
        }
        return .wantMore
    }

    mutating func finish(into sink: inout RecordSink) {
        var conversations = sink.memories[DHCPConversations.self]
        conversations.endConnection(sink.connection.uid, into: &sink)
        sink.memories[DHCPConversations.self] = conversations
    }
}
