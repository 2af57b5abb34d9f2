import Shared

/// What a connection shows without being understood: round trips, systems, sizes, looks.
extension FlowEngine {
    /// Services of which the packets' sizes tell more than their records do.
    private static let opaqueServices: [StaticString] = [
        "ssl", "ssh", "quic", "dtls", "wireguard", "openvpn", "ipsec", "anydesk", "teamviewer", "doh", "dot", "doq",
    ]

    /// Takes a segment that may belong to the handshake; the sender's packet is counted already.
    func handshake(
        _ flow: UnsafeMutablePointer<Flow>, _ side: Side, _ bytes: RawSpan, _ packet: DecodedPacket, _ time: Timestamp
    ) {
        let sent = side == .originator ? flow.pointee.originator.packets : flow.pointee.responder.packets
        flow.pointee.handshake.take(packet.flags, side, isFirst: sent == 1, at: time, start: flow.pointee.start)
        guard packet.flags.contains(.syn), sent == 1 else { return }
        if side == .originator {
            flow.pointee.originator.system = SYNFacts(bytes, packet)
        } else {
            flow.pointee.responder.system = SYNFacts(bytes, packet)
        }
    }

    /// Notes the size of a packet with payload.
    mutating func noteSize(
        _ flow: UnsafeMutablePointer<Flow>, _ side: Side, _ packet: DecodedPacket, _ time: Timestamp
    ) {
        flow.pointee.sizesLeft -= 1
        if flow.pointee.beginning < 0 {
            if flow.pointee.sizesLeft == FlowBeginning.capacity - 1,
                let first = FirstPayload(packet.dataLength, side, after: time - flow.pointee.start)
            {
                flow.pointee.firstPayload = first
                return
            }
            flow.pointee.beginning = beginnings.take(beginning(of: flow))
        }
        beginnings[flow.pointee.beginning].note(packet.dataLength, side, at: time)
    }

    /// What was noted by now; of one packet with payload, no more than that is kept.
    private func beginning(of flow: UnsafeMutablePointer<Flow>) -> FlowBeginning {
        if flow.pointee.beginning >= 0 { return beginnings[flow.pointee.beginning] }
        var beginning = FlowBeginning()
        let first = flow.pointee.firstPayload
        if first.byteCount > 0 { beginning.note(first.byteCount, first.side, at: flow.pointee.start + first.delay) }
        return beginning
    }

    /// Looks at payload that no analyzer has recognised; the first of each side is remembered.
    func look(_ flow: UnsafeMutablePointer<Flow>, _ side: Side, _ payload: RawSpan) {
        if side == .originator, flow.pointee.originatorLook.kind == .unknown {
            flow.pointee.originatorLook = PayloadLook(payload)
        } else if side == .responder, flow.pointee.responderLook.kind == .unknown {
            flow.pointee.responderLook = PayloadLook(payload)
        }
    }

    /// Writes them into the `conn` record that is being written.
    mutating func setFacts(_ flow: UnsafeMutablePointer<Flow>, _ services: ServiceList) {
        if flow.pointee.transport == .tcp { setHandshake(flow) }
        guard flow.pointee.sizesLeft < FlowBeginning.capacity,
            services.allSatisfy({ service in Self.opaqueServices.contains { $0.isSame(as: service) } })
        else { return }
        let conn = Records.conn, beginning = beginning(of: flow)
        sink.batch.set(conn.firstSizes, beginning.sizeList)
        sink.batch.set(conn.firstSides, beginning)
        if beginning.count > 1 { sink.batch.set(conn.firstGaps, beginning.gapList) }
        guard services.isEmpty else { return }
        let (originatorLook, responderLook) = (flow.pointee.originatorLook, flow.pointee.responderLook)
        if originatorLook.kind != .unknown {
            sink.batch.set(conn.origEntropy, originatorLook.entropy)
            sink.batch.set(conn.origPayload, name: originatorLook.kind.name)
        }
        if responderLook.kind != .unknown {
            sink.batch.set(conn.respEntropy, responderLook.entropy)
            sink.batch.set(conn.respPayload, name: responderLook.kind.name)
        }
    }

    private mutating func setHandshake(_ flow: UnsafeMutablePointer<Flow>) {
        let conn = Records.conn, times = flow.pointee.handshake
        if times.originatorMicros > 0 { sink.batch.set(conn.origRtt, Self.interval(micros: times.originatorMicros)) }
        if times.responderMicros > 0 { sink.batch.set(conn.respRtt, Self.interval(micros: times.responderMicros)) }
        let (originator, responder) = (flow.pointee.originator, flow.pointee.responder)
        if originator.retransmissions > 0 { sink.batch.set(conn.origRetransmits, UInt64(originator.retransmissions)) }
        if responder.retransmissions > 0 { sink.batch.set(conn.respRetransmits, UInt64(responder.retransmissions)) }
        if originator.system.isKnown { sink.batch.set(conn.origSyn, originator.system) }
        if responder.system.isKnown { sink.batch.set(conn.respSyn, responder.system) }
        if let family = originator.system.family { sink.batch.set(conn.origOs, name: family) }
    }

    private static func interval(micros: UInt32) -> Interval { Interval(nanoseconds: Int64(micros) * 1000) }
}
