import Sensor
import Shared

/// What a run of `read` did, in words and as JSON.
struct ReadSummary {
    var counters: FlowCounters
    var filtered: UInt64
    var records: UInt64
    var duration: Duration

    private var seconds: Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }

    var text: String {
        let stopped = DecodeReason.allCases.filter { $0 != .arp && counters.stopped($0) > 0 }
            .map { "\(counters.stopped($0)) \($0.name)" }
        let rest = stopped.isEmpty ? "" : "; not followed: " + stopped.joined(separator: ", ")
        return "\(counters.packets) packets, \(counters.flows) connections, \(records) records\(rest)"
    }

    var speed: String {
        guard counters.packets > 0, seconds > 0 else { return "no packets" }
        return "\(Int(Double(counters.packets) / seconds)) packets/s, "
            + "\(Int(seconds * 1e9 / Double(counters.packets))) ns per packet"
    }

    var json: String {
        var fields: [(String, UInt64)] = [
            ("packets", counters.packets), ("bytes", counters.bytes), ("cut_packets", counters.cutPackets),
            ("filtered_packets", filtered), ("connections", counters.flows), ("records", records),
            ("evicted_connections", counters.evictedFlows), ("interim_reports", counters.interimReports),
            ("fragments", counters.fragments), ("reassembled_packets", counters.reassembledPackets),
            ("missed_bytes", counters.missedBytes), ("refused_segments", counters.refusedSegments),
            ("analyzer_errors", counters.analyzerErrors),
            ("duration_ns", UInt64(max(0, seconds * 1e9))),
        ]
        fields += DecodeReason.allCases.map { ("not_followed_" + $0.name, counters.stopped($0)) }
        return "{" + fields.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
    }
}
