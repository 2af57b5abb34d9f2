import Shared

/// Rhythm: connections to one destination that come at even intervals.
///
/// Behaviour: a program that calls home, also slowly and with jitter. Method: for each device, destination and port
/// the latest intervals between starts; their median absolute deviation against the median, the share near the
/// median, and the evenness of sizes (the ideas of RITA's beacon score, github.com/activecm/rita), turned into bits
/// and discounted by how common and how old the destination is. Minimum data: 12 connections. Known false
/// positives: a new agent of an uncommon vendor on a single machine.
struct BeaconObserver: Observer {
    private var memory = EntityMemory<Rhythms>()

    static let minimumCount = 12
    /// Destinations that more devices use than this are not watched.
    static let commonDevices = 12

    init(settings: SiteSettings) {}

    mutating func code(_ archive: inout StateArchive) { archive.memory("beacon", &memory) }

    mutating func observe(_ fact: Fact, _ moment: Moment, _ inventory: Inventory, into sink: inout SignalSink) {
        switch fact {
        case .flow(let flow):
            guard flow.destination >= 0, !flow.isInterim, flow.transport == .tcp || flow.transport == .udp else {
                return
            }
            // Names and time are asked for by every machine at even intervals.
            guard flow.port != 53, flow.port != 123, flow.port != 853 else { return }
            let destination = inventory.destinations[flow.destination]
            guard destination.deviceCount <= max(Self.commonDevices, moment.deviceCount / 20), !destination.isCommon
            else { return }
            let count = memory[flow.originator.device].add(flow)
            guard count >= Self.minimumCount, Rhythm.isJudged(at: count) else { return }
            judge(flow, destination, moment, &sink)
        case .web(let web) where web.destination >= 0:
            memory[web.originator.device].note(agent: web.userAgent, destination: web.destination, port: web.port)
        default: break
        }
    }

    private mutating func judge(
        _ flow: Fact.Flow, _ destination: Destination, _ moment: Moment, _ sink: inout SignalSink
    ) {
        let device = flow.originator.device
        guard let rhythm = memory[device].rhythm(flow.destination, flow.port) else { return }
        let regularity = rhythm.regularity
        guard regularity.score > 0.5, rhythm.span >= min(3600, regularity.period * 12), rhythm.span > 60 else { return }
        let rarity = Rarity.bits(destination, device: device, moment)
        let established = Rarity.establishedBits(destination, moment)
        if established > 0 {
            sink.emit(
                Signal(
                    "destination.established", device: device, subject: destination.name, time: moment.time,
                    bits: established))
        }
        var signal = Signal(
            regularity.period >= 3000 ? "beacon.slow" : "beacon.regular", device: device, subject: destination.name,
            time: moment.time, bits: rhythm.bits(regularity))
        signal.destinations = [flow.destination]
        signal.values = Rarity.values(destination, device: device, moment)
        signal.values["period"] = .seconds(regularity.period.rounded())
        signal.values["regularity"] = .number((regularity.score * 100).rounded())
        signal.values["connections"] = .number(Double(rhythm.count))
        signal.values["port"] = .number(Double(flow.port))
        signal.values["duration"] = .seconds(rhythm.span)
        if !rhythm.agent.isEmpty { signal.values["user_agent"] = .text(rhythm.agent) }
        signal.evidence = [
            Evidence(
                kind: "conn", time: flow.start, uid: flow.uid,
                fields: [
                    "destination": .text(destination.name), "id.resp_h": .text(flow.responder.address.description),
                    "id.resp_p": .number(Double(flow.port)), "orig_bytes": .bytes(flow.totalSent),
                ])
        ]
        sink.emit(signal)
        var rare = Signal("rarity.beacon", device: device, subject: destination.name, time: moment.time, bits: rarity)
        rare.destinations = [flow.destination]
        rare.bits += Rarity.youthBits(destination, moment)
        if flow.has("http") || rhythm.hasWeb { rare.values["protocol"] = .text("HTTP") }
        if flow.has("ssl") { rare.values["protocol"] = .text("TLS") }
        sink.emit(rare)
    }
}

/// The rhythms of one device.
struct Rhythms: StateCoded {
    private var entries: [UInt64: Rhythm] = [:]
    static let limit = 300

    mutating func code(_ coder: inout StateCoder) { coder.code(&entries) }

    private static func key(_ destination: Int, _ port: UInt16) -> UInt64 { UInt64(destination) << 16 | UInt64(port) }

