internal import Shared

extension DNSAnalyzer {
    /// Looks for a header whose counts are small and a first question (or, in an answer without question, a first
    /// record) that reads well. Over TCP the same behind a length.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        if isMessage(payload, isWhole: true) { return .match }
        guard let length = try? Int(payload.readBE(at: 0, as: UInt16.self)), length >= DNSHeader.byteCount else {
            return payload.byteCount < 2 ? .needMore : .noMatch
        }
        if payload.byteCount < 2 + DNSHeader.byteCount { return .needMore }
        let end = Swift.min(2 + length, payload.byteCount)
        return isMessage(payload.extracting(2..<end), isWhole: end == 2 + length) ? .match : .noMatch
    }

    /// Most records of one kind that a probe believes.
    private static let believableCount = 512

    private static func isMessage(_ message: RawSpan, isWhole: Bool) -> Bool {
        guard let header = try? DNSHeader(decoding: message), header.opcode <= 8, header.opcode != 3 else {
            return false
        }
        guard header.questionCount <= questionLimit, header.answerCount <= believableCount,
            header.authorityCount <= believableCount, header.additionalCount <= believableCount
        else { return false }
        if header.questionCount > 0 { return isQuestion(message, response: header.isResponse) }
        return header.isResponse && header.answerCount > 0 && isRecord(message)
    }

    private static func isQuestion(_ message: RawSpan, response: Bool) -> Bool {
        guard let end = try? DNSName.skip(message, at: DNSHeader.byteCount),
            let type = try? message.readBE(at: end, as: UInt16.self),
            let queryClass = try? message.readBE(at: end + 2, as: UInt16.self)
        else { return false }
        // A name and a class that fit are rare by chance; so is a class that does not fit with a type that does.
        return isClass(queryClass) || (end > DNSHeader.byteCount + 4 && (1...65).contains(type))
    }

    private static func isRecord(_ message: RawSpan) -> Bool {
        guard let end = try? DNSName.skip(message, at: DNSHeader.byteCount),
            let recordClass = try? message.readBE(at: end + 2, as: UInt16.self),
            let length = try? message.readBE(at: end + 8, as: UInt16.self)
        else { return false }
        return isClass(recordClass) && Int(length) <= message.byteCount - end - 10
    }

    /// The classes of IANA's registry; the top bit is mDNS' (RFC 6762 §5.4, §10.2).
    private static func isClass(_ number: UInt16) -> Bool {
        let plain = number & 0x7FFF
        return (1...4).contains(plain) || plain == 254 || plain == 255
    }
}
