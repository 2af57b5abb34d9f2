import Shared

@testable import Master

/// A small office whose traffic a test writes hour by hour.
struct Office {
    var engine: SiteLearningEngine
    private(set) var alerts: [String: Alert] = [:]
    private(set) var incidents: [String: Incident] = [:]
    private var states: [StateKey: [UInt8]] = [:]
    private var batch = RecordBatch()
    private var pending: [(time: Timestamp, table: Int, row: Int, order: Int)] = []
    private var uid = 0
    private let settings: SiteSettings
    /// A Monday at midnight in Japan.
    static let monday = Timestamp(seconds: 1_759_676_400)

    init(settings: SiteSettings = SiteSettings(site: "test")) throws {
        self.settings = settings
        engine = try SiteLearningEngine(site: settings)
    }

    static func at(day: Int, hour: Double) -> Timestamp {
        monday + Interval(seconds: Double(day) * 86_400 + hour * 3600)
    }

    mutating func add(_ kind: any RecordSchema.Type, at time: Timestamp, _ fill: (inout RecordBatch) -> Void) {
        guard let kind = Records.kind(named: kind.name) else { return }
        batch.begin(kind)
        fill(&batch)
        batch.end()
        let table = batch.tables.firstIndex { $0.kindIndex == kind.index } ?? 0
        pending.append((time, table, batch.tables[table].rowCount - 1, pending.count))
    }

    /// A record of a connection of its own, with what all of them have.
    mutating func add<Schema: ConnectionRecordSchema>(
        _ fields: Schema, _ from: String, _ to: String, port: UInt16, at time: Timestamp, ending end: Timestamp? = nil,
        _ fill: (inout RecordBatch) -> Void
    ) {
        uid += 1
        let name = "C\(uid)"
        add(Schema.self, at: end ?? time) { batch in
            batch.set(fields.ts, time)
            batch.set(fields.uid, name)
            batch.set(fields.origH, from)
            batch.set(fields.origP, 50_000)
            batch.set(fields.respH, to)
            batch.set(fields.respP, port)
            fill(&batch)
        }
    }

    mutating func conn(
        _ from: String, _ to: String, port: UInt16, at time: Timestamp, seconds: Double = 1, sent: UInt64 = 500,
        received: UInt64 = 2000, state: String = "SF", service: String? = nil, proto: String = "tcp"
    ) {
        let f = Records.conn
        add(f, from, to, port: port, at: time, ending: time + Interval(seconds: seconds)) { batch in
            batch.set(f.proto, proto)
            batch.set(f.service, service.map { [$0] })
            batch.set(f.duration, Interval(seconds: seconds))
            batch.set(f.origBytes, sent)
            batch.set(f.respBytes, received)
            batch.set(f.connState, state)
        }
    }

    mutating func dns(_ from: String, _ name: String, at time: Timestamp, type: String = "A", answers: [String] = []) {
        let f = Records.dns
        add(f, from, "10.0.0.2", port: 53, at: time) { batch in
            batch.set(f.query, name)
            batch.set(f.qtypeName, type)
            batch.set(f.rcodeName, answers.isEmpty ? "NXDOMAIN" : "NOERROR")
            if !answers.isEmpty { batch.set(f.answers, answers) }
        }
    }

    mutating func ntlm(
        _ from: String, _ to: String, user: String, success: Bool, at time: Timestamp
    ) {
        let f = Records.ntlm
        add(f, from, to, port: 445, at: time) { batch in
            batch.set(f.username, user)
            batch.set(f.success, success)
        }
    }

    /// A login in clear text that is refused.
    mutating func clearLogin(_ service: String, _ from: String, _ to: String, user: String, at time: Timestamp) {
        let f = Records.login
        add(f, from, to, port: 23, at: time) { batch in
            batch.set(f.service, service)
            batch.set(f.user, user)
            batch.set(f.success, false)
        }
    }

    mutating func mailLogin(
        _ service: String, _ from: String, _ to: String, user: String, success: Bool, at time: Timestamp
    ) {
        let f = Records.mailLogin
        add(f, from, to, port: 143, at: time) { batch in
            batch.set(f.service, service)
            batch.set(f.user, user)
            batch.set(f.success, success)
        }
    }

