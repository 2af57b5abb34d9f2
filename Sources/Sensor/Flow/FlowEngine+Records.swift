import Shared

extension FlowEngine {
    /// Payload bytes that a side has sent.
    func payload(_ flow: UnsafeMutablePointer<Flow>, _ side: Side) -> UInt64 {
        if side == .originator {
            guard flow.pointee.transport == .tcp else { return flow.pointee.originator.payloadBytes }
            return TCPTracker.payload(of: flow.pointee.originator, peer: flow.pointee.responder)
        }
        guard flow.pointee.transport == .tcp else { return flow.pointee.responder.payloadBytes }
        return TCPTracker.payload(of: flow.pointee.responder, peer: flow.pointee.originator)
    }

    /// Sets the sink's connection, for an analyzer or a record.
    mutating func focus(_ number: UInt32, _ time: Timestamp) {
        let flow = table.flow(number)
        sink.now = time
        sink.connection.originator = flow.pointee.originatorAddress
        sink.connection.responder = flow.pointee.responderAddress
        sink.connection.originatorPort = flow.pointee.originatorPort
        sink.connection.responderPort = flow.pointee.responderPort
        sink.connection.transport = flow.pointee.transport
        sink.connection.start = flow.pointee.start
        sink.connection.isOneSided = flow.pointee.originator.packets == 0 || flow.pointee.responder.packets == 0
        sink.connection.isPickedUp = flow.pointee.transport == .tcp && !flow.pointee.hasBeginning
        sink.connection.identity = flow.pointee.identity
    }

    /// What analyzers found, and what the number of the IP protocol alone says: ESP and AH are IPsec. Zeek names none.
    private func services(of flow: UnsafeMutablePointer<Flow>) -> ServiceList {
        var services = ServiceList()
        if flow.pointee.transport == .unknown {
            if Self.isIPsec(flow.pointee.key.ipProtocol) { services.insert("ipsec") }
        } else if flow.pointee.analysis >= 0, let found = analyses[Int(flow.pointee.analysis)]?.services {
            services = found
        }
        return services
    }

    /// RFC 4303 and RFC 4302.
    private static func isIPsec(_ ipProtocol: UInt8) -> Bool { ipProtocol == 50 || ipProtocol == 51 }

    /// Writes the `conn` record of a connection that ends.
    mutating func writeRecord(_ number: UInt32) {
        let flow = table.flow(number)
        focus(number, flow.pointee.end)
        let conn = Records.conn
        var services = services(of: flow)
        // The control messages of a tunnel may have named it.
        if let name = flow.pointee.tunnelKind.service { services.insert(name) }
        sink.begin(conn, at: flow.pointee.start)
        sink.batch.set(conn.proto, name: flow.pointee.transport.name)
        if !services.isEmpty { sink.batch.set(conn.service, names: services) }
        let duration = flow.pointee.end - flow.pointee.start
        if duration > .zero { sink.batch.set(conn.duration, duration) }
        let sent = payload(flow, .originator), received = payload(flow, .responder)
        sink.batch.set(conn.origBytes, sent)
        sink.batch.set(conn.respBytes, received)
        sink.batch.set(conn.connState, name: Self.state(flow))
        sink.batch.set(conn.localOrig, flow.pointee.originatorAddress.isPrivate)
        sink.batch.set(conn.localResp, flow.pointee.responderAddress.isPrivate)
        sink.batch.set(conn.missedBytes, flow.pointee.originator.missedBytes + flow.pointee.responder.missedBytes)
        if flow.pointee.history.count > 0 { sink.batch.set(conn.history, flow.pointee.history.text) }
        sink.batch.set(conn.origPkts, flow.pointee.originator.packets)
        sink.batch.set(conn.origIpBytes, flow.pointee.originator.ipBytes)
        sink.batch.set(conn.respPkts, flow.pointee.responder.packets)
        sink.batch.set(conn.respIpBytes, flow.pointee.responder.ipBytes)
        if let tunnel = tunnelParents[number], flow.pointee.hasTunnelParent {
            sink.batch.set(conn.tunnelParents, of: tunnel)
        }
        sink.batch.set(conn.ipProto, UInt64(flow.pointee.key.ipProtocol))
        setLink(number)
        if settings.tellsCommunityID { sink.batch.set(conn.communityId, Self.communityID(flow)) }
        if flow.pointee.told >= 0 { setInterim(number) }
        setFacts(flow, services)
        sink.end()
    }

