import Shared

/// Finding and feeding analyzers.
extension FlowEngine {
    /// First bytes of a side that wait for an analyzer to recognise them.
    static let maximumPrefix = 2048

    /// The flow's analysis, made when there is none.
    mutating func analysis(of number: UInt32) -> FlowAnalysis {
        let flow = table.flow(number)
        if flow.pointee.analysis >= 0, let known = analyses[Int(flow.pointee.analysis)] { return known }
        let made = FlowAnalysis()
        if let slot = freeAnalyses.popLast() {
            analyses[Int(slot)] = made
            flow.pointee.analysis = slot
        } else {
            flow.pointee.analysis = Int32(analyses.count)
            analyses.append(made)
        }
        return made
    }

    mutating func releaseAnalysis(_ number: UInt32) {
        let slot = table.flow(number).pointee.analysis
        guard slot >= 0, let analysis = analyses[Int(slot)] else { return }
        heldBytes -= analysis.heldBytes
        analyzerBytes -= analysis.analyzerBytes
        unrecognisedBytes -= analysis.held.cost
        holders.remove(analysis, table, analyses)
        waiters.remove(analysis, table, analyses)
        analyses[Int(slot)] = nil
        freeAnalyses.append(slot)
    }

    /// The connection ends: holes are given up, and the analyzer may write what it knows.
    mutating func endAnalysis(_ number: UInt32) {
        let flow = table.flow(number)
        guard flow.pointee.analysis >= 0 else { return }
        let time = flow.pointee.end
        if flow.pointee.hasPending {
            endWait(number, .originator, isProven: true)
            endWait(number, .responder, isProven: true)
            tellUntold(number, .originator, time)
            tellUntold(number, .responder, time)
            giveUpAll(number, .originator, time)
            giveUpAll(number, .responder, time)
        }
        if !flow.pointee.isAnalyzed { settleAnnounced(number, time) }
        guard flow.pointee.isAnalyzed, let analysis = analyses[Int(flow.pointee.analysis)] else { return }
        focus(number, time)
        sink.connection.fileCount = analysis.fileCount
        sink.connection.isCutOff = PerSide(
            originator: flow.pointee.isCutOff(.originator), responder: flow.pointee.isCutOff(.responder))
        analysis.analyzer?.finish(into: &sink)
        sink.connection.isCutOff = PerSide(originator: false, responder: false)
        takeServices(analysis)
        analysis.analyzer = nil
        flow.pointee.isAnalyzed = false
        noteHeldBytes(number, analysis, 0)
    }

    /// What waits behind a hole that nobody acknowledged: given to the analyzer, not counted as missed.
    mutating func giveUpAll(_ number: UInt32, _ side: Side, _ time: Timestamp) {
        for _ in 0...Self.maximumPendingSegments {
            let flow = table.flow(number)
            guard let analysis = analyses[Int(flow.pointee.analysis)], let first = analysis.pending[side].segments.first
            else { return }
            let next = flow.pointee.next(side)
            if first.start > next {
                flow.pointee.setNext(side, first.start)
                hole(number, side, Int(first.start - next), time)
            }
            drain(number, side, time)
        }
    }

    /// Takes over what an analyzer has left in the sink for its connection.
    private mutating func takeServices(_ analysis: FlowAnalysis) {
        analysis.fileCount = sink.connection.fileCount
        if sink.foundServices.isEmpty { return }
        for service in sink.foundServices { analysis.add(service: service) }
        sink.foundServices.removeAll(keepingCapacity: true)
    }

    /// One UDP datagram.
    mutating func datagram(
        _ number: UInt32, _ side: Side, _ bytes: RawSpan, _ packet: DecodedPacket, _ time: Timestamp
    ) {
        sink.isCut = packet.dataCaptured < packet.dataLength
        stream(
            number, side, bytes.extracting(packet.dataOffset..<(packet.dataOffset + packet.dataCaptured)), time)
        sink.isCut = false
    }

