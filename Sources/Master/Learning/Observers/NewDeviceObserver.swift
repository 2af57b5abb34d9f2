import Shared

/// Machines that never were there, and how unlike the others they are.
///
/// Method: how often the site gets new machines (gamma-Poisson), and how usual among its machines are: no account of
/// the domain, a maker (first half of the hardware address) that nobody else has, a name unlike the others. Judged
/// at the end of the hour after the one it came in. Minimum data: five days.
struct NewDeviceObserver: Observer {
    private var state = State()

    static let matureDays = 5.0

    init(settings: SiteSettings) {}

    struct State: StateCoded {
        /// Devices seen so far.
        var known = 0
        var waiting: [Int] = []
        var days = RateMemory()
        mutating func code(_ coder: inout StateCoder) {
            coder.code(&known)
            coder.code(&waiting)
            coder.code(&days)
        }
    }

    mutating func code(_ archive: inout StateArchive) { archive.single("newcomer", &state) }

    mutating func observe(_ fact: Fact, _ moment: Moment, _ inventory: Inventory, into sink: inout SignalSink) {
        while state.known < inventory.count {
            if moment.ageDays >= Self.matureDays { state.waiting.append(state.known) }
            state.known += 1
        }
    }

    mutating func close(_ moment: Moment, _ inventory: Inventory, into sink: inout SignalSink) {
        let hour = Int(moment.time.nanoseconds / 3_600_000_000_000)
        let due = state.waiting.filter { moment.time - inventory[$0].device.firstSeen > .minutes(45) }
        guard !due.isEmpty else { return }
        state.waiting.removeAll { due.contains($0) }
        for device in due { judge(device, moment, inventory, &sink) }
        state.days.add(Double(due.count), hour: hour)
    }

    private func judge(_ device: Int, _ moment: Moment, _ inventory: Inventory, _ sink: inout SignalSink) {
        let facts = inventory[device]
        guard facts.opened > 0 || facts.device.mac != nil else { return }
        let crowd = Crowd(inventory, without: device)
        let oddness = crowd.oddness(of: facts)
        let rate = Surprise.countTail(1, shape: state.days.shape(0.3), exposure: state.days.exposure(2))
        var signal = Signal(
            "device.new", device: device, subject: "", time: moment.time, bits: min(6, rate * 2) + oddness.bits)
        signal.values["mac"] = .text(facts.device.mac ?? "")
        signal.values["name"] = .text(facts.device.name)
        signal.values["address"] = .text(facts.device.addresses.last?.address ?? "")
        signal.values["reasons"] = .texts(oddness.reasons)
        signal.evidence = [
            Evidence(
                kind: "device", time: facts.device.firstSeen,
                fields: ["mac": .text(facts.device.mac ?? ""), "host_name": .text(facts.device.name)])
        ]
        sink.emit(signal)
    }

    /// What the machines of a site have in common.
    struct Crowd {
        private var count = 0.0
        private var outsideDomain = 0.0
        private var makers: [String: Int] = [:]
        private var prefixes: [String: Int] = [:]
        private var withMAC = 0.0

        init(_ inventory: Inventory, without device: Int) {
            for other in 0..<inventory.count where other != device && inventory[other].opened > 0 {
                let facts = inventory[other]
                count += 1
                if !facts.isInDomain { outsideDomain += 1 }
                if let mac = facts.device.mac {
                    withMAC += 1
                    makers[String(mac.prefix(8)), default: 0] += 1
                }
                prefixes[Self.prefix(facts.device.name), default: 0] += 1
            }
        }

        /// The letters before the first digit, which companies give alike.
        static func prefix(_ name: String) -> String { String(name.prefix { !$0.isNumber }.prefix(6)) }

        func oddness(of facts: DeviceFacts) -> (bits: Double, reasons: [String]) {
            var bits = 0.0
            var reasons: [String] = []
            if !facts.isInDomain {
                bits += Surprise.event(hits: outsideDomain, trials: count, prior: 0.5, weight: 2)
                reasons.append("no domain account")
            }
            if let mac = facts.device.mac, makers[String(mac.prefix(8))] == nil {
                let lonely = Double(makers.values.count { $0 == 1 })
                bits += min(6, Surprise.event(hits: lonely, trials: withMAC, prior: 0.5, weight: 2))
                reasons.append("maker not seen before")
            }
            if prefixes[Self.prefix(facts.device.name)] == nil {
                let lonely = Double(prefixes.values.count { $0 == 1 })
                bits += min(5, Surprise.event(hits: lonely, trials: count, prior: 0.5, weight: 2))
                reasons.append("name unlike the others")
            }
            return (bits, reasons)
        }
    }
}
