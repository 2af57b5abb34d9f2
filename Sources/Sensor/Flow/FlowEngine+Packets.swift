import Shared

/// When a packet was seen, and inside of what.
struct Place {
    var time: Timestamp
    /// The tunnel around it, or ``FlowIdentity/none``.
    var tunnel = FlowIdentity.none
    /// The virtual network it belongs to: addresses of another one are other hosts. 0 outside of tunnels.
    var scope: UInt16 = 0
    /// How many tunnels there are around it.
    var depth = 0
}

extension FlowEngine {
    /// Tunnels in tunnels are followed this deep; Zeek's `Tunnel::max_depth` is 2, clouds stack a little more.
    static let maximumTunnelDepth = 4

    /// Hands what was decoded to its connection.
    @inline(__always)
    mutating func follow(
        _ bytes: RawSpan, _ outcome: DecodeOutcome, _ place: Place, _ packet: inout DecodedPacket
    ) {
        switch outcome {
        case .stopped(let reason): counters.stop(reason)
        case .aggregate: followAggregate(bytes, packet.nextSubframe, place)
        case .ip:
            if packet.isFragment {
                reassemble(bytes, packet, place)
            } else {
                transport(bytes, &packet, place)
            }
        }
    }

    /// Frames of one aggregate that are followed: stations put 64 together at the most.
    private static let maximumSubframes = 64

    /// The packets of an aggregate that a wireless frame carries, each up to the end of its own frame (IEEE 802.11-2020
    /// section 9.3.2.2.2): else one would have all behind it inside, and a few bytes cost a day.
    private mutating func followAggregate(_ bytes: RawSpan, _ start: Int, _ place: Place) {
        var start = start
        for _ in 0..<Self.maximumSubframes where start < bytes.byteCount {
            let end = LinkDecoder.subframeEnd(bytes, start)
            var packet = DecodedPacket()
            let outcome = LinkDecoder.decode(
                bytes.extracting(0..<end), wireLength: end, from: start, layer: .wirelessSubframe, into: &packet)
            follow(bytes.extracting(0..<end), outcome, place, &packet)
            // Each but the last is filled up to four bytes.
            start += (end - start + 3) & ~3
        }
    }

    /// An IP packet that is whole.
    @inline(__always)
    mutating func transport(_ bytes: RawSpan, _ packet: inout DecodedPacket, _ place: Place) {
        if let reason = TransportDecoder.decode(bytes, &packet) {
            if reason == .unknownTransport {
                if !carry(bytes, packet, place) { other(packet, place) }
            } else {
                counters.stop(reason)
            }
            return
        }
        switch packet.ipProtocol {
        case Transport.tcp.rawValue: tcp(bytes, packet, place)
        case Transport.udp.rawValue: udp(bytes, packet, place)
        default: icmp(packet, place)
        }
    }

    /// A packet of a protocol that is only counted. IPv6 may say that nothing follows (59).
    private mutating func other(_ packet: DecodedPacket, _ place: Place) {
        guard packet.ipProtocol != 59 else { return counters.stop(.noNextHeader) }
        counters.stop(.unknownTransport)
        let (number, side) = flowNumber(packet, place, .unknown)
        count(number, side, packet, place.time)
        lists.touch(number, table)
    }

    /// Finds the packet's flow, or makes one.
    /// - Returns: its number, or ``FlowTable/none`` when the table refuses it.
    @inline(__always)
    private mutating func flowNumber(
        _ packet: DecodedPacket, _ place: Place, _ transport: Transport
    ) -> (number: UInt32, side: Side) {
        let (key, sourceIsLow) = FlowKey.make(
            source: packet.source, sourcePort: packet.sourcePort, destination: packet.destination,
            destinationPort: packet.destinationPort, ipProtocol: packet.ipProtocol,
            scope: place.scope == 0 ? 0 : networks.representative(of: place.scope))
        let hash = table.hash(of: key)
        var number = table.find(key, hash)
        if number == FlowTable.none, place.scope != 0 { number = numberElsewhere(key, packet, place, transport) }
        if number != FlowTable.none, isOverdue(number, at: place.time) {
            close(number)
            number = FlowTable.none
        }
        if number != FlowTable.none, transport == .tcp, packet.flags.contains(.syn),
            isReuse(number, packet, place.time, fromLow: sourceIsLow)
        {
            close(number)
            number = FlowTable.none
        }
        if number == FlowTable.none {
            number = open(key, hash, packet, place, transport, sourceIsLow: sourceIsLow)
        }
        let side: Side = table.flow(number).pointee.originatorIsLow == sourceIsLow ? .originator : .responder
        return (number, side)
    }

