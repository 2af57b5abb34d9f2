import Shared

/// How often each irregularity was seen since the last report, by service and host; and which of them are written.
struct WeirdCounts: Sendable {
    /// Written one by one for each name and host in an interval; the rest is counted only.
    static let writtenLimit: UInt64 = 25
    /// Names and hosts told apart in an interval; further hosts are counted together.
    static let keyLimit = 4096

    struct Key: Hashable, Sendable {
        var name: String
        var source: String
        var host: IPAddress?
    }

    private var counts: [Key: UInt64] = [:]

    /// Counts one.
    /// - Returns: whether it is to be written as a record of its own.
    mutating func count(_ name: StaticString, _ source: StaticString, _ host: IPAddress) -> Bool {
        var key = Key(name: "\(name)", source: "\(source)", host: host)
        if counts.count >= Self.keyLimit, counts[key] == nil { key.host = nil }
        let seen = counts[key, default: 0] + 1
        counts[key] = seen
        return seen <= Self.writtenLimit
    }

    /// What was counted, in a fixed order; begins anew.
    mutating func take() -> [(key: Key, count: UInt64)] {
        defer { counts.removeAll(keepingCapacity: true) }
        return counts.map { ($0.key, $0.value) }.sorted {
            ($0.0.name, $0.0.source) != ($1.0.name, $1.0.source)
                ? ($0.0.name, $0.0.source) < ($1.0.name, $1.0.source)
                : Self.order($0.0.host) < Self.order($1.0.host)
        }
    }

    private static func order(_ host: IPAddress?) -> IPAddress { host ?? IPAddress(high: 0, low: 0) }
}