    mutating func file(_ from: String, _ to: String, share: String, _ name: String, size: UInt64, at time: Timestamp) {
        let f = Records.smbFiles
        add(f, from, to, port: 445, at: time) { batch in
            batch.set(f.action, "SMB::FILE_OPEN")
            batch.set(f.path, share)
            batch.set(f.name, name)
            batch.set(f.size, size)
        }
    }

    mutating func http(_ from: String, _ to: String, host: String, uri: String, mime: String, at time: Timestamp) {
        let f = Records.http
        add(f, from, to, port: 80, at: time) { batch in
            batch.set(f.host, host)
            batch.set(f.uri, uri)
            batch.set(f.method, "GET")
            batch.set(f.statusCode, 200)
            batch.set(f.respMimeTypes, [mime])
        }
    }

    mutating func lease(_ mac: String, name: String, address: String, at time: Timestamp) {
        add(DHCPRecord.self, at: time) { batch in
            let f = Records.dhcp
            batch.set(f.ts, time)
            batch.set(f.mac, mac)
            batch.set(f.hostName, name)
            batch.set(f.assignedAddr, address)
        }
    }

    /// Gives what was written to the engine, in order of time; restarts the engine from its states after `cuts`.
    mutating func play(until end: Timestamp? = nil, cuts: Set<Int> = []) throws {
        pending.sort { ($0.time, $0.order) < ($1.time, $1.order) }
        for (position, entry) in pending.enumerated() {
            if cuts.contains(position) { try restart() }
            engine.observe(RecordView(batch: batch, tableIndex: entry.table, row: entry.row), at: entry.time)
        }
        if let last = end ?? pending.last?.time { engine.advance(to: last) }
        (batch, pending) = (RecordBatch(), [])
        collect()
    }

    private mutating func collect() {
        let changes = engine.takeChanges()
        for alert in changes.alerts { alerts[alert.id] = alert }
        for incident in changes.incidents { incidents[incident.id] = incident }
        states.merge(changes.states) { _, new in new }
    }

    private mutating func restart() throws {
        collect()
        engine = try SiteLearningEngine(site: settings, restoring: states)
    }

    /// Alerts of high risk, in order of their identifiers.
    var high: [Alert] { alerts.values.filter { $0.score >= 70 }.sorted { $0.id < $1.id } }

    func high(_ model: String) -> [Alert] { high.filter { $0.model.hasSuffix(model) } }

    /// Working days of a dozen PCs: leases, logins, files, web; from `first` to before `last`.
    mutating func work(days: Range<Int>) {
        for day in days where day % 7 < 5 {
            for pc in 10..<22 { morning(pc, day) }
        }
    }

    private mutating func morning(_ pc: Int, _ day: Int) {
        let address = "10.0.0.\(pc)"
        let jitter = Double((pc * 37 + day * 11) % 30) / 60
        lease("00:1b:21:00:00:\(pc)", name: "PC-0\(pc)", address: address, at: Self.at(day: day, hour: 8.8 + jitter))
        ntlm(address, "10.0.0.3", user: "user\(pc)", success: true, at: Self.at(day: day, hour: 8.9 + jitter))
        for hour in 9..<18 {
            let time = Self.at(day: day, hour: Double(hour) + jitter)
            let amount = UInt64(40_000 + (pc * 7919 + day * 104_729 + hour * 1299) % 160_000)
            dns(address, "www.portal\(hour % 5).example", at: time, answers: ["203.0.113.\(10 + hour % 5)"])
            conn(
                address, "203.0.113.\(10 + hour % 5)", port: 443, at: time + .seconds(1), sent: amount,
                received: amount * 9)
            for number in 0..<5 {
                file(
                    address, "10.0.0.3", share: "\\\\FS\\sales", "report\(number).xlsx", size: amount,
                    at: time + .seconds(Int64(20 + number)))
            }
            conn(
                address, "10.0.0.3", port: 445, at: time + .seconds(20), seconds: 30, sent: 9000, received: amount * 20)
        }
    }
}
