import Shared

/// Sudden numbers of distinct things of a kind that a device normally does seldom: names that do not exist, tickets
/// with weak encryption, files that change their extension, machines administered, remote services made.
///
/// Method: distinct things in an hour against the device's own hours (negative binomial tail). Minimum data: none.
struct BurstObserver: Observer {
    private var memory = EntityMemory<Bursts>(shardSize: 2)

    init(settings: SiteSettings) {}

    enum Kind: Int, CaseIterable {
        case missingNames, weakTickets, renamedFiles, administered, remoteExecution, replication

        var observer: String {
            switch self {
            case .missingNames: "dns.missing"
            case .weakTickets: "kerberos.weak"
            case .renamedFiles: "file.renamed"
            case .administered: "share.administered"
            case .remoteExecution: "rpc.execution"
            case .replication: "rpc.replication"
            }
        }

        /// Distinct things below which nothing is said.
        var minimum: Int {
            switch self {
            case .missingNames: 12
            case .weakTickets: 4
            case .renamedFiles: 10
            case .administered: 3
            case .remoteExecution, .replication: 1
            }
        }

        /// Shape and exposure of the rate before anything is known: how many an hour a device may have.
        var prior: (Double, Double) {
            switch self {
            case .missingNames: (0.8, 0.3)
            case .weakTickets: (0.4, 1)
            case .renamedFiles: (0.5, 0.5)
            case .administered: (0.3, 1.5)
            case .remoteExecution: (0.1, 4)
            case .replication: (0.001, 30)
            }
        }
    }

    mutating func code(_ archive: inout StateArchive) { archive.memory("burst", &memory) }

    mutating func observe(_ fact: Fact, _ moment: Moment, _ inventory: Inventory, into sink: inout SignalSink) {
        switch fact {
        case .query(let query) where query.isMissing:
            guard !RegisteredDomain.isInternal(query.name), query.type == "A" || query.type == "AAAA" else { return }
            let domain = RegisteredDomain.of(query.name)
            note(.missingNames, query.device, domain, uid: query.uid, peer: -1, moment, &sink)
        case .login(let login) where login.method == .kerberos && !login.service.isEmpty && login.success == true:
            guard login.originator.isInside, login.cipher.lowercased().contains("rc4") else { return }
            let name = login.service.lowercased()
            guard !name.hasPrefix("krbtgt") else { return }
            note(
                .weakTickets, login.originator.device, name, uid: login.uid, peer: login.responder.device, moment, &sink
            )
        case .share(let use): share(use, moment, inventory, &sink)
        case .call(let call): self.call(call, moment, inventory, &sink)
        default: break
        }
    }

    private mutating func share(
        _ use: Fact.ShareUse, _ moment: Moment, _ inventory: Inventory, _ sink: inout SignalSink
    ) {
        if use.name.isEmpty, ShareName.isAdministrative(use.path) {
            let name = inventory[use.server].device.name
            note(.administered, use.client, name, uid: use.uid, peer: use.server, moment, &sink)
        }
        guard !use.previousName.isEmpty, use.action.hasSuffix("RENAME") else { return }
        let (before, after) = (Self.ending(use.previousName), Self.ending(use.name))
        // Office programs save through temporary files.
        guard before != after, !["tmp", "temp", ""].contains(before), !["tmp", "temp", "bak", ""].contains(after) else {
            return
        }
        note(.renamedFiles, use.client, use.path + use.name, uid: use.uid, peer: use.server, moment, &sink)
    }

    private static func ending(_ name: String) -> String {
        name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
    }

    private mutating func call(
        _ call: Fact.RemoteCall, _ moment: Moment, _ inventory: Inventory, _ sink: inout SignalSink
    ) {
        guard call.originator.isInside, call.responder.isInside else { return }
        let (device, peer) = (call.originator.device, call.responder.device)
        let operation = call.operation.lowercased()
        if operation.contains("getncchanges") {
            guard inventory[device].offers & DeviceFacts.kerberos == 0 else { return }
            note(.replication, device, inventory[peer].device.name, uid: call.uid, peer: peer, moment, &sink)
        } else if ["createservice", "schrpcregistertask", "netrjobadd", "remotecreateinstance", "execmethod"]
            .contains(where: { operation.hasPrefix($0) })
        {
            let what = inventory[peer].device.name + " " + call.operation
            note(.remoteExecution, device, what, uid: call.uid, peer: peer, moment, &sink)
        }
    }

