import Shared

/// People's work at hours at which neither they nor the others ever work, and shares they never used.
///
/// Only what a person does counts: files of shares, remote desktops, shells; renewed tickets and mapped drives do
/// not. Method: days on which the device was active at this hour, against its days, shrunk toward the share of the
/// site's devices that are active then (Beta-binomial), this night's others included. Minimum data: five days.
/// Known false positives: a person's first night shift.
struct HoursObserver: Observer {
    private var memory = EntityMemory<DeviceHours>(shardSize: 4)
    private var site = SiteHours()

    /// Events in an hour that make a person's work of it.
    static let minimumEvents = 4

    init(settings: SiteSettings) {}

    mutating func code(_ archive: inout StateArchive) {
        archive.memory("hours", &memory)
        archive.single("hours.site", &site)
    }

    /// Device-days with work by slot, and device-days at all, faded.
    struct SiteHours: StateCoded {
        var active = [Float](repeating: 0, count: 48)
        var days: [Float] = [0, 0]
        /// Devices that worked in the open hour.
        var now = 0
        var shares: [UInt64: Int32] = [:]

        mutating func code(_ coder: inout StateCoder) {
            coder.code(&active)
            coder.code(&days)
            coder.code(&now)
            coder.code(&shares)
        }

        func share(_ slot: Int) -> Double {
            let total = Double(days[slot / 24])
            return (Double(active[slot]) + 0.05) / (total + 10)
        }
    }

    mutating func observe(_ fact: Fact, _ moment: Moment, _ inventory: Inventory, into sink: inout SignalSink) {
        switch fact {
        case .share(let use):
            guard !ShareName.isSystem(use.path) else { return }
            noteShare(use, moment, inventory, &sink)
            if !use.name.isEmpty { work(use.client, moment, inventory, uid: use.uid, what: use.name, use.path, &sink) }
        case .login(let login) where login.method == .rdp || login.method == .ssh:
            guard login.originator.isInside else { return }
            let what = login.method.rawValue
            work(login.originator.device, moment, inventory, uid: login.uid, what: what, "", &sink)
        default: break
        }
    }

    private mutating func work(
        _ device: Int, _ moment: Moment, _ inventory: Inventory, uid: String, what: String, _ path: String,
        _ sink: inout SignalSink
    ) {
        if memory.peek(device).events == 0 { site.now += 1 }
        memory[device].note(what: what, path: path, uid: uid, moment)
        let hours = memory.peek(device)
        guard hours.events >= Self.minimumEvents, hours.shouldJudge, !inventory[device].isServer else { return }
        memory[device].judged()
        let population = max(10, Double(moment.deviceCount))
        let tonight = Double(site.now - 1) / population * 0.5
        var bits = hours.bits(moment.hour, site: max(site.share(moment.hour.slot), tonight))
        guard bits > 4 else { return }
        bits += min(4, Surprise.log2(1 + Double(hours.events)) / 1.5)
        var signal = Signal("hours.unusual", device: device, subject: "", time: moment.time, bits: bits)
        signal.values["hour"] = .number(Double(moment.hour.hourOfDay))
        signal.values["events"] = .number(Double(hours.events))
        signal.values["normal_low"] = .number(Double(hours.usualRange.0))
        signal.values["normal_high"] = .number(Double(hours.usualRange.1))
        signal.evidence = hours.evidence
        sink.emit(signal)
    }

    private mutating func noteShare(
        _ use: Fact.ShareUse, _ moment: Moment, _ inventory: Inventory, _ sink: inout SignalSink
    ) {
        guard !ShareName.isAdministrative(use.path), ShareName.share(use.path).hasSuffix("$") == false else { return }
        let share = StableHash.of(ShareName.share(use.path)) ^ StableHash.mix(UInt64(use.server))
        guard memory[use.client].meet(share: share, day: moment.hour.day) else { return }
        let others = Double(site.shares[share] ?? 0)
        site.shares[share] = Int32(others + 1)
        let hours = memory.peek(use.client)
        let rarity = Surprise.log2((Double(moment.deviceCount) + 1) / (others + 1)) / 2
        let bits = moment.maturity * (hours.shareBits(moment) + min(4, rarity))
        guard bits > 2 else { return }
        var signal = Signal("share.new", device: use.client, subject: "", time: moment.time, bits: bits)
        signal.peers = [use.server]
        signal.values["share"] = .text(use.path)
        signal.values["server"] = .text(inventory[use.server].device.name)
        signal.values["other_device_count"] = .number(others)
        signal.evidence = [
            Evidence(kind: "share", time: moment.time, uid: use.uid, fields: ["path": .text(use.path)])
        ]
        sink.emit(signal)
    }

