import Shared

extension FlowEngine {
    /// Follows what an IP packet carries that is neither TCP, UDP nor ICMP. False when it is no tunnel.
    mutating func carry(_ bytes: RawSpan, _ packet: DecodedPacket, _ place: Place) -> Bool {
        guard place.depth < Self.maximumTunnelDepth, let inner = TunnelDecoder.ip(bytes, packet) else { return false }
        counters.carrierPackets &+= 1
        follow(bytes, packet, inner, place)
        return true
    }

    /// The tunnel between two hosts that is no connection; told of when it is new.
    private mutating func pair(_ kind: TunnelKind, _ packet: DecodedPacket, _ time: Timestamp) -> FlowIdentity {
        let (identity, isNew) = tunnels.identity(kind, packet.source, packet.destination, time)
        guard isNew else { return identity }
        sink.now = time
        sink.connection = ConnectionContext()
        sink.connection.originator = packet.source
        sink.connection.responder = packet.destination
        sink.connection.start = time
        sink.connection.identity = identity
        tell(kind, "Tunnel::DISCOVER", at: time)
        return identity
    }

    /// Follows what a UDP datagram carries. False when it is no tunnel.
    @inline(__always)
    mutating func carryUDP(_ bytes: RawSpan, _ packet: DecodedPacket, _ number: UInt32, _ place: Place) -> Bool {
        guard place.depth < Self.maximumTunnelDepth, let inner = TunnelDecoder.udp(bytes, packet) else { return false }
        if inner.kind == .gre {
            // Its source port spreads one tunnel over many connections (RFC 8086 §3.1): the hosts are the tunnel.
            follow(bytes, packet, inner, place)
            return true
        }
        if inner.kind.isKnownByPort {
            return follow(bytes, packet, inner, place, carriedBy: number)
        }
        if !table.flow(number).pointee.isTunnelTold, !inner.hasKnownContent(bytes, packet) { return false }
        table.flow(number).pointee.tunnelKind = inner.kind
        follow(bytes, packet, inner, place, carriedBy: number)
        return true
    }

    /// - Parameter number: the flow that carries it, if one does. A tunnel is told of once there is IP inside.
    /// - Returns: whether there is.
    @discardableResult
    private mutating func follow(
        _ bytes: RawSpan, _ outer: DecodedPacket, _ inner: TunnelDecoder.Inner, _ place: Place,
        carriedBy number: UInt32 = FlowTable.none
    ) -> Bool {
        counters.innerPackets &+= 1
        let end = outer.payloadOffset + outer.payloadCaptured
        guard inner.offset <= end else {
            counters.stop(.badTunnelHeader)
            return false
        }
        var packet = DecodedPacket()
        let content = bytes.extracting(0..<end)
        let outcome = LinkDecoder.decode(
            content, wireLength: outer.payloadOffset + outer.payloadLength, from: inner.offset, layer: inner.layer,
            into: &packet)
        var inside = Place(time: place.time, scope: inner.scope(inside: place.scope), depth: place.depth + 1)
        let isInside =
            switch outcome {
            case .ip: true
            case .aggregate: LinkDecoder.packet(inSubframe: packet.nextSubframe, content) != nil
            case .stopped: false
            }
        if isInside, number == FlowTable.none {
            inside.tunnel = pair(inner.kind, outer, place.time)
        } else if isInside {
            inside.tunnel = table.flow(number).pointee.identity
            tellTunnel(number, inner.kind, place.time)
        }
        follow(content, outcome, inside, &packet)
        return isInside
    }

    /// Tells once that a connection carries others.
    private mutating func tellTunnel(_ number: UInt32, _ kind: TunnelKind, _ time: Timestamp) {
        if table.flow(number).pointee.isTunnelTold { return }
        table.flow(number).pointee.isTunnelTold = true
        table.flow(number).pointee.tunnelKind = kind
        focus(number, time)
        tell(kind, "Tunnel::DISCOVER", at: time)
    }

    /// Writes a `tunnel` record of the connection in focus.
    mutating func tell(_ kind: TunnelKind, _ action: String, at time: Timestamp) {
        sink.begin(Records.tunnel, at: time)
        sink.batch.set(Records.tunnel.tunnelType, kind.recordName)
        sink.batch.set(Records.tunnel.action, action)
        sink.end()
    }

    /// Takes a fragment; when it completes its packet, that is followed.
    mutating func reassemble(_ bytes: RawSpan, _ packet: DecodedPacket, _ place: Place) {
        // A capture that cuts packets never has the whole; its beginning tells the connection.
        if packet.fragmentOffset == 0, packet.payloadCaptured < packet.payloadLength {
            var beginning = packet
            return transport(bytes, &beginning, place)
        }
        counters.fragments &+= 1
        switch fragments.add(bytes, packet, place.time) {
        case .waiting: return
        case .refused: counters.stop(.fragmentRefused)
        case .complete(let payload, var whole):
            counters.reassembledPackets &+= 1
            if !whole.source.isIPv4 {
                IPDecoder.passExtensions(payload.span.bytes, &whole)
            } else if whole.ipProtocol == IPDecoder.authenticationHeader {
                IPDecoder.passAuthentication(payload.span.bytes, &whole)
            }
            transport(payload.span.bytes, &whole, place)
        }
    }
}
