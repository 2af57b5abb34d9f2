import Shared

/// What the evidence of an incident adds up to: how much was read where, and how much went to whom.
struct IncidentFacts: Equatable {
    /// An amount between the incident's device and somebody else.
    struct Transfer: Equatable {
        /// Address or domain of the other side.
        var peer: String
        var bytes: Double
        /// Distinct files or connections.
        var count: Int
        /// Shares that were read; empty for connections.
        var shares: [String] = []
    }

    /// Read from servers inside, largest first.
    private(set) var reads: [Transfer] = []
    /// Sent to destinations outside, largest first.
    private(set) var sends: [Transfer] = []
    /// Every piece of evidence once, by kind, in time order.
    private(set) var evidence: [(kind: String, rows: [Evidence])] = []

    /// Order in which kinds are shown; others follow by name.
    private static let order = [
        "file", "conn", "destination", "login", "dns", "http", "ssl", "share", "device", "event",
    ]

    static func == (a: IncidentFacts, b: IncidentFacts) -> Bool { a.reads == b.reads && a.sends == b.sends }

    init(alerts: [Alert]) {
        var seen: Set<String> = []
        var byKind: [String: [Evidence]] = [:]
        for piece in alerts.flatMap(\.observations).flatMap(\.evidence) {
            guard seen.insert(Self.identity(piece)).inserted else { continue }
            byKind[piece.kind, default: []].append(piece)
        }
        for (kind, rows) in byKind {
            byKind[kind] = rows.sorted { ($0.time, $0.uid ?? "") < ($1.time, $1.uid ?? "") }
        }
        func rank(_ kind: String) -> (Int, String) { (Self.order.firstIndex(of: kind) ?? 99, kind) }
        evidence = byKind.sorted { rank($0.key) < rank($1.key) }.map { ($0.key, $0.value) }
        let told = Self.told(alerts, files: byKind["file"] ?? [])
        let (read, sent) = (
            Self.reads(byKind["file"] ?? []),
            Self.sends(byKind["conn"] ?? [], destinations: Set(alerts.flatMap(\.destinations)))
        )
        reads = told.reads.isEmpty ? read : told.reads
        sends = told.sends.isEmpty ? sent : told.sends
    }

    /// What observations say in sums: a sum counts what the evidence, which is limited, may not hold.
    private static func told(_ alerts: [Alert], files: [Evidence]) -> (reads: [Transfer], sends: [Transfer]) {
        var reads: [String: Transfer] = [:]
        var sends: [String: Transfer] = [:]
        let shares = Set(files.compactMap { $0.text("path") }).sorted()
        let names = Set(files.map { "\($0.text("path") ?? "")\\\($0.text("name") ?? "")" }).count
        for alert in alerts {
            let values = alert.values
            if case .text(let server)? = values["server"], let bytes = amount(values["read_bytes"]), bytes > 0 {
                let count = max(amount(values["file_count"]).map { Int(min($0, 1e9)) } ?? 0, names)
                let known = reads[server] ?? Transfer(peer: server, bytes: 0, count: 0)
                reads[server] = Transfer(
                    peer: server, bytes: max(known.bytes, bytes), count: max(known.count, count), shares: shares)
            }
            if case .text(let destination)? = values["destination"],
                let bytes = amount(values["sent_bytes"] ?? values["bytes"]), bytes > 0
            {
                let connections =
                    alert.observations.flatMap(\.evidence)
                    .compactMap { $0.kind == "conn" ? $0.amount("connections") : nil }.max() ?? 1
                let known = sends[destination] ?? Transfer(peer: destination, bytes: 0, count: 0)
                sends[destination] = Transfer(
                    peer: destination, bytes: max(known.bytes, bytes),
                    count: max(known.count, Int(min(connections, 1e9))))
            }
        }
        func sorted(_ transfers: [String: Transfer]) -> [Transfer] {
            transfers.values.sorted { ($1.bytes, $0.peer) < ($0.bytes, $1.peer) }
        }
        return (sorted(reads), sorted(sends))
    }

    private static func amount(_ value: Value?) -> Double? {
        switch value {
        case .bytes(let number)?, .number(let number)?: number
        default: nil
        }
    }

    private static func identity(_ piece: Evidence) -> String {
        let fields = piece.fields.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return "\(piece.kind)|\(piece.time.nanoseconds)|\(piece.uid ?? "")|\(fields.joined(separator: "|"))"
    }

    private static func reads(_ files: [Evidence]) -> [Transfer] {
        var byServer: [String: (bytes: Double, names: Set<String>, shares: Set<String>)] = [:]
        for file in files {
            guard let server = file.text("id.resp_h", "server"), let bytes = file.amount("bytes_read"), bytes > 0
            else { continue }
            byServer[server, default: (0, [], [])].bytes += bytes
            byServer[server]?.names.insert((file.text("path") ?? "") + "\\" + (file.text("name") ?? file.uid ?? ""))
            if let share = file.text("path") { byServer[server]?.shares.insert(share) }
        }
        return byServer.map {
            Transfer(peer: $0.key, bytes: $0.value.bytes, count: $0.value.names.count, shares: $0.value.shares.sorted())
        }.sorted { ($1.bytes, $0.peer) < ($0.bytes, $1.peer) }
    }

    private static func sends(_ connections: [Evidence], destinations: Set<String>) -> [Transfer] {
        var byPeer: [String: (bytes: Double, count: Int)] = [:]
        for connection in connections {
            guard let bytes = connection.amount("orig_bytes"), bytes > 0,
                let peer = destination(of: connection, among: destinations)
            else { continue }
            byPeer[peer, default: (0, 0)].bytes += bytes
            byPeer[peer]?.count += 1
        }
        return byPeer.map { Transfer(peer: $0.key, bytes: $0.value.bytes, count: $0.value.count) }
            .sorted { ($1.bytes, $0.peer) < ($0.bytes, $1.peer) }
    }

    /// The name of the outside responder: its domain where one is known; nil for one inside.
    private static func destination(of connection: Evidence, among known: Set<String>) -> String? {
        let address = connection.text("id.resp_h")
        let name = connection.text("domain", "destination", "host", "server_name")
        if let name, known.contains(name) { return name }
        if let address, let parsed = IPAddress(address), parsed.isPrivate { return nil }
        if let name, let domain = known.first(where: { name.hasSuffix("." + $0) }) { return domain }
        return name ?? address
    }
}

extension Evidence {
    /// The first of the fields that has text.
    func text(_ names: String...) -> String? {
        for name in names {
            if case .text(let text)? = fields[name], !text.isEmpty { return text }
        }
        return nil
    }

    /// The field as a number, whatever it counts.
    func amount(_ name: String) -> Double? {
        switch fields[name] {
        case .bytes(let number)?, .number(let number)?, .seconds(let number)?: number
        default: nil
        }
    }
}
