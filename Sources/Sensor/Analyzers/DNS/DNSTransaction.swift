internal import Shared

/// A query and its answer, as far as they were seen.
///
/// A class, since it moves between its connection's queue and the message that is being read.
final class DNSTransaction: Weighed {
    /// Bytes of the texts that are kept of one: compressed names unfold, so that a message of 64 KiB may say megabytes.
    /// The largest honest answers, of a few hundred addresses or names, have a tenth of it.
    static let textLimit = 128 << 10
    /// What one without texts takes.
    private static let usualBytes = 384

    /// Of the texts that are kept.
    var texts = TextBudget(limit: DNSTransaction.textLimit, weight: DNSTransaction.usualBytes)
    let time: Timestamp
    /// The side that asked, known also when only the answer was seen.
    let asker: Side
    let id: UInt16
    let isNetBIOS: Bool
    var hasQuery = false
    var hasReply = false
    var question: DNSQuestion?
    var query: String?
    var roundTrip: Interval?
    var header: DNSHeader
    var responseCode: UInt8?
    var isAuthoritative = false
    var offersRecursion = false
    var isRejected = false
    private(set) var answers: [String] = []
    /// Nanoseconds.
    private(set) var timesToLive: [UInt64] = []
    var authority: [String] = []
    var additional: [String] = []

    init(header: DNSHeader, from side: Side, at time: Timestamp, isNetBIOS: Bool) {
        self.time = time
        self.header = header
        self.isNetBIOS = isNetBIOS
        id = header.id
        asker = header.isResponse ? side.other : side
    }

    var weight: Int { texts.weight }

    /// Takes over what the query says.
    func take(query question: DNSQuestion, header: DNSHeader) {
        hasQuery = true
        texts.add(2 * question.name.utf8.count)
        self.header = header
        self.question = question
        query = isNetBIOS ? NetBIOSName.decode(question.name) ?? question.name : question.name
    }

    /// Takes over what the head of the answer says.
    func take(reply header: DNSHeader, question: DNSQuestion?) {
        hasReply = true
        responseCode = header.responseCode
        isRejected = header.responseCode != 0 && header.recordCount == 0
        guard self.question == nil, let question else { return }
        self.question = question
        query = isNetBIOS ? NetBIOSName.decode(question.name) ?? question.name : question.name
    }

    /// Takes over one record of the answer section.
    func take(
        answer record: DNSResourceRecord, of message: RawSpan, header: DNSHeader, at now: Timestamp
    ) throws(DecodeError) {
        if query == nil {
            let name = try DNSName.decode(message, at: record.owner, keepsCase: isNetBIOS).text
            query = isNetBIOS ? NetBIOSName.decode(name) ?? name : name
        }
        if isNetBIOS {
            // Zeek reads no address of NetBIOS, and nothing else that comes with it.
            for address in try record.netBIOSAddresses(in: message) { append(address, of: record) }
        }
        guard let text = record.text else { return }
        isAuthoritative = header.isAuthoritative
        offersRecursion = header.offersRecursion
        if roundTrip == nil, now > time { roundTrip = now - time }
        if !text.isEmpty { append(text, of: record) }
    }

    private func append(_ answer: String, of record: DNSResourceRecord) {
        guard texts.take(answer) else { return }
        answers.append(answer)
        timesToLive.append(UInt64(record.timeToLive) * UInt64(Timestamp.nanosecondsPerSecond))
    }

    /// Takes over what the answer to an update says.
    func take(answer header: DNSHeader, zone: DNSQuestion?, at now: Timestamp) {
        hasReply = true
        responseCode = header.responseCode
        isRejected = header.responseCode != 0 && zone == nil
        if hasQuery, now > time { roundTrip = now - time }
    }

    /// Takes over what an update changes; an answer may repeat it, or be all that was seen.
    func take(_ update: DNSUpdate, zone: DNSQuestion?) {
        query = query ?? update.name ?? zone?.name
        guard answers.isEmpty else { return }
        for (line, timeToLive) in zip(update.lines, update.timesToLive) where texts.take(line) {
            answers.append(line)
            timesToLive.append(timeToLive)
        }
    }

    /// Writes the record.
    func write(into sink: inout RecordSink) {
        let dns = Records.dns
        sink.begin(dns, at: time)
        sink.batch.set(dns.proto, name: sink.connection.transport.name)
        sink.batch.set(dns.transId, UInt64(id))
        sink.batch.set(dns.rtt, roundTrip)
        writeQuestion(into: &sink)
        if let responseCode {
            sink.batch.set(dns.rcode, UInt64(responseCode))
            sink.batch.set(
                dns.rcodeName, DNSNumbers.responseCodes, responseCode, otherwise: "unassigned-\(responseCode)")
        }
        sink.batch.set(dns.aa, isAuthoritative)
        sink.batch.set(dns.tc, hasQuery && header.isTruncated)
        sink.batch.set(dns.rd, hasQuery && header.wantsRecursion)
        sink.batch.set(dns.ra, offersRecursion)
        sink.batch.set(dns.z, hasQuery ? header.reserved : 0)
        sink.batch.set(dns.answers, answers.isEmpty ? nil : answers)
        sink.batch.set(dns.ttls, timesToLive.isEmpty ? nil : timesToLive)
        sink.batch.set(dns.rejected, isRejected)
        sink.batch.set(dns.opcode, UInt64(header.opcode))
        sink.batch.set(
            dns.opcodeName, isNetBIOS ? DNSNumbers.netBIOSOpcodes : DNSNumbers.opcodes, header.opcode,
            otherwise: "\(isNetBIOS ? "netbios-" : "")opcode-\(header.opcode)")
        sink.batch.set(dns.auth, authority.isEmpty ? nil : authority)
        sink.batch.set(dns.addl, additional.isEmpty ? nil : additional)
        if texts.isExceeded { sink.batch.hasCutTexts = true }
        sink.end()
    }

    private func writeQuestion(into sink: inout RecordSink) {
        let dns = Records.dns
        sink.batch.set(dns.query, query)
        guard let question else { return }
        sink.batch.set(dns.qclass, UInt64(question.queryClass))
        sink.batch.set(
            dns.qclassName, DNSNumbers.classes, question.queryClass, otherwise: "qclass-\(question.queryClass)")
        sink.batch.set(dns.qtype, UInt64(question.type))
        // SRV has the number of NetBIOS' node status (RFC 1002 §4.2.1.2).
        if let name = isNetBIOS && question.type == 33 ? "NBSTAT" : DNSNumbers.highTypes[question.type] {
            sink.batch.set(dns.qtypeName, name: name)
        } else {
            sink.batch.set(dns.qtypeName, DNSNumbers.types, question.type, otherwise: "query-\(question.type)")
        }
    }
}

/// First-level encoding of NetBIOS names, RFC 1001 §14.1.
enum NetBIOSName {
    /// The name without the suffix byte and trailing spaces, or nil when the label is not such a name.
    static func decode(_ label: String) -> String? {
        let coded = label.utf8.prefix { $0 != 0x2E }
        guard coded.count == 32, coded.allSatisfy({ (0x41...0x50).contains($0) }) else { return nil }
        let halves = coded.map { $0 - 0x41 }
        var bytes = (0..<15).map { halves[$0 * 2] << 4 | halves[$0 * 2 + 1] }
        while let last = bytes.last, last == 0x20 || last == 0 { bytes.removeLast() }
        return bytes.withUnsafeBytes { WireText.string(decoding: $0) }
    }
}
