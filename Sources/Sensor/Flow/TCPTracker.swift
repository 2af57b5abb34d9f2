import Shared

/// Follows a TCP connection: sequence space, states and history, with the meaning that Zeek gives them.
///
/// The rules of states follow RFC 9293 §3.3.2 as seen by a third party that may have missed packets.
enum TCPTracker {
    /// A SYN or RST that jumps further than this is not believed.
    private static let largestJump: Int64 = 1_048_576
    /// The largest window (RFC 7323 section 2.3): nobody has more on its way that is not acknowledged.
    private static let largestWindow: Int64 = 1 << 30

    struct Result {
        /// Where the segment lies in the sender's sequence space.
        let sequence: Int64
        /// Where the segment's data lies in the sender's sequence space, nil when it must not be followed.
        var dataStart: Int64?
        /// How far the other end's data was acknowledged, nil without an acknowledgement.
        var acknowledged: Int64?
        /// Of a sender that was picked up in its middle: bytes in front of its first segment that the other end had not
        /// got when it was first seen.
        let unseen: Int64
    }

    /// Takes one segment of `side` into account.
    @inline(__always)
    static func update(_ flow: inout Flow, _ side: Side, _ packet: DecodedPacket) -> Result {
        side == .originator
            ? update(&flow.originator, &flow.responder, &flow.history, side, packet)
            : update(&flow.responder, &flow.originator, &flow.history, side, packet)
    }

    @inline(__always)
    private static func update(
        _ sender: inout FlowEndpoint, _ peer: inout FlowEndpoint, _ history: inout FlowHistory, _ side: Side,
        _ packet: DecodedPacket
    ) -> Result {
        let flags = packet.flags
        let data = Int64(packet.dataLength)
        let controls: Int64 = (flags.contains(.syn) ? 1 : 0) + (flags.contains(.fin) ? 1 : 0)
        let span = controls + (flags.contains(.rst) ? 0 : data)
        let unseen = begin(&sender, &peer, packet, span)
        let sequence = sender.relative(packet.sequence)
        note(&history, &sender, side, flags, sequence, data)
        if packet.window == 0, !flags.contains(.rst), peer.state != .closed, sender.state != .reset {
            history.noteRepeated(.zeroWindow, side, times: &sender.zeroWindows)
        }
        if flags.contains(.fin) {
            sender.sentFIN = true
            sender.finSequence = sequence + span
        }
        var result = Result(sequence: sequence, unseen: unseen)
        if flags.contains(.ack) {
            result.acknowledged = acknowledge(&peer, packet.acknowledgement, flags)
        }
        advance(&sender, sequence + span, flags, data, &history, side)
        change(&sender, &peer, side, flags, hasData: data > 0)
        if data > 0, !flags.contains(.rst), sequence >= 0 {
            if !flags.contains(.syn) { result.dataStart = sequence } else if sequence == 0 { result.dataStart = 1 }
        }
        return result
    }

    /// Sets up the sequence space at an end's first segment, and again at a SYN that must be another attempt.
    /// - Returns: ``Result/unseen``.
    @inline(__always)
    private static func begin(
        _ sender: inout FlowEndpoint, _ peer: inout FlowEndpoint, _ packet: DecodedPacket, _ span: Int64
    ) -> Int64 {
        let (sequence, isSYN) = (packet.sequence, packet.flags.contains(.syn))
        switch sender.state {
        case .inactive:
            if isSYN {
                if !sender.hasStart || sender.start != sequence { sender.begin(at: sequence) }
                sender.last = span
            } else {
                // As though there had been a SYN, so that data counts from 1.
                let ahead = sender.hasStart ? Int64(Int32(bitPattern: sequence &- 1 &- sender.start)) : 0
                sender.begin(at: sequence &- 1)
                sender.last = 1
                return packet.flags.contains(.rst) || ahead > largestWindow ? 0 : max(0, ahead)
            }
        case .synSent, .synAckSent, .established, .partial:
            if isSYN {
                beginAgain(&sender, &peer, packet, span)
            } else if sender.hasRivals, span > 0, sender.last <= 1, sender.acknowledged == 0,
                sequence == sender.lastControl &+ 1
            {
                // It goes on with its last answer itself.
                sender.begin(at: sender.lastControl)
                sender.last = 1
            }
        case .reset:
            if isSYN, sender.previousState == .inactive {
                sender.begin(at: sequence)
                sender.last = span
            }
        case .closed: break
        }
        return 0
    }