    mutating func close(_ moment: Moment, _ inventory: Inventory, into sink: inout SignalSink) {
        let isFree = moment.hour.isFree ? 1 : 0
        for device in 0..<memory.count where memory.states[device].events > 0 {
            site.active[moment.hour.slot] += 1
            if memory[device].closeHour(moment.hour) { site.days[isFree] += 1 }
        }
        site.now = 0
        if moment.hour.hourOfDay == 23 {
            for slot in site.active.indices { site.active[slot] *= 0.97 }
            for kind in 0..<2 { site.days[kind] *= 0.97 }
        }
    }
}

/// At which hours one device's people work, and which shares they use.
struct DeviceHours: StateCoded {
    private var active = [Float](repeating: 0, count: 48)
    /// Working days and free days with work at all.
    private var days: [Float] = [0, 0]
    private var lastDay = -1
    private(set) var events = 0
    private var judgedAt = 0
    private var shares: [UInt64] = []
    private var firstDay = -1
    /// Shares met after the first days.
    private var laterShares = 0
    private(set) var evidence: [Evidence] = []

    mutating func code(_ coder: inout StateCoder) {
        coder.code(&active)
        coder.code(&days)
        coder.code(&lastDay)
        coder.code(&events)
        coder.code(&judgedAt)
        coder.code(&shares)
        coder.code(&firstDay)
        coder.code(&laterShares)
        coder.code(&evidence)
    }

    mutating func note(what: String, path: String, uid: String, _ moment: Moment) {
        events += 1
        guard evidence.count < 100 else { return }
        evidence.append(
            Evidence(kind: "file", time: moment.time, uid: uid, fields: ["name": .text(what), "path": .text(path)]))
    }

    var shouldJudge: Bool { Double(events) >= Double(judgedAt) * 1.4 }
    mutating func judged() { judgedAt = events }

    /// Bits of work at this hour; neighbouring hours count a part, so that an hour's overtime is none.
    func bits(_ hour: LocalHour, site: Double) -> Double {
        let base = hour.isFree ? 24 : 0
        func at(_ offset: Int) -> Double { Double(active[base + (hour.hourOfDay + offset + 24) % 24]) }
        let own = at(0) + 0.35 * (at(-1) + at(1)) + 0.1 * (at(-2) + at(2))
        let known = Double(days[0] + days[1])
        guard known >= 5 else { return 0 }
        // Someone who never works on free days has shown that on each of them, too.
        let trials = hour.isFree ? Double(days[0]) * 0.4 : Double(days[0])
        return min(11, Surprise.event(hits: own, trials: trials, prior: min(0.5, site), weight: 4))
    }

    /// First and last usual hour of a working day.
    var usualRange: (Int, Int) {
        let limit = max(1, days[0] * 0.15)
        return ((0..<24).first { active[$0] >= limit } ?? 0, (0..<24).last { active[$0] >= limit } ?? 23)
    }

    /// - Returns: whether the share is new here.
    mutating func meet(share: UInt64, day: Int) -> Bool {
        if firstDay < 0 { firstDay = day }
        guard !shares.contains(share), shares.count < 128 else { return false }
        shares.append(share)
        if day > firstDay + 3 { laterShares += 1 }
        return true
    }

    /// Bits of one more new share in a day.
    func shareBits(_ moment: Moment) -> Double {
        let known = Double(moment.hour.day - firstDay)
        return known < 4 ? 0 : Surprise.event(hits: Double(laterShares) - 0.5, trials: known, prior: 0.1, weight: 1)
    }

    /// - Returns: whether this was the day's first hour with work.
    mutating func closeHour(_ hour: LocalHour) -> Bool {
        active[hour.slot] += 1
        (events, judgedAt, evidence) = (0, 0, [])
        guard hour.day != lastDay else { return false }
        lastDay = hour.day
        days[hour.isFree ? 1 : 0] += 1
        for slot in active.indices { active[slot] *= 0.98 }
        for kind in 0..<2 { days[kind] *= 0.98 }
        return true
    }
}
