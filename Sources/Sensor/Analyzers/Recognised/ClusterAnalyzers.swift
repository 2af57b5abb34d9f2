internal import Shared

/// Apache Kafka (kafka.apache.org/protocol): named by the client's first question, which versions there are, or of
/// clients that do not ask that, which topics.
struct KafkaAnalyzer: NamingAnalyzer {
    static let service: StaticString = "kafka"

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        // Length, the question's number and version, a number of the client's, and its name.
        guard let length: UInt32 = try? payload.readBE(at: 0), Int(length) == payload.byteCount - 4,
            let kind: UInt16 = try? payload.readBE(at: 4), kind == versions || kind == metadata,
            let version: UInt16 = try? payload.readBE(at: 6), version <= 8,
            let name: UInt16 = try? payload.readBE(at: 12), name > 0, Int(name) + 14 <= payload.byteCount,
            payload.extracting(14..<(14 + Int(name))).withUnsafeBytes({ WireText.isPrintable($0) })
        else { return .noMatch }
        let body = payload.extracting(droppingFirst: 14 + Int(name))
        return kind == versions || isTopics(body, version: version) ? .match : .noMatch
    }

    /// Numbers of questions ("Api Keys").
    private static let metadata: UInt16 = 3
    private static let versions: UInt16 = 18

    /// Names of topics, or none, and from version 4 one and from 8 three flags, to the end ("Metadata API").
    private static func isTopics(_ body: RawSpan, version: UInt16) -> Bool {
        guard let count: UInt32 = try? body.readBE(at: 0), count == UInt32.max || count <= topicLimit else {
            return false
        }
        var offset = 4
        for _ in 0..<(count == UInt32.max ? 0 : count) {
            guard let length: UInt16 = try? body.readBE(at: offset), length > 0, length <= 249 else { return false }
            offset += 2 + Int(length)
        }
        return body.byteCount - offset == (version >= 8 ? 3 : version >= 4 ? 1 : 0)
    }

    /// Topics of one question that are looked at.
    private static let topicLimit: UInt32 = 64
}

/// Apache ZooKeeper (zookeeper.jute, ConnectRequest): named by the opening of a session.
struct ZooKeeperAnalyzer: NamingAnalyzer {
    static let service: StaticString = "zookeeper"

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        // Version 0, last transaction, timeout in milliseconds, session, and a password of 16 bytes; since 3.4 whether
        // reading alone is enough.
        guard side == .originator, let length: UInt32 = try? payload.readBE(at: 0), length == 44 || length == 45,
            payload.byteCount == Int(length) + 4, (try? payload.readBE(at: 4, as: UInt32.self)) == 0,
            let timeout: UInt32 = try? payload.readBE(at: 16), timeout > 0, timeout < 3_600_000,
            (try? payload.readBE(at: 28, as: UInt32.self)) == 16
        else { return .noMatch }
        return .match
    }
}

/// Apache Cassandra's CQL (native_protocol_v3.spec to v5): named by the client's first question.
struct CassandraAnalyzer: NamingAnalyzer {
    static let service: StaticString = "cassandra"

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        // Version (DataStax' own begin at 65), flags, a stream's number, the operation, and the length of what follows.
        guard let version = try? payload.byte(at: 0), (3...6).contains(version) || version == 65 || version == 66,
            let flags = try? payload.byte(at: 1), flags & 0xE0 == 0, let operation = try? payload.byte(at: 4),
            let length: UInt32 = try? payload.readBE(at: 5), Int(length) == payload.byteCount - 9
        else { return .noMatch }
        switch operation {
        case 5: return length == 0 ? .match : .noMatch
        case 1: return HTTPText.contains(payload.extracting(first: 256), "cql_version") ? .match : .noMatch
        default: return .noMatch
        }
    }
}

/// Zabbix (zabbix.com, "Header"): monitors ask agents, or agents send what they found.
struct ZabbixAnalyzer: NamingAnalyzer {
    static let service: StaticString = "zabbix"

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        // Flags: its protocol, compressed, large; then a length.
        guard payload.starts(with: "ZBXD"), let flags = try? payload.byte(at: 4), flags & 1 == 1, flags <= 7,
            payload.byteCount >= 13
        else { return .noMatch }
        return .match
    }
}
