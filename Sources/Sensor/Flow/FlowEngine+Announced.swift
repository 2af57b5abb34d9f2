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
            analysis(of: number).add(service: FTPDataAnalyzer.service)
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

    /// First bytes of a connection that was announced. It may be secured, and an announcement hides nothing: TLS is
    /// looked into, and what strangers have announced is that only if it is nothing else.
    mutating func begin(
        _ announced: DataChannels.Number, _ number: UInt32, _ side: Side, _ bytes: RawSpan, _ time: Timestamp
    ) {
        if announced > DataChannels.ircNumbers { return beginOffered(announced, number, side, bytes, time) }
        analysis(of: number).announced = nil
        if case .match(let type) = ask(bytes, side, .tcp), type == TLSAnalyzer.self {
            attach(number, type.init(), side, bytes, time)
        } else {
            var analyzer = FTPDataAnalyzer(transfer: announced)
            let lost = analysis(of: number).lost
            analyzer.lose(lost.originator, of: .originator)
            analyzer.lose(lost.responder, of: .responder)
            attach(number, analyzer, side, bytes, time)
        }
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
