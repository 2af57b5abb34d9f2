import Shared

extension FactReader {
    func conn(_ inventory: inout Inventory) -> Fact? {
        let f = Records.conn
        guard let (originator, found) = ends(f.origH, f.respH, &inventory) else { return nil }
        let (sent, received) = (Double(record[f.origBytes] ?? 0), Double(record[f.respBytes] ?? 0))
        var flow = Fact.Flow(
            uid: text(f.uid), start: record[f.ts] ?? time, duration: max(0, record[f.duration]?.seconds ?? 0),
            originator: originator, responder: found, originatorPort: record[f.origP] ?? 0,
            port: record[f.respP] ?? 0, transport: transport(f.proto), services: record[f.service] ?? [],
            sent: max(0, sent - Double(record[f.interimOrigBytes] ?? 0)),
            received: max(0, received - Double(record[f.interimRespBytes] ?? 0)), totalSent: sent,
            totalReceived: received, state: text(f.connState), isInterim: false, destination: -1,
            isNewDestination: false)
        // Only what answered is a device: a scan must not fill the inventory with addresses nobody has.
        if found.device == -2, !flow.isFailed, received > 0 || flow.transport == .tcp {
            flow.responder = resolved(found, &inventory)
        }
        finish(&flow, &inventory)
        return .flow(flow)
    }

    func interim(_ inventory: inout Inventory) -> Fact? {
        let f = Records.connInterim
        guard let (originator, found) = ends(f.origH, f.respH, &inventory) else { return nil }
        let (sent, received) = (Double(record[f.origBytes] ?? 0), Double(record[f.respBytes] ?? 0))
        var flow = Fact.Flow(
            uid: text(f.uid), start: record[f.start] ?? time, duration: record[f.duration]?.seconds ?? 0,
            originator: originator, responder: resolved(found, &inventory), originatorPort: record[f.origP] ?? 0,
            port: record[f.respP] ?? 0, transport: transport(f.proto), services: record[f.service] ?? [], sent: sent,
            received: received, totalSent: sent, totalReceived: received, state: "S1", isInterim: true,
            destination: -1, isNewDestination: false)
        finish(&flow, &inventory)
        return .flow(flow)
    }

    private func transport(_ field: TextField) -> Fact.Flow.Transport {
        switch record[field] {
        case "tcp": .tcp
        case "udp": .udp
        case "icmp": .icmp
        default: .other
        }
    }

    private func finish(_ flow: inout Fact.Flow, _ inventory: inout Inventory) {
        if flow.isOutbound, flow.responder.device == -1, !flow.responder.address.isMulticastOrBroadcast {
            let device = flow.originator.device
            flow.destination = destination(flow.responder.address, uid: flow.uid, device: device, &inventory)
            flow.isNewDestination = inventory.destinations.note(flow.destination, device: device, at: time)
        }
        guard flow.originator.isInside, !flow.isInterim, !flow.isFailed else { return }
        let isAnswered = flow.totalReceived > 0 && flow.responder.isInside
        inventory.opened(flow.originator.device, to: isAnswered ? flow.responder.device : nil, port: flow.port)
    }

    func dns(_ inventory: inout Inventory) -> Fact? {
        let f = Records.dns
        guard let (originator, _) = ends(f.origH, f.respH, &inventory), originator.isInside else { return nil }
        // Updates and notifications ask for nothing: what they say must not pass for a resolved name.
        guard record[f.opcode] ?? 0 == 0 else { return nil }
        let name = text(f.query)
        let answers = record[f.answers] ?? []
        if !answers.isEmpty, let number = destination(host: name, &inventory) {
            for answer in answers.prefix(16) {
                guard let address = IPAddress(answer), !address.isPrivate else { continue }
                inventory.names.note(answer: address, to: originator.device, destination: number)
            }
        }
        return .query(
            Fact.Query(
                device: originator.device, uid: text(f.uid), name: name, type: text(f.qtypeName),
                isMissing: record[f.rcode] == 3 || record[f.rcodeName] == "NXDOMAIN", answers: answers))
    }

