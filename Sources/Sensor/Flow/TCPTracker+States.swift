import Shared

extension TCPTracker {
    /// Moves the sender's state on (and the peer's, where the segment tells about it).
    @inline(__always)
    static func change(
        _ sender: inout FlowEndpoint, _ peer: inout FlowEndpoint, _ side: Side, _ flags: TCPFlags, hasData: Bool
    ) {
        switch sender.state {
        case .established, .partial:
            if flags.intersection([.syn, .fin, .rst]).isEmpty { return }
            open(&sender, &peer, flags)
        case .inactive: first(&sender, &peer, side, flags, hasData: hasData)
        case .synSent, .synAckSent:
            if flags.contains(.fin) { sender.set(.closed) }
            if flags.contains(.rst) { sender.set(.reset) }
        case .closed:
            // After both sent a FIN, a RST only tidies up.
            if flags.contains(.rst), peer.state != .closed { sender.set(.reset) }
        case .reset: break
        }
    }

    private static func open(_ sender: inout FlowEndpoint, _ peer: inout FlowEndpoint, _ flags: TCPFlags) {
        if flags.contains(.syn), !flags.contains(.ack), sender.state == .partial, peer.state == .inactive {
            sender.set(.synSent)
        }
        if flags.contains(.fin), !flags.contains(.rst) {
            sender.set(.closed)
            // The peer sent FIN and then RST: that was a normal end.
            if peer.state == .reset, peer.previousState == .closed { peer.set(.closed) }
        }
        if flags.contains(.rst) { sender.set(.reset) }
    }

    private static func first(
        _ sender: inout FlowEndpoint, _ peer: inout FlowEndpoint, _ side: Side, _ flags: TCPFlags, hasData: Bool
    ) {
        if flags.contains(.syn) {
            if side == .originator {
                sender.set(flags.contains(.ack) ? .synAckSent : .synSent)
            } else {
                if peer.state == .synSent { peer.set(.established) }
                sender.set(.established)
            }
        }
        if flags.contains(.fin) { sender.set(.closed) }
        if flags.contains(.rst) { sender.set(.reset) }
        guard sender.state == .inactive else { return }
        if side == .responder, !hasData, peer.state == .synSent { return }
        // A SYN that was missed, when its answer was seen; otherwise the middle of a connection.
        sender.set(flags.contains(.ack) && peer.state == .established ? .established : .partial)
    }

    /// Whether a hole in `sender`'s data means loss, and not numbers that cannot be trusted.
    static func isSound(_ sender: FlowEndpoint, _ peer: FlowEndpoint) -> Bool { isSound(sender) && isSound(peer) }

    private static func isSound(_ end: FlowEndpoint) -> Bool {
        end.state == .established || (end.state == .closed && end.previousState == .established)
    }

    /// Payload bytes that `sender` sent, by its sequence numbers and by what the peer acknowledged.
    @inline(__always)
    static func payload(of sender: FlowEndpoint, peer: FlowEndpoint) -> UInt64 {
        if sender.previousState == .synSent, sender.state == .reset, peer.state == .inactive,
            sender.acknowledged > 1
        {
            return 0
        }
        var size = max(sender.last, sender.acknowledged)
        if size > 0 { size -= 1 }  // the SYN
        if sender.sentFIN, size > 0 { size -= 1 }
        return UInt64(max(0, size))
    }

    /// Zeek's `conn_state`.
    static func state(
        _ originator: FlowEndpoint, _ responder: FlowEndpoint, _ history: FlowHistory
    ) -> StaticString {
        let (o, r) = (originator.state, responder.state)
        let originatorUnknown = o == .inactive || o == .partial
        let responderUnknown = r == .inactive || r == .partial
        if r == .reset {
            let isEmpty =
                payload(of: originator, peer: responder) == 0
                && payload(of: responder, peer: originator) == 0
            if o == .synSent || o == .synAckSent || (o == .reset && isEmpty) { return "REJ" }
            return originatorUnknown ? "RSTRH" : "RSTR"
        }
        if o == .reset {
            guard responderUnknown else { return "RSTO" }
            return history.isAttemptTakenBack ? "RSTOS0" : "OTH"
        }
        if o == .closed, r == .closed { return "SF" }
        if o == .closed { return responderUnknown ? "SH" : "S2" }
        if r == .closed { return originatorUnknown ? "SHR" : "S3" }
        if o == .synSent, r == .inactive { return "S0" }
        return o == .established && r == .established ? "S1" : "OTH"
    }
}
