internal import Shared

/// All records of one day, in the order of writing; ``LabDay`` sorts them.
struct DayLog {
    let company: Company
    /// Days since 1970-01-01, in the company's own time zone.
    let day: Int
    var batch = RecordBatch()
    var chance: SeededRandom
    /// What a device has resolved and still remembers: until when, in seconds of the day.
    private var resolved: [String: Double] = [:]
    private let midnight: Int64

    init(company: Company, day: Int) {
        (self.company, self.day) = (company, day)
        chance = company.random.fork("day", day)
        midnight = Int64(day * 86_400 - company.settings.zoneHours * 3600)
    }

    /// - Parameter second: seconds after midnight; in microseconds, as capture clocks are.
    func time(_ second: Double) -> Timestamp {
        Timestamp(nanoseconds: midnight * Timestamp.nanosecondsPerSecond + Int64(second * 1e6) * 1000)
    }

    func interval(_ seconds: Double) -> Interval { Interval(nanoseconds: Int64(seconds * 1e6) * 1000) }

    /// A connection as it is at its end.
    struct Connection {
        var from: Device
        var to: IPAddress
        var port: UInt16
        var toMAC: MACAddress?
        var proto = "tcp"
        var service: String?
        var at: Double
        var duration = 0.0
        var sent: UInt64 = 0
        var received: UInt64 = 0
        var state = "SF"
    }

    /// Head of the records that belong to a connection.
    struct Head {
        var uid: String
        var from: IPAddress
        var fromPort: UInt16
        var to: IPAddress
        var port: UInt16
    }

    @discardableResult
    mutating func connect(_ c: Connection) -> Head {
        let head = Head(
            uid: "C" + chance.base62(17), from: c.from.address,
            fromPort: c.proto == "icmp" ? 8 : UInt16(chance.int(49_152, 65_535)), to: c.to, port: c.port)
        let fields = Records.conn
        begin(fields, head, at: c.at)
        batch.set(fields.proto, c.proto)
        batch.set(fields.service, c.service.map { [$0] } ?? [])
        batch.set(fields.connState, c.state)
        let isAnswered = c.state != "S0" && c.state != "REJ"
        if isAnswered || c.duration > 0 { batch.set(fields.duration, interval(c.duration)) }
        if isAnswered {
            batch.set(fields.origBytes, c.sent)
            batch.set(fields.respBytes, c.received)
        }
        batch.set(fields.localOrig, true)
        batch.set(fields.localResp, c.to.isPrivate)
        batch.set(fields.missedBytes, 0)
        batch.set(fields.history, Self.history(c))
        packets(c, isAnswered: isAnswered)
        batch.set(fields.origL2Addr, c.from.mac.description)
        batch.set(fields.respL2Addr, (c.toMAC ?? company.gateway.mac).description)
        batch.end()
        return head
    }

    private mutating func packets(_ c: Connection, isAnswered: Bool) {
        let fields = Records.conn
        let isTCP = c.proto == "tcp"
        // Full segments of 1,448 bytes, every second one acknowledged.
        let out = c.sent / 1448 + (c.received / 2896) + (isTCP ? 4 : 1)
        let back =
            isAnswered
            ? c.received / 1448 + (c.sent / 2896) + (isTCP ? 3 : (c.received > 0 ? 1 : 0)) : (c.state == "REJ" ? 1 : 0)
        let header: UInt64 = isTCP ? 52 : 28
        let sentPackets = isAnswered ? out : 1
        batch.set(fields.origPkts, sentPackets)
        batch.set(fields.origIpBytes, (isAnswered ? c.sent : 0) + sentPackets * header)
        batch.set(fields.respPkts, back)
        batch.set(fields.respIpBytes, (isAnswered ? c.received : 0) + back * header)
    }

    private static func history(_ c: Connection) -> String {
        switch (c.state, c.proto) {
        case ("S0", "tcp"): "S"
        case ("REJ", _): "Sr"
        case (_, "tcp"): c.state == "RSTO" ? "ShADadR" : "ShADadFf"
        default: c.received > 0 ? "Dd" : "D"
        }
    }

    /// Begins a record that belongs to a connection.
    mutating func begin<Schema: ConnectionRecordSchema>(_ schema: Schema, _ head: Head, at second: Double) {
        batch.begin(Schema.kind)
        batch.set(schema.ts, time(second))
        batch.set(schema.uid, head.uid)
        batch.set(schema.origH, head.from)
        batch.set(schema.origP, head.fromPort)
        batch.set(schema.respH, head.to)
        batch.set(schema.respP, head.port)
    }

    /// Whether `device` must ask for `name` now; remembers that it did.
    mutating func mustResolve(_ name: String, by device: Device, at second: Double) -> Bool {
        let key = device.name + " " + name
        if let until = resolved[key], until > second { return false }
        resolved[key] = second + chance.between(300, 5400)
        return true
    }
}
