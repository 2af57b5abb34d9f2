internal import Shared

/// DHCP, RFC 2131: one record per conversation, that is, per transaction identifier, over all its connections.
struct DHCPAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "dhcp"
    static let transports: Transports = .udp

    /// Transaction identifiers of this connection; nil when there were more than are worth remembering: broadcasts of a
    /// whole network are one connection.
    private var ids: [UInt32]? = []
    private static let idLimit = 64

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
            note(message.transactionID)
            withConversations(&sink) { $0.take(message, from: side, into: &$1) }
        } catch {
            sink.weird("DHCP_malformed", detail: "\(error)", source: Self.service)
        }
        return .wantMore
    }

    mutating func finish(into sink: inout RecordSink) {
        let uid = sink.connection.uid
        withConversations(&sink) { $0.endConnection(uid, ids, into: &$1) }
    }

    private mutating func note(_ id: UInt32) {
        guard let known = ids, !known.contains(id) else { return }
        if known.count < Self.idLimit { ids?.append(id) } else { ids = nil }
    }

    /// Takes the conversations out of the sink while they are changed: they are large.
    private func withConversations(
        _ sink: inout RecordSink, _ change: (inout DHCPConversations, inout RecordSink) -> Void
    ) {
        var conversations = DHCPConversations()
        swap(&conversations, &sink.memories.dhcpConversations)
        change(&conversations, &sink)
        swap(&conversations, &sink.memories.dhcpConversations)
    }
}