    /// A connection of a virtual network that is known under another one's number: from before the two were found to be
    /// one, or because this answer to its SYN shows that they are.
    private mutating func numberElsewhere(
        _ key: FlowKey, _ packet: DecodedPacket, _ place: Place, _ transport: Transport
    ) -> UInt32 {
        var key = key
        let network = key.scope
        if network != place.scope {
            key.scope = place.scope
            let number = table.find(key, table.hash(of: key))
            if number != FlowTable.none { return number }
        }
        defer { networks.note(network) }
        guard transport == .tcp, packet.flags.isSuperset(of: [.syn, .ack]) else { return FlowTable.none }
        for other in networks.known where other != network {
            key.scope = other
            let number = table.find(key, table.hash(of: key))
            guard number != FlowTable.none else { continue }
            let flow = table.flow(number)
            let (asking, answering) = (flow.pointee.originator, flow.pointee.responder)
            guard asking.state == .synSent, answering.state == .inactive, asking.start &+ 1 == packet.acknowledgement
            else { continue }
            networks.join(network, to: other)
            return number
        }
        return FlowTable.none
    }

    private mutating func open(
        _ key: FlowKey, _ hash: UInt64, _ packet: DecodedPacket, _ place: Place, _ transport: Transport,
        sourceIsLow: Bool
    ) -> UInt32 {
        if table.isFull { evict() }
        var flow = Flow(key: key, originatorIsLow: sourceIsLow, start: place.time)
        if shouldFlip(packet, transport) {
            flow.originatorIsLow.toggle()
            flow.history.append(.flip)
        }
        flow.vlan = packet.vlan
        flow.innerVLAN = packet.innerVLAN
        flow.hasMAC = packet.hasMAC
        let (sender, receiver) = (packet.sourceMAC.bits, packet.destinationMAC.bits)
        let isFromOriginator = flow.originatorIsLow == sourceIsLow
        flow.originator.mac = isFromOriginator ? sender : receiver
        flow.responder.mac = isFromOriginator ? receiver : sender
        flow.hasTunnelParent = place.tunnel != .none
        let number = table.insert(flow, hash)
        if flow.hasTunnelParent { tunnelParents[number] = place.tunnel }
        switch transport {
        case .tcp:
            lists.append(number, to: FlowLists.attempt, table)
            if sink.memories.awaitsStreams { takeAnnounced(number) }
        case .udp:
            lists.append(number, to: FlowLists.datagram, table)
            if !sink.memories.tftpDataChannels.isEmpty { takeAnnouncedDatagrams(number) }
        case .unknown: lists.append(number, to: FlowLists.datagram, table)
        case .icmp, .icmp6: lists.append(number, to: FlowLists.icmp, table)
        }
        counters.flows &+= 1
        return number
    }

    private func shouldFlip(_ packet: DecodedPacket, _ transport: Transport) -> Bool {
        switch transport {
        case .tcp:
            let isAnswer = packet.flags.isSuperset(of: [.syn, .ack])
            if packet.flags.contains(.syn), !isAnswer { return false }
            return LikelyServers.tcp.shouldFlip(
                source: packet.sourcePort, destination: packet.destinationPort, isSYNACK: isAnswer)
        case .udp:
            return !packet.destination.isMulticastOrBroadcast && LikelyServers.udp.contains(packet.sourcePort)
                && !LikelyServers.udp.contains(packet.destinationPort)
        case .icmp, .icmp6, .unknown: return false
        }
    }