    private mutating func note(
        _ kind: Kind, _ device: Int, _ thing: String, uid: String, peer: Int, _ moment: Moment,
        _ sink: inout SignalSink
    ) {
        guard memory[device].add(kind, thing, peer: peer) else { return }
        let burst = memory.peek(device).bursts[kind.rawValue]
        guard burst.count >= kind.minimum, Double(burst.count) >= Double(burst.judgedAt) * 1.25 else { return }
        memory[device].judged(kind)
        var signal = Signal(
            kind.observer, device: device, subject: "", time: moment.time, bits: burst.bits(kind.prior))
        signal.peers = burst.peers.map(Int.init)
        signal.values["count"] = .number(Double(burst.count))
        signal.values["examples"] = .texts(burst.examples)
        signal.values["normal_low"] = .number(0)
        signal.values["normal_high"] = .number((burst.rate.mean * 2 + 1).rounded(.up))
        signal.evidence = burst.examples.map {
            Evidence(
                kind: kind == .missingNames ? "dns" : "event", time: moment.time, uid: uid, fields: ["name": .text($0)])
        }
        sink.emit(signal)
    }

    mutating func close(_ moment: Moment, _ inventory: Inventory, into sink: inout SignalSink) {
        let hour = Int(moment.time.nanoseconds / 3_600_000_000_000)
        for device in 0..<memory.count where memory.states[device].isActive { memory[device].closeHour(hour) }
    }
}

/// Distinct things by kind of one device in the open hour.
struct Bursts: StateCoded {
    private(set) var bursts = [Burst](repeating: Burst(), count: BurstObserver.Kind.allCases.count)

    struct Burst: StateCoded {
        var seen: [UInt64: UInt16] = [:]
        var examples: [String] = []
        var peers: [Int32] = []
        var judgedAt = 0
        var rate = RateMemory()
        var count: Int { seen.count }

        mutating func code(_ coder: inout StateCoder) {
            coder.code(&seen)
            coder.code(&examples)
            coder.code(&peers)
            coder.code(&judgedAt)
            coder.code(&rate)
        }

        func bits(_ prior: (Double, Double)) -> Double {
            Surprise.countTail(count, shape: rate.shape(prior.0), exposure: rate.exposure(prior.1))
        }
    }

    mutating func code(_ coder: inout StateCoder) {
        coder.code(&bursts)
        while bursts.count < BurstObserver.Kind.allCases.count { bursts.append(Burst()) }
    }

    var isActive: Bool { bursts.contains { $0.count > 0 } }

    mutating func add(_ kind: BurstObserver.Kind, _ thing: String, peer: Int) -> Bool {
        let index = kind.rawValue
        guard bursts[index].seen.count < 2000,
            bursts[index].seen.updateValue(1, forKey: StableHash.of(thing)) == nil
        else { return false }
        if bursts[index].examples.count < 30 { bursts[index].examples.append(thing) }
        if peer >= 0, bursts[index].peers.count < 8, !bursts[index].peers.contains(Int32(peer)) {
            bursts[index].peers.append(Int32(peer))
        }
        return true
    }

    mutating func judged(_ kind: BurstObserver.Kind) { bursts[kind.rawValue].judgedAt = bursts[kind.rawValue].count }

    mutating func closeHour(_ hour: Int) {
        for index in bursts.indices where bursts[index].count > 0 {
            bursts[index].rate.add(min(Double(bursts[index].count), 3 + bursts[index].rate.mean * 4), hour: hour)
            bursts[index].seen = [:]
            bursts[index].examples = []
            bursts[index].peers = []
            bursts[index].judgedAt = 0
        }
    }
}
