import Shared

/// Connections that another has announced: FTP's and TFTP's data, and files between clients of IRC.
extension FlowEngine {
    /// Looks whether a TCP connection that begins was announced by another.
    mutating func takeAnnounced(_ number: UInt32) {
        let flow = table.flow(number)
        guard flow.pointee.analysis < 0 || analyses[Int(flow.pointee.analysis)]?.announced == nil else { return }
        let end = DataChannels.Endpoint(address: flow.pointee.responderAddress, port: flow.pointee.responderPort)
        if let transfer = sink.memories.ftpDataChannels.open(end, at: flow.pointee.start) {
            announce(transfer, number)
            if isExpected(transfer, number) { analysis(of: number).add(service: FTPDataAnalyzer.service) }
        } else if let transfer = sink.memories.ircDataChannels.open(end, at: flow.pointee.start) {
            // Anybody can announce any server's end: it is called a file's once it proves to be nothing else.
            announce(transfer, number)
        }
    }

    private mutating func announce(_ transfer: DataChannels.Number, _ number: UInt32) {
        analysis(of: number).announced = transfer
    }

    /// The same of UDP, where it is a guess which end began.
    mutating func takeAnnouncedDatagrams(_ number: UInt32) {
        let flow = table.flow(number)
        let time = flow.pointee.start
        let responder = DataChannels.Endpoint(
            address: flow.pointee.responderAddress, port: flow.pointee.responderPort)
        let originator = DataChannels.Endpoint(
            address: flow.pointee.originatorAddress, port: flow.pointee.originatorPort)
        if let transfer = sink.memories.tftpDataChannels.open(responder, at: time) {
            analysis(of: number).announced = transfer
        } else if let transfer = sink.memories.tftpDataChannels.open(originator, at: time) {
            analysis(of: number).announced = transfer
        }
    }

    /// Whether a connection that FTP has announced goes between the ends of the session: whoever runs a server may name
    /// any other connection, as its clients may with PORT (RFC 2577 §2).
    private func isExpected(_ transfer: DataChannels.Number, _ number: UInt32) -> Bool {
        let flow = table.flow(number)
        let end = DataChannels.Endpoint(address: flow.pointee.responderAddress, port: flow.pointee.responderPort)
        return sink.memories.ftpDataChannels.isExpected(transfer, to: end, from: flow.pointee.originatorAddress)
    }

    /// First bytes of a connection that was announced. It may be secured, and an announcement hides nothing: TLS is
    /// looked into, and what strangers have announced is that only if it is nothing else.
    mutating func begin(
        _ announced: DataChannels.Number, _ number: UInt32, _ side: Side, _ bytes: RawSpan, _ time: Timestamp
    ) {
        if announced > DataChannels.ircNumbers { return beginOffered(announced, number, side, bytes, time) }
        guard isExpected(announced, number) else { return beginDoubted(announced, number, side, bytes, time) }
        if case .match(let type) = ask(bytes, side, .tcp), type == TLSAnalyzer.self {
            analysis(of: number).announced = nil
            attach(number, type.init(), side, bytes, time)
        } else {
            beginTransfer(announced, number, side, bytes, time)
        }
    }

    /// First bytes of a connection that a session of FTP has announced without being its end: either side's may be the
    /// file, or may become a protocol with what follows.
    private mutating func beginDoubted(
        _ announced: DataChannels.Number, _ number: UInt32, _ side: Side, _ bytes: RawSpan, _ time: Timestamp
    ) {
        let analysis = analysis(of: number)
        change(analysis) { $0.append(bytes, from: side) }
        let held = analysis.held.bytes[side]
        let isLast = table.flow(number).pointee.probesLeft == 0 || held.count >= Self.maximumPrefix
        switch ask(held.span.bytes, side, .tcp) {
        case .match(let type):
            analysis.announced = nil
            attach(number, type.init(), side, bytes.extracting(first: 0), time)
        case .needMore where !isLast && mayHold(): return
        default: beginTransfer(announced, number, side, bytes.extracting(first: 0), time)
        }
    }

    /// The connection is FTP's data: what was held of it, and `bytes`.
    private mutating func beginTransfer(
        _ announced: DataChannels.Number, _ number: UInt32, _ side: Side, _ bytes: RawSpan, _ time: Timestamp
    ) {
        let analysis = analysis(of: number)
        analysis.announced = nil
        analysis.add(service: FTPDataAnalyzer.service)
        var analyzer = FTPDataAnalyzer(transfer: announced)
        analyzer.lose(analysis.lost.originator, of: .originator)
        analyzer.lose(analysis.lost.responder, of: .responder)
        attach(number, analyzer, side, bytes, time)
    }

    /// A connection ends, or loses something, that FTP has announced and that has not become anything else by now.
    mutating func settleAnnounced(_ number: UInt32, _ time: Timestamp) {
        let flow = table.flow(number)
        guard flow.pointee.transport == .tcp, flow.pointee.analysis >= 0,
            let analysis = analyses[Int(flow.pointee.analysis)], let announced = analysis.announced,
            announced < DataChannels.ircNumbers
        else { return }
        if analysis.held.pieces.isEmpty { return analysis.add(service: FTPDataAnalyzer.service) }
        let side = analysis.held.bytes.originator.isEmpty ? Side.responder : .originator
        let nothing: [UInt8] = []
        beginTransfer(announced, number, side, nothing.span.bytes, time)
    }

    /// First bytes of a connection that a client of IRC has offered a file at. The end that was connected to sends it:
    /// what the other says first, or what may still become a protocol, is looked at as on any connection.
    private mutating func beginOffered(
        _ announced: DataChannels.Number, _ number: UInt32, _ side: Side, _ bytes: RawSpan, _ time: Timestamp
    ) {
        let analysis = analysis(of: number)
        analysis.announced = nil
        guard side == .responder else { return probe(number, side, bytes, time) }
        let isFirst = analysis.held.bytes[side].isEmpty
        guard isFirst, case .noMatch = ask(bytes, side, .tcp) else { return probe(number, side, bytes, time) }
        analysis.add(service: IRCDataAnalyzer.service)
        let lost = analysis.lost[side]
        attach(number, IRCDataAnalyzer(offer: announced, lost: lost), side, bytes, time)
    }

    /// First datagram of a connection that was announced. The port may have found another use since.
    mutating func begin(
        _ announced: DataChannels.Number, _ number: UInt32, _ side: Side, datagram bytes: RawSpan, _ time: Timestamp
    ) {
        analysis(of: number).announced = nil
        if TFTPTransfer.begins(bytes) {
            attach(number, TFTPDataAnalyzer(transfer: announced), side, bytes, time)
        } else {
            probe(number, side, bytes, time)
        }
    }
}