    /// A SYN that begins another connection between the same ports.
    private func isReuse(
        _ number: UInt32, _ packet: DecodedPacket, _ time: Timestamp, fromLow: Bool
    ) -> Bool {
        guard !packet.flags.contains(.ack), packet.flags.intersection([.fin, .rst]).isEmpty else { return false }
        let flow = table.flow(number)
        let sender = flow.pointee.originatorIsLow == fromLow ? flow.pointee.originator : flow.pointee.responder
        // After a refusal even the same SYN again is another attempt.
        if flow.pointee.originator.state == .reset || flow.pointee.responder.state == .reset { return true }
        if sender.hasStart, sender.start == packet.sequence { return false }
        return flow.pointee.list == FlowLists.closed
            || (sender.state == .established && time - flow.pointee.end > settings.closedTimeout)
    }

    /// Counts a packet for its sender, and notes when there is something to report.
    @inline(__always)
    private mutating func count(
        _ number: UInt32, _ side: Side, _ packet: DecodedPacket, _ time: Timestamp
    ) {
        let flow = table.flow(number)
        if time > flow.pointee.end, !flow.pointee.isEnded { flow.pointee.end = time }
        let ipBytes = UInt64(packet.ipLength)
        if side == .originator {
            flow.pointee.originator.packets &+= 1
            flow.pointee.originator.ipBytes &+= ipBytes
            counters.originatorPackets &+= 1
        } else {
            flow.pointee.responder.packets &+= 1
            flow.pointee.responder.ipBytes &+= ipBytes
            counters.responderPackets &+= 1
        }
        if !flow.pointee.isReportPending {
            flow.pointee.reportDue = clock + settings.interimInterval
            reports.append(number, table)
        }
    }

    @inline(__always)
    private mutating func tcp(_ bytes: RawSpan, _ packet: DecodedPacket, _ place: Place) {
        let time = place.time
        var (number, side) = flowNumber(packet, place, .tcp)
        let flow = table.flow(number)
        if flow.pointee.originator.state == .synAckSent, Self.goesOnBehindAnswer(flow, packet) {
            flow.pointee.flip()
            if !packet.flags.contains(.syn) { flow.pointee.responder.set(.established) }
            if flow.pointee.analysis >= 0 { analyses[Int(flow.pointee.analysis)]?.exchangeSides() }
            if sink.memories.awaitsStreams { takeAnnounced(number) }
            side = side.other
        }
        count(number, side, packet, time)
        if flow.pointee.handshake.isOpen { handshake(flow, side, bytes, packet, time) }
        if packet.dataLength > 0, flow.pointee.sizesLeft > 0 { noteSize(flow, side, packet, time) }
        let starts = (flow.pointee.originator.start, flow.pointee.responder.start)
        let result = TCPTracker.update(&flow.pointee, side, packet)
        if flow.pointee.originator.start != starts.0 { forgetWaiting(number, .originator, time) }
        if flow.pointee.responder.start != starts.1 { forgetWaiting(number, .responder, time) }
        if result.unseen > 0, flow.pointee.isAnalyzed { hole(number, side, Int(result.unseen), time) }
        if flow.pointee.hasPending { reviewWaits(number, side, result.sequence, time) }
        if let acknowledged = result.acknowledged { acknowledge(number, side.other, upTo: acknowledged, time) }
        if let start = result.dataStart {
            segment(number, side, bytes, packet, start: start, time)
        }
        if flow.pointee.originator.hasClosed, flow.pointee.responder.hasClosed { flow.pointee.isEnded = true }
        let list = Self.list(flow)
        if list != Int(flow.pointee.list) {
            lists.remove(number, table)
            lists.append(number, to: list, table)
        } else if list != FlowLists.attempt {
            lists.touch(number, table)
        }
    }