    /// The next bytes of one side, in order.
    mutating func stream(_ number: UInt32, _ side: Side, _ bytes: RawSpan, _ time: Timestamp) {
        let flow = table.flow(number)
        if shedLevel != .none, isShed(flow, side, bytes.byteCount) {
            if flow.pointee.isAnalyzed { hole(number, side, bytes.byteCount, time) }
        } else if flow.pointee.isAnalyzed {
            consume(number, side, bytes, time)
        } else if flow.pointee.probesLeft > 0 {
            // A transfer goes one way; a request or its answer may be as large.
            guard flow.pointee.turn(to: side) || !isInsideOfTransfer(flow, side, bytes.byteCount) else { return }
            countProbe(flow)
            probe(number, side, bytes, time)
        }
    }

    /// Takes one off the probes of a connection. Those of datagrams leave a few for later.
    private func countProbe(_ flow: UnsafeMutablePointer<Flow>) {
        if flow.pointee.probesLeft == Flow.lateProbes { return }
        flow.pointee.probesLeft -= 1
        if flow.pointee.probesLeft == 0, flow.pointee.transport == .udp { flow.pointee.probesLeft = Flow.lateProbes }
    }

    /// Probes of a connection that was picked up in its middle which large segments leave to smaller ones.
    private static let keptProbes = maximumProbes - 16
    /// Payload of what may well be a piece of something long.
    private static let largeSegment = 1024

    /// Whether a connection that was picked up in its middle may be carrying something long, in which no message
    /// begins: what comes behind it, a request say, must find probes left.
    private func isInsideOfTransfer(_ flow: UnsafeMutablePointer<Flow>, _ side: Side, _ byteCount: Int) -> Bool {
        guard flow.pointee.probesLeft <= Self.keptProbes, byteCount >= Self.largeSegment,
            flow.pointee.transport == .tcp, !flow.pointee.hasBeginning
        else { return false }
        guard flow.pointee.analysis >= 0, let analysis = analyses[Int(flow.pointee.analysis)] else { return true }
        return analysis.announced == nil && analysis.held.bytes[side].isEmpty
    }

    /// Whether payload is left out to keep up, and if so counts it.
    private mutating func isShed(_ flow: UnsafeMutablePointer<Flow>, _ side: Side, _ byteCount: Int) -> Bool {
        guard flow.pointee.isAnalyzed || flow.pointee.probesLeft > 0 else { return false }
        let sent = side == .originator ? flow.pointee.originator.last : flow.pointee.responder.last
        guard sent > shedLevel.payloadLimitBytes else { return false }
        counters.shedSegments &+= 1
        counters.shedBytes &+= UInt64(byteCount)
        return true
    }

    /// Offers bytes to the analyzers; the first that recognises them gets the connection.
    mutating func probe(_ number: UInt32, _ side: Side, _ bytes: RawSpan, _ time: Timestamp) {
        let flow = table.flow(number)
        if flow.pointee.transport == .udp { return probe(number, side, datagram: bytes, time) }
        // What announces a connection may be told behind the beginning of it.
        if flow.pointee.probesLeft == Self.maximumProbes - 1, sink.memories.awaitsStreams { takeAnnounced(number) }
        if flow.pointee.analysis >= 0, let analysis = analyses[Int(flow.pointee.analysis)] {
            if let announced = analysis.announced { return begin(announced, number, side, bytes, time) }
            if !analysis.held.bytes[side].isEmpty {
                probe(number, side, bytes, time, behind: analysis)
                if !flow.pointee.isAnalyzed, flow.pointee.probesLeft == 0 { change(analysis) { $0 = HeldPayload() } }
                return
            }
            if let type = Recognition.ofAnswer(bytes, from: side, to: analysis.held.bytes[side.other]) {
                return attach(number, type, side, bytes, time)
            }
        }
        switch ask(bytes, side, flow.pointee.transport) {
        case .match(let type): attach(number, type, side, bytes, time)
        case .needMore:
            look(flow, side, bytes)
            if bytes.byteCount < Self.maximumPrefix, mayHold() {
                change(analysis(of: number)) { $0.append(bytes, from: side) }
            }
        case .noMatch: look(flow, side, bytes)
        }
    }

