import Shared

extension FlowEngine {
    /// Tunnels in tunnels are followed this deep; Zeek's `Tunnel::max_depth` is 2, clouds stack a little more.
    static let maximumTunnelDepth = 4

    /// Decodes from a layer on and hands what it carries to its connection.
    @inline(__always)
    mutating func follow(
        _ bytes: RawSpan, wireLength: Int, from offset: Int, layer: Layer, time: Timestamp, tunnel: Int32, depth: Int,
        into packet: inout DecodedPacket
    ) {
        switch LinkDecoder.decode(bytes, wireLength: wireLength, from: offset, layer: layer, into: &packet) {
        case .stopped(let reason): counters.stop(reason)
        case .ip:
            if packet.isFragment {
                reassemble(bytes, packet, time: time, tunnel: tunnel, depth: depth)
            } else {
                transport(bytes, &packet, time: time, tunnel: tunnel, depth: depth)
            }
        }
    }

    /// An IP packet that is whole.
    @inline(__always)
    mutating func transport(
        _ bytes: RawSpan, _ packet: inout DecodedPacket, time: Timestamp, tunnel: Int32, depth: Int
    ) {
        if let reason = TransportDecoder.decode(bytes, &packet) {
            if reason == .unknownTransport, carry(bytes, packet, time: time, tunnel: tunnel, depth: depth) { return }
            counters.stop(reason)
            return
        }
        switch packet.ipProtocol {
        case Transport.tcp.rawValue: tcp(bytes, packet, time, tunnel)
        case Transport.udp.rawValue: udp(bytes, packet, time, tunnel, depth)
        default: icmp(bytes, packet, time, tunnel)
        }
    }

    /// Finds the packet's flow, or makes one.
    /// - Returns: its number, or ``FlowTable/none`` when the table refuses it.
    @inline(__always)
    private mutating func flowNumber(
        _ packet: DecodedPacket, _ time: Timestamp, _ tunnel: Int32, _ transport: Transport
    ) -> (number: UInt32, side: Side) {
        let (key, sourceIsLow) = FlowKey.make(
            source: packet.source, sourcePort: packet.sourcePort, destination: packet.destination,
            destinationPort: packet.destinationPort, ipProtocol: packet.ipProtocol)
        let hash = key.hash(seed: table.seed)
        var number = table.find(key, hash)
        if number != FlowTable.none, transport == .tcp, packet.flags.contains(.syn),
            isReuse(number, packet, time, fromLow: sourceIsLow) {
            close(number)
            number = FlowTable.none
        }
        if number == FlowTable.none {
            number = open(key, hash, packet, time, tunnel, transport, sourceIsLow: sourceIsLow)
        }
        let side: Side = table.flow(number).pointee.originatorIsLow == sourceIsLow ? .originator : .responder
        return (number, side)
    }

    private mutating func open(
        _ key: FlowKey, _ hash: UInt64, _ packet: DecodedPacket, _ time: Timestamp, _ tunnel: Int32,
        _ transport: Transport, sourceIsLow: Bool
    ) -> UInt32 {
        if table.isFull { evict() }
        var flow = Flow(
            key: key, hash: hash, originatorIsLow: sourceIsLow, transport: transport, start: time, end: time)
        if shouldFlip(packet, transport) {
            flow.originatorIsLow.toggle()
            flow.history.append("^")
        }
        flow.identity = FlowIdentity(
            high: UInt32(truncatingIfNeeded: key.hash(seed: UInt64(bitPattern: time.nanoseconds)) >> 16),
            low: key.hash(seed: UInt64(bitPattern: time.nanoseconds) &* 0x9E37_79B9_7F4A_7C15 ^ table.seed))
        flow.vlan = packet.vlan
        flow.innerVLAN = packet.innerVLAN
        flow.hasMAC = packet.hasMAC
        flow.tunnel = tunnel
        let number = table.insert(flow)
        switch transport {
        case .tcp: lists[FlowLists.attempt].append(number, table)
        case .udp: lists[FlowLists.datagram].append(number, table)
        case .icmp, .icmp6: lists[FlowLists.icmp].append(number, table)
        }
        counters.flows &+= 1
        return number
    }

    private func shouldFlip(_ packet: DecodedPacket, _ transport: Transport) -> Bool {
        switch transport {
        case .tcp:
            let isAnswer = packet.flags.isSuperset(of: [.syn, .ack])
            if packet.flags.contains(.syn), !isAnswer { return false }
            return LikelyServers.shouldFlip(
                source: packet.sourcePort, destination: packet.destinationPort, isSYNACK: isAnswer)
        case .udp:
            return !packet.destination.isMulticastOrBroadcast && LikelyServers.contains(packet.sourcePort)
                && !LikelyServers.contains(packet.destinationPort)
        case .icmp, .icmp6: return false
        }
    }

    /// A SYN that begins another connection between the same ports.
    private func isReuse(
        _ number: UInt32, _ packet: DecodedPacket, _ time: Timestamp, fromLow: Bool
    ) -> Bool {
        guard !packet.flags.contains(.ack), packet.flags.intersection([.fin, .rst]).isEmpty else { return false }
        let flow = table.flow(number)
        let sender = flow.pointee.originatorIsLow == fromLow ? flow.pointee.originator : flow.pointee.responder
        if sender.hasStart, sender.start == packet.sequence { return false }
        let isOver = flow.pointee.list == FlowLists.closed
        return isOver || (sender.state == .established && time - flow.pointee.end > settings.closedTimeout)
    }