    /// Whether a connection that was first seen by a SYN-ACK goes on, so that this was an answer: its sender is the
    /// responder. One that nobody goes on with is a stealth scan, or its echo. The SYN may come behind its answer.
    private static func goesOnBehindAnswer(_ flow: UnsafeMutablePointer<Flow>, _ packet: DecodedPacket) -> Bool {
        guard flow.pointee.responder.state == .inactive, !packet.flags.contains(.rst) else { return false }
        if packet.flags.contains(.syn) {
            let answered = flow.pointee.responder
            return !packet.flags.contains(.ack) && answered.hasStart && answered.start == packet.sequence
        }
        return packet.flags.contains(.ack) || packet.dataLength > 0
    }

    private static let goingOn = FlowHistory.Event.ack.bit | FlowHistory.Event.data.bit

    /// Which timeout a TCP flow is under.
    @inline(__always)
    private static func list(_ flow: UnsafeMutablePointer<Flow>) -> Int {
        let (o, r) = (flow.pointee.originator.state, flow.pointee.responder.state)
        if o == .established, r == .established { return FlowLists.open }
        if r == .inactive, o == .synSent || o == .synAckSent {
            // Who goes on behind its SYN got an answer, which the capture of one direction does not show.
            return flow.pointee.originator.noted & goingOn == 0 ? FlowLists.attempt : FlowLists.open
        }
        let isOver =
            (o == .closed && (r == .closed || r == .inactive)) || o == .reset || r == .reset
            || (r == .closed && (o == .inactive || flow.pointee.responder.previousState == .inactive))
            || (o == .closed && flow.pointee.originator.previousState == .inactive)
        return isOver ? FlowLists.closed : FlowLists.open
    }

    @inline(__always)
    private mutating func udp(_ bytes: RawSpan, _ packet: DecodedPacket, _ place: Place) {
        let (number, side) = flowNumber(packet, place, .udp)
        count(number, side, packet, place.time)
        let flow = table.flow(number)
        if packet.dataLength > 0, flow.pointee.sizesLeft > 0 { noteSize(flow, side, packet, place.time) }
        if side == .originator {
            flow.pointee.originator.payloadBytes &+= UInt64(packet.dataLength)
            flow.pointee.history.note(.data, side, &flow.pointee.originator)
        } else {
            flow.pointee.responder.payloadBytes &+= UInt64(packet.dataLength)
            flow.pointee.history.note(.data, side, &flow.pointee.responder)
        }
        if Int(flow.pointee.list) == FlowLists.datagram { lists.touch(number, table) }
        if carryUDP(bytes, packet, number, place) { return }
        if packet.dataCaptured > 0, flow.pointee.isAnalyzed || Self.mayBeProbed(flow, bytes, packet) {
            datagram(number, side, bytes, packet, place.time)
        }
    }

    /// Whether a datagram that nobody follows is offered to the analyzers. Behind the first ones few are, and of ESP's
    /// those with the marker that tells IKE from it (RFC 3948 section 2.2).
    @inline(__always)
    private static func mayBeProbed(
        _ flow: UnsafeMutablePointer<Flow>, _ bytes: RawSpan, _ packet: DecodedPacket
    ) -> Bool {
        guard flow.pointee.probesLeft == Flow.lateProbes else { return flow.pointee.probesLeft > 0 }
        if flow.pointee.isLateProbeDue { return true }
        return flow.pointee.mayBeESP && packet.dataCaptured > 4
            && (try? bytes.readBE(at: packet.dataOffset, as: UInt32.self)) == 0
    }

    private mutating func icmp(_ packet: DecodedPacket, _ place: Place) {
        let isV6 = packet.ipProtocol == Transport.icmp6.rawValue
        var paired = packet
        if let answer = ICMPPairs.counterpart(of: packet.sourcePort, isV6: isV6) { paired.destinationPort = answer }
        let (number, side) = flowNumber(paired, place, isV6 ? .icmp6 : .icmp)
        count(number, side, paired, place.time)
        let flow = table.flow(number)
        if side == .originator {
            flow.pointee.originator.payloadBytes &+= UInt64(packet.dataLength)
        } else {
            flow.pointee.responder.payloadBytes &+= UInt64(packet.dataLength)
        }
        lists.touch(number, table)
    }
}
