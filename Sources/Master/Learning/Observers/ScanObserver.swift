import Shared

/// Looking around: many hosts, or many ports of a host, most of which do not answer.
///
/// Method: distinct pairs of host and port without an answer in an hour, against the source's own hours (negative
/// binomial tail), and distinct hosts against its own past (log-normal). Minimum data: none. Known false positives:
/// the first run of a vulnerability scanner; one that runs regularly becomes normal for itself.
struct ScanObserver: Observer {
    private var memory = EntityMemory<ScanWindow>()

    init(settings: SiteSettings) {}

    mutating func code(_ archive: inout StateArchive) { archive.memory("scan", &memory) }

    mutating func observe(_ fact: Fact, _ moment: Moment, _ inventory: Inventory, into sink: inout SignalSink) {
        guard case .flow(let flow) = fact, flow.originator.isInside, !flow.isInterim else { return }
        guard flow.isInternal || flow.transport == .tcp else { return }
        if flow.responder.address.isMulticastOrBroadcast || (flow.transport == .udp && Self.isChatter(flow.port)) {
            return
        }
        let device = flow.originator.device
        memory[device].add(flow, second: Int(moment.time.nanoseconds / 1_000_000_000))
        guard flow.isFailed || memory[device].isSpreading else { return }
        guard memory[device].shouldJudge else { return }
        memory[device].judged()
        let window = memory.peek(device)
        var found = window.finding
        // While a site is young nobody knows yet which of its machines look around by duty; people's PCs do not.
        if moment.ageDays > 0.25, moment.ageDays < 8, inventory[device].user < 0 { found.bits *= 0.35 }
        var signal = Signal(found.name, device: device, subject: "", time: moment.time, bits: found.bits)
        if found.bits < 6 { return }
        signal.values["hosts"] = .number(Double(window.hostCount))
        signal.values["ports"] = .number(Double(window.portCount))
        signal.values["unanswered"] = .number(Double(window.failedCount))
        signal.values["port"] = .number(Double(window.commonPort))
        signal.values["normal_low"] = .number(0)
        signal.values["normal_high"] = .number(window.usual.rounded(.up))
        if flow.responder.isOutside {
            signal.destinations = flow.destination >= 0 ? [flow.destination] : []
        } else if window.hostCount <= 3, flow.responder.isInside {
            signal.peers = [flow.responder.device]
        }
        signal.values["last_host"] = .text(flow.responder.address.description)
        signal.evidence = [
            Evidence(
                kind: "conn", time: moment.time, uid: flow.uid,
                fields: [
                    "id.resp_h": .text(flow.responder.address.description),
                    "id.resp_p": .number(Double(flow.port)), "conn_state": .text(flow.state),
                ])
        ]
        sink.emit(signal)
    }

    /// Datagrams that nobody needs to answer.
    private static func isChatter(_ port: UInt16) -> Bool {
        [67, 68, 123, 137, 138, 162, 514, 1900, 3702, 5353, 5355].contains(port)
    }

    mutating func close(_ moment: Moment, _ inventory: Inventory, into sink: inout SignalSink) {
        let hour = Int(moment.time.nanoseconds / 3_600_000_000_000)
        for index in 0..<memory.count where memory.states[index].isActive {
            memory[index].closeHour(hour: hour, day: moment.hour.day)
        }
    }
}

/// Whom a device tried to reach within the current and the last hour.
struct ScanWindow: StateCoded {
    private var current = Reached()
    private var last = Reached()
    private var failures = RateMemory()
    private var hosts = FadingNormal()
    private var judgedAt = 0

    /// Pairs remembered an hour.
    static let limit = 4096
    static let usualHosts = FadingNormal(weight: 8, mean: 1.8, deviation: 0.75)

    /// Hosts and ports of one hour.
    struct Reached: StateCoded {
        /// Failed pairs by hash, with the port.
        var failed: [UInt64: UInt16] = [:]
        /// Hosts of failed pairs, with how many ports were tried.
        var failedHosts: [UInt64: UInt16] = [:]
        var hosts: [UInt64: UInt16] = [:]
        mutating func code(_ coder: inout StateCoder) {
            coder.code(&failed)
            coder.code(&failedHosts)
            coder.code(&hosts)
        }
    }

    mutating func code(_ coder: inout StateCoder) {
        coder.code(&current)
        coder.code(&last)
        coder.code(&failures)
        coder.code(&hosts)
        coder.code(&judgedAt)
    }

    var isActive: Bool { !current.hosts.isEmpty || !last.hosts.isEmpty || failures.isKnown }
    var hostCount: Int { max(failedHostCount, current.failed.count < 8 ? current.hosts.count : 0) }
    private var failedHostCount: Int { max(current.failedHosts.count, last.failedHosts.count) }
    var failedCount: Int { current.failed.count + last.failed.count }
    var portCount: Int { Set(current.failed.values).union(last.failed.values).count }
    var usual: Double { failures.mean * 2 + 3 }
    var isSpreading: Bool { current.hosts.count > 24 }

    mutating func add(_ flow: Fact.Flow, second: Int) {
        let host = StableHash.of(flow.responder.address, 0)
        let pair = StableHash.of(flow.responder.address, Int(flow.port) + 1 + (flow.transport == .icmp ? 1 << 20 : 0))
        if flow.isInternal, current.hosts.count < Self.limit { current.hosts[host] = 1 }
        guard flow.isFailed, current.failed.count < Self.limit else { return }
        if current.failed.updateValue(flow.port, forKey: pair) == nil { current.failedHosts[host, default: 0] += 1 }
    }

    private var size: Int { failedCount + (isSpreading ? current.hosts.count : 0) }
    var shouldJudge: Bool { size >= 10 && Double(size) >= Double(judgedAt) * 1.2 }
    mutating func judged() { judgedAt = size }

    /// The port tried most, the lowest of equals.
    var commonPort: Int {
        var counts: [UInt16: Int] = [:]
        for port in current.failed.values { counts[port, default: 0] += 1 }
        for port in last.failed.values { counts[port, default: 0] += 1 }
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }.map { Int($0.key) } ?? 0
    }

    struct Finding {
        var name: String
        var bits: Double
    }

    /// What the window looks like most: a sweep over hosts, or over the ports of one.
    var finding: Finding {
        let unanswered = Surprise.countTail(failedCount, shape: failures.shape(0.6), exposure: failures.exposure(0.5))
        let most = max(current.failedHosts.values.max() ?? 0, last.failedHosts.values.max() ?? 0)
        if Int(most) >= 15, Int(most) * 2 > failedCount { return Finding(name: "scan.ports", bits: unanswered) }
        let spread = hosts.prediction(prior: Self.usualHosts, limit: 8)
            .bits(Surprise.log1p(Double(current.hosts.count)))
        // A server that is down is tried again and again; a sweep meets many that are.
        let fromFailures = failedHostCount >= 8 ? unanswered : min(unanswered, 8)
        return Finding(
            name: "scan.hosts", bits: max(fromFailures, failedCount * 4 > current.hosts.count ? spread : spread * 0.6))
    }

    mutating func closeHour(hour: Int, day: Int) {
        failures.add(Double(current.failed.count), hour: hour)
        if !current.hosts.isEmpty {
            hosts.add(Surprise.log1p(Double(current.hosts.count)), day: day, halfLifeDays: 14)
        }
        last = current
        current = Reached()
        judgedAt = failedCount
    }
}
