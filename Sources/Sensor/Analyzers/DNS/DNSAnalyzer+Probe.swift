internal import Shared

extension DNSAnalyzer {
    /// Looks for a header whose counts are small and a first question (or, in an answer without question, a first
    /// record) that reads well. Over TCP the same behind a length. Of a damaged datagram, one of the two is enough when
    /// it says more than chance would.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        if case .match = probe(message: payload, isWhole: true) { return .match }
        if isDamaged(payload) { return .match }
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

    /// Whether a message that does not read well as a whole has a part that hardly anything else has.
    private static func isDamaged(_ message: RawSpan) -> Bool {
        guard let header = try? DNSHeader(decoding: message), header.opcode == 0, header.questionCount > 0 else {
            return false
        }
        guard header.flags & 0x40 == 0, beginsWithLabel(message) else {
            return header.flags == 0x0100 && isBare(header)
        }
        let counts = [header.questionCount, header.answerCount, header.authorityCount, header.additionalCount]
        if counts.count(where: { $0 > usualCount }) <= 2, (try? isPlainQuestion(message)) == true { return true }
        guard header.questionCount == 1, header.additionalCount <= (header.isResponse ? usualCount : 1) else {
            return false
        }
        if header.isResponse {
            return header.responseCode <= 5 && header.answerCount <= usualCount && header.authorityCount <= usualCount
        }
        // Few other flags than that recursion is wanted have a meaning in a query: AD and CD of RFC 4035, and TC.
        return isBare(header) && header.flags & ~0x0330 == 0
    }

    /// Whether a header is that of a query which asks one thing and brings nothing, but for an option.
    private static func isBare(_ header: DNSHeader) -> Bool {
        !header.isResponse && header.questionCount == 1 && header.answerCount == 0 && header.authorityCount == 0
            && header.additionalCount <= 1
    }

    /// Most records of one kind that an answer has whose question is damaged.
    private static let usualCount = 32

    /// A name, a type that is asked for (those of the IANA up to HTTPS, and TKEY to CAA) and the class of the Internet.
    private static func isPlainQuestion(_ message: RawSpan) throws(DecodeError) -> Bool {
        let end = try DNSName.skip(message, at: DNSHeader.byteCount)
        let type = try message.readBE(at: end, as: UInt16.self)
        guard try message.readBE(at: end + 2, as: UInt16.self) == 1, end >= DNSHeader.byteCount + 4 else {
            return false
        }
        return (1...65).contains(type) || (249...257).contains(type)
    }

    /// Whether a label of printable characters stands where the question begins.
    private static func beginsWithLabel(_ message: RawSpan) -> Bool {
        let start = DNSHeader.byteCount + 1
        guard let length = try? Int(message.byte(at: start - 1)), (1...63).contains(length),
            start + length < message.byteCount
        else { return false }
        return message.extracting(start..<(start + length)).withUnsafeBytes { label in
            label.allSatisfy { (0x21..<0x7F).contains($0) }
        }
    }

    private static func isQuestion(_ message: RawSpan) throws(DecodeError) -> Bool {
        let end = try DNSName.skip(message, at: DNSHeader.byteCount)
        let type = try message.readBE(at: end, as: UInt16.self)
        let queryClass = try message.readBE(at: end + 2, as: UInt16.self)
        // A name, a type that there may be and a class that fits are rare by chance; so is a class that does not fit
        // with a type that does.
        return (type != 0 && isClass(queryClass)) || (end > DNSHeader.byteCount + 4 && (1...65).contains(type))
    }

    private static func isRecord(_ message: RawSpan) throws(DecodeError) -> Bool {
        let end = try DNSName.skip(message, at: DNSHeader.byteCount)
        guard try message.readBE(at: end, as: UInt16.self) != 0, isClass(try message.readBE(at: end + 2)) else {
            return false
        }
        try message.require(Int(try message.readBE(at: end + 8, as: UInt16.self)), at: end + 10)
        return true
    }

    /// The classes of IANA's registry; the top bit is mDNS' (RFC 6762 §5.4, §10.2).
    private static func isClass(_ number: UInt16) -> Bool {
        let plain = number & 0x7FFF
        return (1...4).contains(plain) || plain == 254 || plain == 255
    }
}
