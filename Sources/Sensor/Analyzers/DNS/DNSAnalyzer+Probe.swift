internal import Shared

extension DNSAnalyzer {
    /// Looks for a header whose counts are small and a first question (or, in an answer without question, a first
    /// record) that reads well. Over TCP the same behind a length.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        if case .match = probe(message: payload, isWhole: true) { return .match }
        guard let length = try? Int(payload.readBE(at: 0, as: UInt16.self)), length >= DNSHeader.byteCount else {
            return payload.byteCount < 2 ? .needMore : .noMatch
        }
        if payload.byteCount < 2 + DNSHeader.byteCount { return .needMore }
        let end = Swift.min(2 + length, payload.byteCount)
        return probe(message: payload.extracting(2..<end), isWhole: end == 2 + length)
    }

    /// Most records of one kind that a probe believes.
    private static let believableCount = 512

    /// - Parameter isWhole: more of it will not come.
    private static func probe(message: RawSpan, isWhole: Bool) -> ProbeResult {
        guard let header = try? DNSHeader(decoding: message), header.opcode <= 8, header.opcode != 3,
            header.questionCount <= questionLimit, header.answerCount <= believableCount,
            header.authorityCount <= believableCount, header.additionalCount <= believableCount
        else { return .noMatch }
        do throws(DecodeError) {
            if header.questionCount > 0 { return try isQuestion(message) ? .match : .noMatch }
            guard header.isResponse, header.answerCount > 0 else { return .noMatch }
            return try isRecord(message) ? .match : .noMatch
        } catch .truncated where !isWhole {
            return .needMore
        } catch {
            return .noMatch
        }
    }

    private static func isQuestion(_ message: RawSpan) throws(DecodeError) -> Bool {
        let end = try DNSName.skip(message, at: DNSHeader.byteCount)
        let type = try message.readBE(at: end, as: UInt16.self)
        let queryClass = try message.readBE(at: end + 2, as: UInt16.self)
        // A name and a class that fit are rare by chance; so is a class that does not fit with a type that does.
        return isClass(queryClass) || (end > DNSHeader.byteCount + 4 && (1...65).contains(type))
    }

    private static func isRecord(_ message: RawSpan) throws(DecodeError) -> Bool {
        let end = try DNSName.skip(message, at: DNSHeader.byteCount)
        guard isClass(try message.readBE(at: end + 2)) else { return false }
        try message.require(Int(try message.readBE(at: end + 8, as: UInt16.self)), at: end + 10)
        return true
    }

    /// The classes of IANA's registry; the top bit is mDNS' (RFC 6762 §5.4, §10.2).
    private static func isClass(_ number: UInt16) -> Bool {
        let plain = number & 0x7FFF
        return (1...4).contains(plain) || plain == 254 || plain == 255
    }
}
