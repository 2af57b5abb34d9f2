internal import Protocol

/// The sensor's side of one connection: what may be sent and what an answer means. Performs nothing itself.
struct UplinkSession {
    private(set) var sent: UInt64
    private(set) var acknowledged: UInt64
    private let window: UInt64

    enum Action: Equatable {
        /// Everything up to this sequence is stored.
        case acknowledged(UInt64)
        case learned(UInt64)
        case fail(Refusal)
        case ignore
    }

    init(_ welcome: WireWelcome) {
        (sent, acknowledged) = (welcome.lastCommitted, welcome.lastCommitted)
        window = UInt64(max(welcome.window, 1))
    }

    var maySend: Bool { sent - acknowledged < window }

    mutating func sending(_ sequence: UInt64) { sent = max(sent, sequence) }

    mutating func receive(_ message: WireFrame.OneOf_Message) -> Action {
        switch message {
        case .ack(let ack):
            guard ack.sequence <= sent else {
                return .fail(Refusal(.unexpected, "The master acknowledged a batch that was never sent to it."))
            }
            acknowledged = max(acknowledged, ack.sequence)
            return .acknowledged(acknowledged)
        case .learned(let learned): return .learned(learned.sequence)
        case .refused(let refused): return .fail(Refusal(refused))
        case .redirect(let redirect):
            return .fail(
                Refusal(
                    .unexpected,
                    "The master sends this sensor to \(redirect.host):\(redirect.port); enrol it there."))
        default: return .ignore
        }
    }
}