    mutating func add(_ flow: Fact.Flow) -> Int {
        let key = Self.key(flow.destination, flow.port)
        if entries.count >= Self.limit, entries[key] == nil { forget(at: flow.start) }
        entries[key, default: Rhythm()].add(flow)
        return entries[key]?.count ?? 0
    }

    mutating func note(agent: String, destination: Int, port: UInt16) {
        let key = Self.key(destination, port)
        guard entries[key] != nil else { return }
        entries[key]?.agent = agent
        entries[key]?.hasWeb = true
    }

    func rhythm(_ destination: Int, _ port: UInt16) -> Rhythm? { entries[Self.key(destination, port)] }

    /// Drops what has few connections and was quiet longest.
    private mutating func forget(at time: Timestamp) {
        let ranked = entries.sorted {
            ($0.value.worth(at: time), $0.key) < ($1.value.worth(at: time), $1.key)
        }
        for entry in ranked.prefix(Self.limit / 3) { entries[entry.key] = nil }
    }
}

/// The latest connections of one device to one destination and port.
struct Rhythm: StateCoded {
    private(set) var count = 0
    var agent = ""
    var hasWeb = false
    private var first = Timestamp()
    private var last = Timestamp()
    /// Seconds between starts, a ring.
    private var intervals: [Float] = []
    private var sizes: [Float] = []
    private var next = 0
    static let kept = 64

    mutating func code(_ coder: inout StateCoder) {
        coder.code(&count)
        coder.code(&agent)
        coder.code(&hasWeb)
        coder.code(&first)
        coder.code(&last)
        coder.code(&intervals)
        coder.code(&sizes)
        coder.code(&next)
    }

    /// Seconds from the first to the last connection.
    var span: Double { (last - first).seconds }

    static func isJudged(at count: Int) -> Bool { count < 64 ? count % 4 == 0 : count % 16 == 0 }

    func worth(at time: Timestamp) -> Double {
        Double(min(count, 64)) / (1 + max(0, (time - last).seconds) / 86_400)
    }

    mutating func add(_ flow: Fact.Flow) {
        count += 1
        if count == 1 { (first, last) = (flow.start, flow.start) }
        let gap = abs((flow.start - last).seconds)
        // Connections that open together are one visit.
        if count > 1, gap < 0.5 { return }
        if count > 1 {
            if intervals.count < Self.kept {
                intervals.append(Float(gap))
                sizes.append(Float(flow.totalSent))
            } else {
                intervals[next] = Float(gap)
                sizes[next] = Float(flow.totalSent)
                next = (next + 1) % Self.kept
            }
        }
        last = max(last, flow.start)
    }

    /// How even the intervals and sizes are.
    struct Regularity {
        /// Seconds.
        var period: Double
        /// 0 to 1.
        var score: Double
        /// 0 to 1.
        var sizeScore: Double
    }

    var regularity: Regularity {
        guard intervals.count >= 8 else { return Regularity(period: 0, score: 0, sizeScore: 0) }
        let sorted = intervals.sorted()
        let median = Double(sorted[sorted.count / 2])
        guard median >= 1 else { return Regularity(period: median, score: 0, sizeScore: 0) }
        let deviations = sorted.map { abs(Double($0) - median) }.sorted()
        let deviation = deviations[deviations.count / 2] / median
        let near = Double(deviations.count { $0 <= median * 0.6 }) / Double(deviations.count)
        // A jitter of half the period has a median deviation of a quarter; browsing comes to 0.8 and more.
        let evenness = max(0, 1 - deviation / 0.6)
        let sizeOrder = sizes.sorted()
        let middle = Double(sizeOrder[sizeOrder.count / 2])
        let sizeDeviations = sizeOrder.map { abs(Double($0) - middle) }.sorted()
        let spread = sizeDeviations[sizeDeviations.count / 2] / max(middle, 64)
        return Regularity(period: median, score: evenness * 0.6 + near * 0.4, sizeScore: max(0, 1 - spread * 3))
    }

    /// Bits: intervals at random (exponential) lie within 60 % of their median about four in ten times; this many
    /// did. Even sizes add a little.
    func bits(_ regularity: Regularity) -> Double {
        let n = Double(min(intervals.count, 40))
        let evenness = max(0, regularity.score - 0.5) * 2
        let rhythm = n * 1.3 * evenness * evenness
        return min(18, rhythm) + 3 * regularity.sizeScore * evenness
    }
}