    private static func beginAgain(
        _ sender: inout FlowEndpoint, _ peer: inout FlowEndpoint, _ packet: DecodedPacket, _ span: Int64
    ) {
        let isAnswer = packet.flags.contains(.ack)
        let owesAnswer = sender.owesAnswer
        if isAnswer { sender.owesAnswer = false }
        guard packet.sequence != sender.start else { return }
        if !isAnswer { peer.owesAnswer = peer.state != .inactive }
        let mayBeRefused = sender.isOpen && (isAnswer ? peer.state != .inactive : peer.isOpen)
        if mayBeRefused {
            sender.hasRivals = true
            // Another answer to the same SYN, of a proxy say, or a SYN that may only be challenged (RFC 9293 section
            // 3.10.7.4): it counts once the other end goes on with it.
            if !isAnswer || !owesAnswer { return }
        }
        // Who was seen in the middle, and its peer not at all, may begin again or lie: that will tell.
        if sender.state == .partial { sender.hasRivals = true }
        sender.begin(at: packet.sequence)
        sender.last = span
    }

    /// Finds which of its SYNs, or answers to one, the other end took, from what that acknowledges.
    private static func settleRivals(_ peer: inout FlowEndpoint, _ number: UInt32) {
        peer.hasRivals = false
        guard peer.isOpen || peer.state == .synSent else { return }
        let ahead = Int64(number &- peer.lastControl)
        let isExact = ahead == 1 && peer.lastControl != peer.start
        if !isExact, (1...max(peer.last, 1) + largestJump).contains(peer.relativeAcknowledgement(number)) { return }
        let isLast = (1...largestJump).contains(ahead)
        // Of a connection that goes on, numbers out of nowhere change nothing.
        guard isLast || peer.acknowledged == 0 else { return }
        peer.begin(at: isLast ? peer.lastControl : number &- 1)
        peer.last = 1
        // Its SYN began nothing: it is in its middle, as before.
        if peer.state == .synSent { peer.set(.partial) }
    }

    @inline(__always)
    private static func note(
        _ history: inout FlowHistory, _ sender: inout FlowEndpoint, _ side: Side, _ flags: TCPFlags,
        _ sequence: Int64, _ data: Int64
    ) {
        let controls = flags.intersection([.syn, .fin, .rst])
        if controls.isEmpty {
            if data > 0 {
                history.note(.data, side, &sender)
            } else if flags.contains(.ack) {
                history.note(.ack, side, &sender)
            }
            return
        }
        let event: FlowHistory.Event
        switch controls {
        case .syn: event = flags.contains(.ack) ? .synAck : .syn
        case .fin: event = .fin
        case .rst: event = .reset
        default: event = controls.isSuperset(of: [.fin, .rst]) ? .inconsistent : .multiple
        }
        // The numbers before this segment's own: a FIN's is noted after it.
        let isAgain =
            event == .fin
            ? sender.sentFIN && sender.finSequence == sequence + data + 1
            : sender.lastControl == UInt32(truncatingIfNeeded: sequence) &+ sender.start
        if event != .fin { sender.lastControl = UInt32(truncatingIfNeeded: sequence) &+ sender.start }
        history.noteControl(event, side, &sender, isAgain: isAgain)
    }

    /// - Returns: the acknowledgement in the peer's sequence space, nil when it makes no sense there.
    @inline(__always)
    private static func acknowledge(_ peer: inout FlowEndpoint, _ number: UInt32, _ flags: TCPFlags) -> Int64? {
        // What was acknowledged before the peer was seen at all is not known to have been sent.
        guard peer.state != .inactive else {
            if !peer.hasStart, number != 0 { peer.begin(at: number &- 1) }
            return nil
        }
        if peer.hasRivals, !flags.contains(.rst) { settleRivals(&peer, number) }
        let position = peer.relativeAcknowledgement(number)
        guard position >= 0 else { return nil }
        if flags.contains(.rst) || (number == 0 && position - peer.acknowledged > largestJump) { return nil }
        // Who acknowledges more has not got it, and each number behind such a one would be another round of them.
        guard position - max(peer.last, peer.acknowledged) <= largestWindow else { return nil }
        peer.acknowledged = max(peer.acknowledged, position)
        return position
    }

    @inline(__always)
    private static func advance(
        _ sender: inout FlowEndpoint, _ end: Int64, _ flags: TCPFlags, _ data: Int64,
        _ history: inout FlowHistory, _ side: Side
    ) {
        let step = end - sender.last
        if !flags.intersection([.syn, .rst]).isEmpty, abs(step) > largestJump { return }
        if flags.contains(.syn), end - data != 1 { return }
        if flags.contains(.fin), sender.last == 1, step != 0 {
            // More than 2 GiB of which only SYN and FIN were seen: the FIN's number is as good as we get.
            sender.last = step < 0 ? end + 1 << 32 : end
        } else if sender.state == .reset {
            return
        } else if step > 0 {
            sender.last = end
        } else if data > 0 {
            history.noteRepeated(.retransmission, side, times: &sender.retransmissions)
        }
    }
}
