internal import Shared

/// A dynamic update (RFC 2136): what must be so before it, and what it changes, as Zeek words it. Computers of a domain
/// register their names so; who can do it for others can draw their traffic to himself.
struct DNSUpdate {
    private(set) var lines: [String] = []
    /// Nanoseconds, one a line.
    private(set) var timesToLive: [UInt64] = []
    /// The name of the first record, be it one that must or must not be there, or one that changes.
    private(set) var name: String?

    /// Classes with a meaning of their own in these messages (sections 2.4 and 2.5).
    private static let none: UInt16 = 254
    private static let any: UInt16 = 255

    /// Reads prerequisites and changes, which stand where answers and authorities stand in other messages.
    /// - Parameter start: behind the zone.
    init(_ message: RawSpan, header: DNSHeader, at start: Int, zoneClass: UInt16) throws(DecodeError) {
        var offset = start
        var entries: [(record: DNSResourceRecord, name: String, isChange: Bool)] = []
        let count = header.answerCount + header.authorityCount
        var room = DNSTransaction.textLimit
        for index in 0..<Swift.min(count, DNSAnalyzer.recordLimit) {
            let record = try DNSResourceRecord(decoding: message, at: offset, keepsCase: false)
            let owner = try DNSName.decode(message, at: record.owner).text
            entries.append((record, owner, index >= header.answerCount))
            room -= owner.utf8.count + record.text.weight
            if room <= 0 { break }
            offset = record.end
        }
        name = entries.first?.name
        for entry in entries {
            lines.append(
                entry.isChange
                    ? change(entry.record, entry.name, zoneClass) : Self.condition(entry.record, entry.name))
            timesToLive.append(UInt64(entry.record.timeToLive) * UInt64(Timestamp.nanosecondsPerSecond))
        }
    }

    private static func condition(_ record: DNSResourceRecord, _ name: String) -> String {
        let isOfAnyType = record.type == any
        switch record.recordClass {
        case none: return isOfAnyType ? "pre: NameNotInUse \(name)" : "pre: NoRRSet \(type(record)) \(name)"
        case any: return isOfAnyType ? "pre: NameInUse \(name)" : "pre: RRSetExists \(type(record)) \(name)"
        default:
            let start = "pre: RRSetExists \(type(record)) \(name)"
            return record.text.map { $0.isEmpty ? start : start + " " + $0 } ?? start
        }
    }

    private func change(_ record: DNSResourceRecord, _ name: String, _ zoneClass: UInt16) -> String {
        switch record.recordClass {
        case Self.any: return "del: RRSet \(Self.type(record))" + (name == self.name ? "" : " " + name)
        case Self.none: return "del: RR \(Self.type(record)) \(name)"
        case zoneClass: return Self.addition(record, name)
        default: return "class-\(record.recordClass): \(Self.type(record)) \(name)"
        }
    }

    /// Addresses are told with the name that they belong to, other records as answers are.
    private static func addition(_ record: DNSResourceRecord, _ name: String) -> String {
        guard let text = record.text, !text.isEmpty else { return "add: \(type(record)) \(name)" }
        let isAddress = record.type == 1 || record.type == 28
        return isAddress ? "add: \(type(record)) \(name) \(text)" : "add: \(text)"
    }

    private static func type(_ record: DNSResourceRecord) -> String {
        if let name = DNSNumbers.highTypes[record.type] { return "\(name)" }
        return DNSNumbers.types[record.type].map { "\($0)" } ?? "query-\(record.type)"
    }
}