    /// Offers bytes together with those of their side that wait.
    private mutating func probe(
        _ number: UInt32, _ side: Side, _ bytes: RawSpan, _ time: Timestamp, behind analysis: FlowAnalysis
    ) {
        let transport = table.flow(number).pointee.transport
        change(analysis) { $0.append(bytes, from: side) }
        let waiting = analysis.held.bytes[side]
        let answer = ask(waiting.span.bytes, side, transport)
        if case .match(let type) = answer {
            attach(number, type, side, bytes.extracting(first: 0), time)
        } else if case .match(let type) = ask(bytes, side, transport) {
            // A protocol that begins in the middle of another (STARTTLS): what waited was the other's.
            change(analysis) { $0 = HeldPayload() }
            attach(number, type, side, bytes, time)
        } else if case .needMore = answer, waiting.count < Self.maximumPrefix {
            return
        } else {
            change(analysis) { $0.remove(side) }
        }
    }

    /// Offers a datagram alone, and then together with those of its side that wait.
    private mutating func probe(
        _ number: UInt32, _ side: Side, datagram bytes: RawSpan, _ time: Timestamp
    ) {
        let flow = table.flow(number)
        if flow.pointee.analysis >= 0, let announced = analyses[Int(flow.pointee.analysis)]?.announced {
            return begin(announced, number, side, datagram: bytes, time)
        }
        let answer = ask(bytes, side, .udp)
        if case .match(let type) = answer {
            // What waited was held for another.
            if flow.pointee.analysis >= 0 { change(self.analysis(of: number)) { $0 = HeldPayload() } }
            return attach(number, type, side, bytes, time)
        }
        look(flow, side, bytes)
        // ESP has nothing to be recognised by but its port and numbers that follow one another.
        let isWaiting = if case .needMore = answer { true } else { flow.pointee.mayBeESP }
        if isWaiting, mayHold() {
            let analysis = analysis(of: number)
            change(analysis) { $0.append(datagram: bytes, from: side, at: time) }
            let count = analysis.held.count(side)
            for type in udpAnalyzers where type.fewestDatagrams > 1 && type.fewestDatagrams <= count {
                if case .match = type.probe(analysis.held, datagramsFrom: side) {
                    return attach(number, type, side, bytes.extracting(first: 0), time)
                }
            }
            if count >= HeldPayload.maximumDatagrams { change(analysis) { $0.remove(side) } }
        }
        if flow.pointee.probesLeft == Flow.lateProbes, !flow.pointee.isLateProbeNext, flow.pointee.analysis >= 0 {
            change(analysis(of: number)) { $0 = HeldPayload() }
        }
    }

    /// Changes what a flow holds for recognition, and keeps count of it.
    mutating func change(_ analysis: FlowAnalysis, _ change: (inout HeldPayload) -> Void) {
        let before = analysis.held.cost
        change(&analysis.held)
        unrecognisedBytes += analysis.held.cost - before
    }

    /// Whether payload may be held for recognition. What may not is looked at alone, and counted.
    mutating func mayHold() -> Bool {
        if unrecognisedBytes < settings.unrecognisedLimitBytes { return true }
        counters.refusedSegments &+= 1
        return false
    }

    func ask(_ bytes: RawSpan, _ side: Side, _ transport: Transport) -> Recognition {
        transport == .udp
            ? Recognition(bytes, from: side, by: udpAnalyzers, isDatagram: true)
            : Recognition(bytes, from: side, by: tcpAnalyzers)
    }