    /// Counts a packet for its sender, and notes when there is something to report.
    @inline(__always)
    private mutating func count(
        _ number: UInt32, _ side: Side, _ packet: DecodedPacket, _ time: Timestamp
    ) {
        let flow = table.flow(number)
        if time > flow.pointee.end { flow.pointee.end = time }
        let ipBytes = UInt64(packet.ipLength)
        if side == .originator {
            flow.pointee.originator.packets &+= 1
            flow.pointee.originator.ipBytes &+= ipBytes
            if flow.pointee.originator.packets == 1, packet.hasMAC { setMACs(number, side, packet) }
        } else {
            flow.pointee.responder.packets &+= 1
            flow.pointee.responder.ipBytes &+= ipBytes
            if flow.pointee.responder.packets == 1, packet.hasMAC { setMACs(number, side, packet) }
        }
        if !flow.pointee.isReportPending {
            flow.pointee.reportDue = clock + settings.interimInterval
            reports.append(number, table)
        }
    }

    private mutating func setMACs(_ number: UInt32, _ side: Side, _ packet: DecodedPacket) {
        let flow = table.flow(number)
        flow.pointee.hasMAC = true
        if side == .originator {
            flow.pointee.originator.mac = packet.sourceMAC.bits
            if flow.pointee.responder.mac == 0 { flow.pointee.responder.mac = packet.destinationMAC.bits }
        } else {
            flow.pointee.responder.mac = packet.sourceMAC.bits
            if flow.pointee.originator.mac == 0 { flow.pointee.originator.mac = packet.destinationMAC.bits }
        }
    }

    @inline(__always)
    private mutating func tcp(
        _ bytes: RawSpan, _ packet: DecodedPacket, _ time: Timestamp, _ tunnel: Int32
    ) {
        let (number, side) = flowNumber(packet, time, tunnel, .tcp)
        count(number, side, packet, time)
        let flow = table.flow(number)
        let result = TCPTracker.update(&flow.pointee, side, packet)
        if let acknowledged = result.acknowledged { acknowledge(number, side.other, upTo: acknowledged, time) }
        if let start = result.dataStart {
            segment(number, side, bytes, packet, start: start, time)
        }
        let list = Self.list(flow.pointee)
        if list != Int(flow.pointee.list) {
            lists[Int(flow.pointee.list)].remove(number, table)
            lists[list].append(number, table)
        } else if list != FlowLists.attempt {
            lists[list].touch(number, table)
        }
    }

    /// Which timeout a TCP flow is under.
    @inline(__always)
    private static func list(_ flow: Flow) -> Int {
        let (o, r) = (flow.originator.state, flow.responder.state)
        if o == .established, r == .established { return FlowLists.open }
        if r == .inactive, o == .synSent || o == .synAckSent { return FlowLists.attempt }
        let isOver = (o == .closed && (r == .closed || r == .inactive)) || o == .reset || r == .reset
            || (r == .closed && o == .inactive)
        return isOver ? FlowLists.closed : FlowLists.open
    }

    @inline(__always)
    private mutating func udp(
        _ bytes: RawSpan, _ packet: DecodedPacket, _ time: Timestamp, _ tunnel: Int32, _ depth: Int
    ) {
        let (number, side) = flowNumber(packet, time, tunnel, .udp)
        count(number, side, packet, time)
        let flow = table.flow(number)
        if side == .originator {
            flow.pointee.originator.payloadBytes &+= UInt64(packet.dataLength)
            flow.pointee.history.note(.data, side, &flow.pointee.originator)
        } else {
            flow.pointee.responder.payloadBytes &+= UInt64(packet.dataLength)
            flow.pointee.history.note(.data, side, &flow.pointee.responder)
        }
        lists[FlowLists.datagram].touch(number, table)
        if depth < Self.maximumTunnelDepth,
            carryUDP(bytes, packet, number, time: time, depth: depth) { return }
        if packet.dataCaptured > 0, flow.pointee.isAnalyzed || flow.pointee.probesLeft > 0 {
            datagram(number, side, bytes, packet, time)
        }
    }

    private mutating func icmp(
        _ bytes: RawSpan, _ packet: DecodedPacket, _ time: Timestamp, _ tunnel: Int32
    ) {
        let isV6 = packet.ipProtocol == Transport.icmp6.rawValue
        var paired = packet
        if let answer = ICMPPairs.counterpart(of: packet.sourcePort, isV6: isV6) { paired.destinationPort = answer }
        let (number, side) = flowNumber(paired, time, tunnel, isV6 ? .icmp6 : .icmp)
        count(number, side, paired, time)
        let flow = table.flow(number)
        if side == .originator {
            flow.pointee.originator.payloadBytes &+= UInt64(packet.dataLength)
        } else {
            flow.pointee.responder.payloadBytes &+= UInt64(packet.dataLength)
        }
        lists[FlowLists.icmp].touch(number, table)
    }
}