    func ssl(_ inventory: inout Inventory) -> Fact? {
        let f = Records.ssl
        guard let (originator, found) = ends(f.origH, f.respH, &inventory), originator.isInside else { return nil }
        let (uid, name) = (text(f.uid), text(f.serverName))
        let responder = resolved(found, &inventory)
        var number = -1
        if responder.device == -1 {
            if let named = destination(host: name, &inventory) {
                number = named
                inventory.names.note(connection: uid, destination: named)
            } else {
                number = destination(responder.address, uid: uid, device: originator.device, &inventory)
            }
        }
        let subject = text(f.subject)
        let isSelfSigned =
            record[f.selfSigned]
            ?? (text(f.validationStatus).contains("self signed") || text(f.validationStatus).contains("self-signed")
                || (!subject.isEmpty && subject == text(f.issuer)))
        return .handshake(
            Fact.Handshake(
                uid: uid, originator: originator, responder: responder, port: record[f.respP] ?? 0,
                destination: number, serverName: name, fingerprint: record[f.ja4] ?? text(f.ja3),
                isSelfSigned: isSelfSigned, isEstablished: record[f.established] ?? false))
    }

    func http(_ inventory: inout Inventory) -> Fact? {
        let f = Records.http
        guard let (originator, found) = ends(f.origH, f.respH, &inventory) else { return nil }
        let (uid, host) = (text(f.uid), text(f.host))
        let responder = resolved(found, &inventory)
        var number = -1
        if originator.isInside, responder.device == -1 {
            if let named = destination(host: host, &inventory) {
                number = named
                inventory.names.note(connection: uid, destination: named)
            } else {
                number = destination(responder.address, uid: uid, device: originator.device, &inventory)
            }
        }
        return .web(
            Fact.WebRequest(
                uid: uid, originator: originator, responder: responder, port: record[f.respP] ?? 0,
                destination: number, host: host, uri: text(f.uri), method: text(f.method),
                userAgent: text(f.userAgent), status: record[f.statusCode] ?? 0,
                mimeTypes: record[f.respMimeTypes] ?? [], fileNames: record[f.respFilenames] ?? [],
                sent: Double(record[f.requestBodyLen] ?? 0), received: Double(record[f.responseBodyLen] ?? 0),
                hasUser: record[f.username] != nil))
    }

    func file(_ inventory: inout Inventory) -> Fact? {
        let f = Records.files
        var sender: IPAddress?
        var receiver: IPAddress?
        if let tx = record[f.txHosts]?.first, let rx = record[f.rxHosts]?.first {
            (sender, receiver) = (IPAddress(tx), IPAddress(rx))
        } else if let orig = record[f.origH], let resp = record[f.respH] {
            let isUp = record[f.isOrig] ?? false
            (sender, receiver) = (IPAddress(isUp ? orig : resp), IPAddress(isUp ? resp : orig))
        }
        guard let sender, let receiver else { return nil }
        func end(_ address: IPAddress) -> Fact.End {
            Fact.End(
                address: address,
                device: inventory.known(at: address)
                    ?? (inventory.isInternal(address) ? inventory.device(at: address, time: time) : -1))
        }
        let (from, to) = (end(sender), end(receiver))
        let uid = record[f.uid] ?? record[f.connUids]?.first ?? ""
        var number = -1
        if to.isInside, !from.isInside {
            number = destination(sender, uid: uid, device: to.device, &inventory)
        }
        return .file(
            Fact.CarriedFile(
                uid: uid, sender: from, receiver: to, source: text(f.source), mimeType: text(f.mimeType),
                name: text(f.filename), byteCount: Double(record[f.totalBytes] ?? record[f.seenBytes] ?? 0),
                sha256: text(f.sha256), destination: number))
    }
}