    /// Gives the connection to an analyzer: first what was held of either side, as it came, then `bytes`. Of a stream
    /// that was picked up in its middle, what the other side was seen to begin with may be the rest of a message.
    private mutating func attach(
        _ number: UInt32, _ type: any ProtocolAnalyzer.Type, _ side: Side, _ bytes: RawSpan, _ time: Timestamp
    ) {
        // Made where it stays: a large one lies in memory of its own, and would be copied.
        analysis(of: number).analyzer = type.init()
        startAnalysis(by: type, number, side, bytes, time)
    }

    mutating func attach(
        _ number: UInt32, _ analyzer: any ProtocolAnalyzer, _ side: Side, _ bytes: RawSpan, _ time: Timestamp
    ) {
        analysis(of: number).analyzer = analyzer
        startAnalysis(by: type(of: analyzer), number, side, bytes, time)
    }

    private mutating func startAnalysis(
        by type: any ProtocolAnalyzer.Type, _ number: UInt32, _ side: Side, _ bytes: RawSpan, _ time: Timestamp
    ) {
        let analysis = analysis(of: number)
        let held = analysis.held
        change(analysis) { $0 = HeldPayload() }
        analysis.service = type.service
        let flow = table.flow(number)
        flow.pointee.isAnalyzed = true
        if type.asksQuestions, Int(flow.pointee.list) == FlowLists.datagram { beginQuestions(number) }
        let isWhole = flow.pointee.transport != .tcp || flow.pointee.hasBeginning
        for piece in held.pieces where flow.pointee.isAnalyzed && (isWhole || piece.side == side) {
            let bytes = held.bytes[piece.side]
            consume(number, piece.side, bytes.span.bytes.extracting(piece.range), piece.time ?? time)
        }
        if flow.pointee.isAnalyzed, bytes.byteCount > 0 { consume(number, side, bytes, time) }
    }

    private mutating func consume(_ number: UInt32, _ side: Side, _ bytes: RawSpan, _ time: Timestamp) {
        let flow = table.flow(number)
        // Not asked whether its analyzer is nil: that would copy the analyzer.
        guard flow.pointee.isAnalyzed, let analysis = analyses[Int(flow.pointee.analysis)] else { return }
        focus(number, time)
        sink.connection.fileCount = analysis.fileCount
        sink.unreadByteCount = 0
        do throws(DecodeError) {
            let (progress, held) = try Self.feed(&analysis.analyzer!, bytes, side, &sink)
            if let service = analysis.service {
                analysis.add(service: service)
                analysis.service = nil
            }
            takeServices(analysis)
            // Giving up others' analysis turns the sink to them: nothing of this connection may be written after it.
            if case .wantMore = progress { return noteHeldBytes(number, analysis, held) }
            apply(progress, number, analysis)
            // A server that speaks first may do so in the same segment, and a datagram may be the next protocol's as a
            // whole; it may not go on for ever.
            let (unread, early) = (sink.unreadByteCount, sink.takeEarlyBytes())
            if case .handOver = progress, !early.isEmpty, sink.nesting < InnerStream.nestingLimit {
                sink.nesting += 1
                stream(number, side.other, early.span.bytes, time)
                sink.nesting -= 1
            }
            if case .handOver = progress, unread > 0, unread <= bytes.byteCount,
                sink.nesting < InnerStream.nestingLimit
            {
                sink.nesting += 1
                stream(number, side, bytes.extracting(droppingFirst: bytes.byteCount - unread), time)
                sink.nesting -= 1
            }
        } catch { recover(number, side, bytes.byteCount, analysis, error) }
    }

    /// Gives bytes to an analyzer and asks what it holds then, both where it is: taking it out to ask would cost more
    /// than the answer.
    private static func feed<Analyzer: ProtocolAnalyzer>(
        _ analyzer: inout Analyzer, _ bytes: RawSpan, _ side: Side, _ sink: inout RecordSink
    ) throws(DecodeError) -> (Progress, Int) {
        let progress = try analyzer.consume(bytes, from: side, into: &sink)
        return (progress, analyzer.heldBytes)
    }