    private static func communityID(_ flow: UnsafeMutablePointer<Flow>) -> String? {
        CommunityID.text(
            flow.pointee.originatorAddress, flow.pointee.originatorPort, flow.pointee.responderAddress,
            flow.pointee.responderPort, ipProtocol: flow.pointee.key.ipProtocol
        ) { Digest.sha1.bytes(of: $0) }
    }

    private mutating func setLink(_ number: UInt32) {
        let flow = table.flow(number), conn = Records.conn
        if flow.pointee.vlan != DecodedPacket.noVLAN { sink.batch.set(conn.vlan, UInt64(flow.pointee.vlan)) }
        if flow.pointee.innerVLAN != DecodedPacket.noVLAN {
            sink.batch.set(conn.innerVlan, UInt64(flow.pointee.innerVLAN))
        }
        guard flow.pointee.hasMAC else { return }
        sink.batch.set(conn.origL2Addr, MACAddress(bits: flow.pointee.originator.mac))
        sink.batch.set(conn.respL2Addr, MACAddress(bits: flow.pointee.responder.mac))
    }

    private mutating func setInterim(_ number: UInt32) {
        let flow = table.flow(number), conn = Records.conn
        let told = told[flow.pointee.told]
        sink.batch.set(conn.interimOrigBytes, told.originatorBytes)
        sink.batch.set(conn.interimRespBytes, told.responderBytes)
        sink.batch.set(conn.interimOrigPkts, told.originatorPackets)
        sink.batch.set(conn.interimRespPkts, told.responderPackets)
    }

    static func state(_ flow: UnsafeMutablePointer<Flow>) -> StaticString {
        switch flow.pointee.transport {
        case .tcp: return TCPTracker.state(flow.pointee.originator, flow.pointee.responder, flow.pointee.history)
        case .udp:
            if flow.pointee.originator.packets > 0 { return flow.pointee.responder.packets > 0 ? "SF" : "S0" }
            return flow.pointee.responder.packets > 0 ? "SHR" : "OTH"
        case .icmp, .icmp6, .unknown: return "OTH"
        }
    }

    /// Tells what is new on an open connection since the last report.
    mutating func interimReport(_ number: UInt32, at time: Timestamp) {
        let flow = table.flow(number)
        let packets = flow.pointee.originator.packets + flow.pointee.responder.packets
        let before = flow.pointee.told < 0 ? FlowTold() : told[flow.pointee.told]
        guard packets > before.originatorPackets + before.responderPackets, flow.pointee.list != FlowLists.closed,
            time - flow.pointee.start >= settings.interimInterval,
            flow.pointee.end - flow.pointee.start >= .seconds(1)
        else { return }
        focus(number, time)
        if flow.pointee.told < 0 { flow.pointee.told = told.take(FlowTold()) }
        counters.interimReports &+= 1
        let interim = Records.connInterim
        sink.begin(interim, at: time)
        sink.batch.set(interim.proto, name: flow.pointee.transport.name)
        let services = services(of: flow)
        if !services.isEmpty { sink.batch.set(interim.service, names: services) }
        sink.batch.set(interim.seq, before.count + 1)
        sink.batch.set(interim.start, flow.pointee.start)
        sink.batch.set(interim.duration, time - flow.pointee.start)
        let (sent, received) = (payload(flow, .originator), payload(flow, .responder))
        sink.batch.set(interim.origBytes, sent - min(sent, before.originatorBytes))
        sink.batch.set(interim.respBytes, received - min(received, before.responderBytes))
        sink.batch.set(interim.origPkts, flow.pointee.originator.packets - before.originatorPackets)
        sink.batch.set(interim.respPkts, flow.pointee.responder.packets - before.responderPackets)
        if flow.pointee.vlan != DecodedPacket.noVLAN { sink.batch.set(interim.vlan, UInt64(flow.pointee.vlan)) }
        if flow.pointee.hasMAC {
            sink.batch.set(interim.origL2Addr, MACAddress(bits: flow.pointee.originator.mac))
            sink.batch.set(interim.respL2Addr, MACAddress(bits: flow.pointee.responder.mac))
        }
        sink.end()
        told[flow.pointee.told] = FlowTold(
            count: before.count + 1, originatorBytes: max(sent, before.originatorBytes),
            responderBytes: max(received, before.responderBytes), originatorPackets: flow.pointee.originator.packets,
            responderPackets: flow.pointee.responder.packets)
    }
}
