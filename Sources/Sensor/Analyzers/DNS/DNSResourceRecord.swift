internal import Shared

/// One resource record, RFC 1035 §4.1.3, with its data as Zeek writes it in `answers`.
struct DNSResourceRecord: Equatable, Sendable {
    /// Where its name begins in the message; few need it.
    let owner: Int
    let type: UInt16
    let recordClass: UInt16
    /// Seconds.
    let timeToLive: UInt32
    /// Its data as text: nil for a type that is not shown, empty where only its presence counts.
    let text: String?
    /// Where its data begins in the message.
    let start: Int
    /// Where it ends in the message.
    let end: Int

    /// Character strings shown of one TXT record: a record of 65,535 bytes could hold as many empty ones.
    static let stringLimit = 512

    init(decoding message: RawSpan, at offset: Int, keepsCase: Bool) throws(DecodeError) {
        owner = offset
        let nameEnd = try DNSName.skip(message, at: offset)
        type = try message.readBE(at: nameEnd)
        recordClass = try message.readBE(at: nameEnd + 2)
        timeToLive = try message.readBE(at: nameEnd + 4)
        let length = Int(try message.readBE(at: nameEnd + 8, as: UInt16.self))
        start = nameEnd + 10
        try message.require(length, at: start)
        end = start + length
        // Conditions and deletions of an update have no data, whatever their type.
        text =
            length == 0 && type != 41
            ? "" : try Self.text(ofType: type, owner: offset, keepsCase, in: message, at: start, length: length)
    }

    /// Addresses of one name that are read: more than any host has.
    private static let addressLimit = 32

    /// The addresses of who has a NetBIOS name, each behind its flags (RFC 1002 section 4.2.13).
    func netBIOSAddresses(in message: RawSpan) throws(DecodeError) -> [String] {
        guard type == 32 else { return [] }
        var (addresses, offset) = ([String](), start)
        while end - offset >= 6, addresses.count < Self.addressLimit {
            addresses.append(IPAddress(v4: try message.readBE(at: offset + 2)).description)
            offset += 6
        }
        return addresses
    }

    /// Reads the data of a record whose type has a spelling.
    private static func text(
        ofType type: UInt16, owner: Int, _ keepsCase: Bool, in message: RawSpan, at start: Int, length: Int
    ) throws(DecodeError) -> String? {
        switch type {
        case 1: return length == 4 ? IPAddress(v4: try message.readBE(at: start)).description : ""
        case 28, 38: return try address6(message, at: start, length: length, isA6: type == 38)
        case 2, 5, 6, 12, 39: return try DNSName.decode(message, at: start).text
        case 15: return try DNSName.decode(message, at: start + 2).text
        // The same number is NetBIOS' node status (RFC 1002 §4.2.18), whose answer holds a table of names.
        case 33: return keepsCase ? nil : try serviceTarget(message, at: start, length: length)
        case 35: return try namingPointer(message, at: start)
        case 16: return strings(message.extracting(start..<(start + length)), label: "TXT")
        case 99: return strings(message.extracting(start..<(start + length)), label: "SPF")
        case 11: return ""
        // HINFO, NetBIOS names, OPT, SVCB, HTTPS, TKEY, TSIG, CAA.
        case 13, 32, 41, 64, 65, 249, 250, 257: return nil
        case 65_534: return "BIND9 signing signal"
        default:
            return try securityText(
                ofType: type, owner: owner, keepsCase, in: message, at: start, length: length)
        }
    }

    /// Records of DNSSEC and fingerprints (RFC 4034, 5155, 4255).
    private static func securityText(
        ofType type: UInt16, owner: Int, _ keepsCase: Bool, in message: RawSpan, at start: Int, length: Int
    ) throws(DecodeError) -> String? {
        switch type {
        case 46:
            let covered: UInt16 = try message.readBE(at: start)
            let signer = try DNSName.decode(message, at: start + 18).text
            return "RRSIG \(covered) \(signer.isEmpty ? "<Root>" : signer)"
        case 43:
            return "DS \(try message.byte(at: start + 2)) \(try message.byte(at: start + 3))"
        case 44:
            guard length > 2 else { return "SSHFP: " }
            return "SSHFP: " + Hexadecimal.text(of: message.extracting((start + 2)..<(start + length)))
        case 47:
            let name = try DNSName.decode(message, at: owner, keepsCase: keepsCase).text
            return "NSEC \(name) \(try DNSName.decode(message, at: start).text)"
        case 48: return "DNSKEY \(try message.byte(at: start + 3))"
        case 50: return "NSEC3"
        case 51: return "NSEC3PARAM"
        case 29:
            return "LOC:  \(try message.byte(at: start + 1)) \(try message.byte(at: start + 2))"
                + " \(try message.byte(at: start + 3))"
        default: return "<unknown type=\(type)>"
        }
    }

    private static func address6(
        _ message: RawSpan, at start: Int, length: Int, isA6: Bool
    ) throws(DecodeError) -> String {
        // A6 (RFC 2874) with a whole address has a prefix length of 0 in front.
        let skipped = isA6 && length == 17 ? 1 : 0
        guard length - skipped == 16 else { return "" }
        return IPAddress(
            high: try message.readBE(at: start + skipped), low: try message.readBE(at: start + skipped + 8)
        ).description
    }

    /// Order, preference, flags, service, then the expression and the replacement, of which one is empty
    /// (RFC 3403 §4.1).
    private static func namingPointer(_ message: RawSpan, at start: Int) throws(DecodeError) -> String {
        let order = try message.readBE(at: start, as: UInt16.self)
        let preference = try message.readBE(at: start + 2, as: UInt16.self)
        var offset = start + 4
        var text = "NAPTR \(order) \(preference)"
        for index in 0..<3 {
            let length = Int(try message.byte(at: offset))
            try message.require(length, at: offset + 1)
            let part = message.extracting((offset + 1)..<(offset + 1 + length)).text()
            if index < 2 || !part.isEmpty { text += " " + part }
            offset += 1 + length
        }
        let replacement = try DNSName.decode(message, at: offset).text
        return replacement.isEmpty ? text : text + " " + replacement
    }

    /// Target of an SRV record (RFC 2782).
    private static func serviceTarget(
        _ message: RawSpan, at start: Int, length: Int
    ) throws(DecodeError) -> String? {
        guard length >= 7 else { return nil }
        do {
            return try DNSName.decode(message, at: start + 6).text
        } catch {
            return nil
        }
    }

    /// Character strings as `TXT 5 hello`, one after another.
    private static func strings(_ data: RawSpan, label: String) -> String {
        var out = ""
        var offset = 0
        var count = 0
        while offset < data.byteCount, count < stringLimit, let length = try? Int(data.byte(at: offset)) {
            let end = Swift.min(offset + 1 + length, data.byteCount)
            if !out.isEmpty { out.append(" ") }
            out += "\(label) \(end - offset - 1) \(data.extracting((offset + 1)..<end).text())"
            offset = end
            count += 1
        }
        return out
    }
}