    /// Tells the analyzer of bytes that will not come.
    mutating func hole(_ number: UInt32, _ side: Side, _ byteCount: Int, _ time: Timestamp) {
        let flow = table.flow(number)
        // A transfer may still be announced for this connection, and lacks these bytes then.
        if sink.memories.awaitsStreams, flow.pointee.probesLeft > 0 { _ = analysis(of: number) }
        guard flow.pointee.analysis >= 0, let analysis = analyses[Int(flow.pointee.analysis)] else { return }
        if !flow.pointee.isAnalyzed, !analysis.held.pieces.isEmpty { settleAnnounced(number, time) }
        guard flow.pointee.isAnalyzed else {
            analysis.lost[side] += byteCount
            change(analysis) { $0.remove(side) }
            return
        }
        focus(number, time)
        sink.connection.fileCount = analysis.fileCount
        analysis.hasHoles = true
        do throws(DecodeError) {
            try skip(number, side, byteCount, analysis)
        } catch {
            note(error, of: analysis)
            drop(number, analysis)
        }
    }

    private mutating func skip(
        _ number: UInt32, _ side: Side, _ byteCount: Int, _ analysis: FlowAnalysis
    ) throws(DecodeError) {
        guard let progress = try analysis.analyzer?.skip(byteCount, from: side, into: &sink) else { return }
        takeServices(analysis)
        apply(progress, number, analysis)
    }

    private mutating func apply(_ progress: Progress, _ number: UInt32, _ analysis: FlowAnalysis) {
        let flow = table.flow(number)
        switch progress {
        case .wantMore: return
        case .finished: flow.pointee.probesLeft = 0
        case .handOver: flow.pointee.probesLeft = Self.maximumProbes
        }
        analysis.analyzer?.finish(into: &sink)
        takeServices(analysis)
        analysis.analyzer = nil
        flow.pointee.isAnalyzed = false
        noteHeldBytes(number, analysis, 0)
    }

    /// What makes no sense may be the middle of a message, of a connection that was picked up in its middle or has
    /// lost something: its analyzer looks for the next one. A datagram stands alone.
    private mutating func recover(
        _ number: UInt32, _ side: Side, _ byteCount: Int, _ analysis: FlowAnalysis, _ error: DecodeError
    ) {
        let flow = table.flow(number)
        note(error, of: analysis)
        // What is recognised and then ends with the capture is no less its protocol.
        if sink.isCut, let service = analysis.service {
            analysis.add(service: service)
            analysis.service = nil
        }
        let isDatagram = flow.pointee.transport == .udp
        let mayGoOn = isDatagram ? analysis.service == nil : analysis.hasHoles || !flow.pointee.hasBeginning
        guard mayGoOn, analysis.errorCount < Self.toleratedErrors else { return drop(number, analysis) }
        analysis.errorCount += 1
        takeServices(analysis)
        do throws(DecodeError) {
            if !isDatagram { try skip(number, side, byteCount, analysis) }
            if flow.pointee.isAnalyzed { noteHeldBytes(number, analysis, analysis.analyzer?.heldBytes ?? 0) }
        } catch { drop(number, analysis) }
    }

    /// Errors of one connection behind which its analyzer goes on.
    private static let toleratedErrors: UInt8 = 4

    private mutating func note(_ error: DecodeError, of analysis: FlowAnalysis) {
        counters.analyzerErrors &+= 1
        guard let analyzer = analysis.analyzer else { return }
        sink.weird("analyzer_error", detail: "\(error)", source: type(of: analyzer).service)
    }

    /// The stream was not what it seemed: what was understood by now is told, and the connection is only counted from
    /// here on.
    private mutating func drop(_ number: UInt32, _ analysis: FlowAnalysis) {
        let flow = table.flow(number)
        analysis.analyzer?.finish(into: &sink)
        takeServices(analysis)
        analysis.analyzer = nil
        analysis.service = nil
        flow.pointee.isAnalyzed = false
        flow.pointee.probesLeft = 0
        noteHeldBytes(number, analysis, 0)
    }
}
