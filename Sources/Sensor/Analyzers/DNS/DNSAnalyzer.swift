internal import Shared

/// DNS over UDP and TCP (RFC 1035), and its relatives mDNS (RFC 6762), LLMNR (RFC 4795) and the NetBIOS name
/// service (RFC 1002). Queries and answers are paired by identifier, first come first served, as Zeek does.
struct DNSAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "dns"
    static let transports: Transports = [.udp, .tcp]
    static let asksQuestions = true

    /// Queries (and answers) of one connection that may wait for their other half; the oldest is written when one
    /// more comes.
    static let pendingLimit = 256
    /// Of these, answers before their queries.
    static let replyLimit = 8
    /// Records read of one message: more would need compressed names only, which no server sends.
    static let recordLimit = 1024
    /// Questions of one message that are looked at: servers answer only one (RFC 9619), but mDNS asks for some dozen
    /// services at once (RFC 6762 section 5.3).
    static let questionLimit = 32
    /// Largest message (its length is 16 bits, RFC 1035 §4.2.2) with its length prefix.
    static let messageLimit = 65_537

    private var pending = PendingQueue<DNSTransaction>(limits: PendingLimits(count: Self.pendingLimit))
    private var buffers = PerSide(originator: StreamBuffer(), responder: StreamBuffer())
    /// Bytes of a side were lost, over TCP: the next message that fills a segment is believed.
    private var isLost = PerSide(originator: false, responder: false)
    /// A message of a side made sense over TCP, and no byte was lost since: the next begins where its length says.
    private var isInStep = PerSide(originator: false, responder: false)
    /// Messages in a row that made no sense, of a side over TCP.
    private var malformed = PerSide(originator: 0, responder: 0)
    /// As many are none of DNS.
    private static let malformedLimit = 16
    /// Answers may be missing.
    private var hasLosses = false

    init() {}

    var heldBytes: Int { buffers.heldBytes + pending.heldBytes }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if sink.connection.transport != .tcp {
            do throws(DecodeError) {
                try message(payload, from: side, into: &sink)
            } catch {
                // A datagram stands alone: the next one may be well-formed.
                sink.weird("DNS_malformed", detail: "\(error)", source: Self.service)
            }
            return .wantMore
        }
        return try stream(payload, from: side, into: &sink)
    }

    /// Takes messages with their length in front off the stream, RFC 1035 §4.2.2.
    private mutating func stream(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if isLost[side] {
            guard let length = try? payload.readBE(at: 0, as: UInt16.self), length >= DNSHeader.byteCount,
                Int(length) + 2 == payload.byteCount
            else { return .wantMore }
            isLost[side] = false
            isInStep[side] = false
        }
        var buffer = buffers.take(side, leaving: StreamBuffer())
        try buffer.append(payload, limit: Self.messageLimit + payload.byteCount)
        while true {
            let used = try buffer.withSpan { bytes throws(DecodeError) -> Int in
                guard bytes.byteCount >= 2 else { return 0 }
                let length = Int(try bytes.readBE(at: 0, as: UInt16.self))
                guard bytes.byteCount >= 2 + length else { return 0 }
                try self.tolerate(bytes.extracting(2..<(2 + length)), from: side, into: &sink)
                return 2 + length
            }
            if used == 0 { break }
            buffer.consume(used)
            if isLost[side] { buffer.removeAll() }
        }
        buffers[side] = buffer
        return .wantMore
    }

    /// Handles one message of a stream. As its length tells where the next begins, one that makes no sense hides none
    /// of those behind it, up to a number of them; as the first of a side it may be the middle of one, and the next
    /// that fills a segment is looked for.
    private mutating func tolerate(
        _ bytes: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        do throws(DecodeError) {
            try message(bytes, from: side, into: &sink)
            (isInStep[side], malformed[side]) = (true, 0)
        } catch {
            sink.weird("DNS_malformed", detail: "\(error)", source: Self.service)
            malformed[side] += 1
            guard malformed[side] < Self.malformedLimit else { throw error }
            if !isInStep[side] { (isLost[side], hasLosses) = (true, true) }
        }
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        buffers[side].removeAll()
        isLost[side] = true
        hasLosses = true
        return .wantMore
    }

    mutating func finish(into sink: inout RecordSink) {
        for transaction in pending.removeAll() { transaction.write(into: &sink) }
    }

    /// Handles one whole message.
    private mutating func message(
        _ message: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        let header = try DNSHeader(decoding: message)
        let isNetBIOS = sink.connection.responderPort == 137 && sink.connection.transport == .udp
        if hasLosses, !header.isResponse { giveUp(header.id, of: side, into: &sink) }
        switch header.opcode {
        case 0: break
        // NetBIOS' registration, which has the number of an update, is told as the question that it repeats. Releases
        // and refreshments go to all of a network, all the time.
        case DNSNumbers.update:
            if !isNetBIOS { return try update(message, header, from: side, into: &sink) }
        case DNSNumbers.inverseQuery where !isNetBIOS, DNSNumbers.status where !isNetBIOS,
            DNSNumbers.notify where !isNetBIOS:
            break
        default: return
        }
        if header.isResponse { return try answer(message, header, from: side, isNetBIOS: isNetBIOS, into: &sink) }
        var offset = DNSHeader.byteCount
        for _ in 0..<Swift.min(header.questionCount, Self.questionLimit) {
            let question = try DNSQuestion(decoding: message, at: offset, keepsCase: isNetBIOS)
            let transaction = takeTransaction(askedBy: header, question, from: side, isNetBIOS: isNetBIOS, in: sink)
            transaction.take(query: question, header: header)
            settle(transaction, into: &sink)
            offset = question.end
        }
    }

    /// Handles an answer. Where its questions make no sense, its header tells the outcome all the same, and where its
    /// records begin is not known.
    private mutating func answer(
        _ message: RawSpan, _ header: DNSHeader, from side: Side, isNetBIOS: Bool, into sink: inout RecordSink
    ) throws(DecodeError) {
        var offset = DNSHeader.byteCount
        var question: DNSQuestion?
        var failure: DecodeError?
        do throws(DecodeError) {
            for _ in 0..<Swift.min(header.questionCount, Self.questionLimit) {
                let next = try DNSQuestion(decoding: message, at: offset, keepsCase: isNetBIOS)
                question = question ?? next
                offset = next.end
            }
        } catch {
            failure = error
        }
        if let failure {
            // Whose of several it is cannot be told without its question.
            let askers = pending.elements.count { $0.hasQuery && $0.id == header.id && $0.asker != side }
            guard askers <= 1 else { throw failure }
        }
        let transaction = takeTransaction(
            answeredBy: header, question, from: side, now: sink.now, isNetBIOS: isNetBIOS)
        transaction.take(reply: header, question: question)
        if failure == nil, header.questionCount <= Self.questionLimit {
            readRecords(of: message, header: header, at: offset, into: transaction, sink: &sink)
        }
        settle(transaction, into: &sink)
        if let failure { throw failure }
    }

    /// Handles an update or its answer, which may repeat it.
    private mutating func update(
        _ message: RawSpan, _ header: DNSHeader, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        let zone =
            header.questionCount > 0
            ? try DNSQuestion(decoding: message, at: DNSHeader.byteCount, keepsCase: false) : nil
        let transaction =
            header.isResponse
            ? takeTransaction(answeredBy: header, nil, from: side, now: sink.now, isNetBIOS: false)
            : takeTransaction(askedBy: header, zone, from: side, isNetBIOS: false, in: sink)
        if header.isResponse {
            transaction.take(answer: header, zone: zone, at: sink.now)
        } else {
            transaction.hasQuery = true
            transaction.header = header
        }
        do throws(DecodeError) {
            let update = try DNSUpdate(
                message, header: header, at: zone?.end ?? DNSHeader.byteCount, zoneClass: zone?.queryClass ?? 1)
            transaction.take(update, zone: zone)
        } catch {
            sink.weird("DNS_RR_malformed", source: Self.service)
        }
        settle(transaction, into: &sink)
    }

    /// Writes a transaction that is whole, keeps any other for its other half.
    private mutating func settle(_ transaction: DNSTransaction, into sink: inout RecordSink) {
        if transaction.hasQuery && transaction.hasReply { return transaction.write(into: &sink) }
        if transaction.hasReply, pending.elements.count(where: \.hasReply) >= Self.replyLimit,
            let oldest = pending.firstIndex(where: \.hasReply)
        {
            pending.remove(at: oldest).write(into: &sink)
        }
        pending.append(transaction)
        while let oldest = pending.removeExcess() { oldest.write(into: &sink) }
    }

    /// A client uses the number of a query again once that is answered (RFC 7766 section 6.2.1): the answer to the one
    /// before was lost.
    private mutating func giveUp(_ id: UInt16, of asker: Side, into sink: inout RecordSink) {
        while let index = pending.firstIndex(where: { $0.hasQuery && $0.id == id && $0.asker == asker }) {
            pending.remove(at: index).write(into: &sink)
        }
    }

    /// The transaction that an answer belongs to: the oldest unanswered query of the other side with its identifier,
    /// and where packets are missing with its question.
    private mutating func takeTransaction(
        answeredBy header: DNSHeader, _ question: DNSQuestion?, from side: Side, now: Timestamp, isNetBIOS: Bool
    ) -> DNSTransaction {
        let index = pending.firstIndex {
            $0.hasQuery && $0.id == header.id && $0.asker != side
                && (!hasLosses || question == nil || $0.question?.asksSame(as: question) == true)
        }
        if let index { return pending.remove(at: index) }
        return DNSTransaction(header: header, from: side, at: now, isNetBIOS: isNetBIOS)
    }

    /// The transaction that a query belongs to: the oldest answer that came before its query, or a new one. Datagrams
    /// overtake each other; over TCP an answer without its query mostly is one to a query that was lost, and only one
    /// to the same question is taken.
    private mutating func takeTransaction(
        askedBy header: DNSHeader, _ question: DNSQuestion?, from side: Side, isNetBIOS: Bool, in sink: RecordSink
    ) -> DNSTransaction {
        let isInOrder = sink.connection.transport == .tcp
        let index = pending.firstIndex {
            $0.hasReply && $0.id == header.id && $0.asker == side
                && (!isInOrder
                    || $0.header.opcode == header.opcode
                        && ($0.question == nil || $0.question?.asksSame(as: question) == true))
        }
        if let index { return pending.remove(at: index) }
        return DNSTransaction(header: header, from: side, at: sink.now, isNetBIOS: isNetBIOS)
    }

    /// Reads the answer, authority and additional sections as far as they are well-formed.
    private func readRecords(
        of message: RawSpan, header: DNSHeader, at start: Int, into transaction: DNSTransaction,
        sink: inout RecordSink
    ) {
        var offset = start
        let authorityStart = header.answerCount
        let additionalStart = authorityStart + header.authorityCount
        do throws(DecodeError) {
            for index in 0..<Swift.min(header.recordCount, Self.recordLimit) {
                let record = try DNSResourceRecord(
                    decoding: message, at: offset, keepsCase: transaction.isNetBIOS)
                if index < authorityStart {
                    try transaction.take(answer: record, of: message, header: header, at: sink.now)
                } else if let text = record.text, !text.isEmpty, transaction.texts.take(text) {
                    if index < additionalStart {
                        transaction.authority.append(text)
                    } else {
                        transaction.additional.append(text)
                    }
                }
                offset = record.end
            }
        } catch {
            sink.weird("DNS_RR_malformed", source: Self.service)
        }
    }
}
