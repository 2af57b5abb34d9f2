import Shared

/// Amounts an hour of the week: what a device sends and gets, beside what it usually does at that hour.
///
/// Method: log-normal for each hour of day, apart for working and free days (holidays are free days), shrunk toward
/// the device's other hours and these toward the site's devices; fading memory. It writes the chart of each hour and
/// tells large deviations upward. Minimum data: none; the prior is wide.
struct AmountObserver: Observer {
    private var memory = EntityMemory<DeviceAmounts>()
    private var site = SiteAmounts()
    private let halfLifeDays: Double

    enum Measure: Int, CaseIterable {
        case externalOut, externalIn, internalRead, internalWrite, connections

        var name: String {
            switch self {
            case .externalOut: "external_out_bytes"
            case .externalIn: "external_in_bytes"
            case .internalRead: "internal_read_bytes"
            case .internalWrite: "internal_write_bytes"
            case .connections: "connections"
            }
        }
    }

    init(settings: SiteSettings) { halfLifeDays = settings.halfLifeDays }

    struct SiteAmounts: StateCoded {
        var measures = Measure.allCases.map {
            FadingNormal(weight: 4, mean: $0 == .connections ? 3 : 12, deviation: $0 == .connections ? 1.2 : 2.5)
        }
        mutating func code(_ coder: inout StateCoder) { coder.code(&measures) }
    }

    mutating func code(_ archive: inout StateArchive) {
        archive.memory("amount", &memory)
        archive.single("amount.site", &site)
    }

    mutating func observe(_ fact: Fact, _ moment: Moment, _ inventory: Inventory, into sink: inout SignalSink) {
        guard case .flow(let flow) = fact, flow.originator.isInside else { return }
        let device = flow.originator.device
        if flow.isOutbound {
            memory[device].add(.externalOut, flow.sent)
            if flow.sent > 1e6 { memory[device].note(flow) }
            memory[device].add(.externalIn, flow.received)
        } else {
            memory[device].add(.internalRead, flow.received)
            memory[device].add(.internalWrite, flow.sent)
        }
        if !flow.isInterim { memory[device].add(.connections, 1) }
    }

    mutating func close(_ moment: Moment, _ inventory: Inventory, into sink: inout SignalSink) {
        let start = Timestamp(nanoseconds: moment.time.nanoseconds / 3_600_000_000_000 * 3_600_000_000_000)
        for device in 0..<memory.count where memory.states[device].isActive {
            for measure in Measure.allCases { close(device, measure, start, moment, inventory, &sink) }
            memory[device].clear()
        }
    }

    private mutating func close(
        _ device: Int, _ measure: Measure, _ start: Timestamp, _ moment: Moment, _ inventory: Inventory,
        _ sink: inout SignalSink
    ) {
        let value = memory[device].open[measure.rawValue]
        guard value > 0 else { return }
        let x = Surprise.log1p(value)
        let prediction = memory[device].prediction(
            measure, slot: moment.hour.slot, site: site.measures[measure.rawValue])
        let range = prediction.range
        sink.hours.append(
            EntityHour(
                entity: EntityID(kind: .device, name: inventory[device].device.id), measure: measure.name, hour: start,
                value: value, normalLow: Surprise.expm1(range.lowerBound), normalHigh: Surprise.expm1(range.upperBound))
        )
        let bits = prediction.bits(x)
        let limit = min(x, prediction.location + 3 * prediction.scale)
        memory[device].learn(measure, slot: moment.hour.slot, limit, day: moment.hour.day, halfLifeDays: halfLifeDays)
        site.measures[measure.rawValue].add(limit, day: moment.hour.day, halfLifeDays: halfLifeDays)
        guard bits > 6, measure == .connections ? value > 200 : value > 50e6 else { return }
        var signal = Signal("amount." + measure.name, device: device, subject: "", time: moment.time, bits: bits)
        signal.values["bytes"] = measure == .connections ? .number(value) : .bytes(value)
        signal.values["normal_low"] = .bytes(Surprise.expm1(range.lowerBound))
        signal.values["normal_high"] = .bytes(Surprise.expm1(range.upperBound))
        if measure == .externalOut { tell(memory[device].outflows, inventory, &signal) }
        sink.emit(signal)
    }
}

extension AmountObserver {
    /// Where the hour's bytes went, most first.
    private func tell(_ outflows: [DeviceAmounts.Outflow], _ inventory: Inventory, _ signal: inout Signal) {
        for outflow in outflows {
            if outflow.destination >= 0 { signal.destinations.append(outflow.destination) }
            var fields: [String: Value] = [
                "id.resp_h": .text(outflow.address), "id.resp_p": .number(Double(outflow.port)),
                "orig_bytes": .bytes(outflow.bytes), "connections": .number(Double(outflow.connections)),
            ]
            if outflow.destination >= 0 {
                fields["destination"] = .text(inventory.destinations[outflow.destination].name)
            }
            signal.evidence.append(Evidence(kind: "conn", time: outflow.time, uid: outflow.uid, fields: fields))
        }
    }
}

/// One device's amounts.
struct DeviceAmounts: StateCoded {
    /// The destinations that got most in the open hour.
    private(set) var outflows: [Outflow] = []
    static let outflowLimit = 8

    /// What one destination got in the open hour; the connection is the largest.
    struct Outflow: StateCoded {
        var destination = -1
        var address = ""
        var port: UInt16 = 0
        var uid = ""
        var time = Timestamp()
        var largest = 0.0
        var bytes = 0.0
        var connections = 0

        mutating func code(_ coder: inout StateCoder) {
            coder.code(&destination)
            coder.code(&address)
            coder.code(&port)
            coder.code(&uid)
            coder.code(&time)
            coder.code(&largest)
            coder.code(&bytes)
            coder.code(&connections)
        }
    }

    mutating func note(_ flow: Fact.Flow) {
        var entry = Outflow()
        entry.destination = flow.destination
        if let index = outflows.firstIndex(where: { $0.destination == flow.destination }) {
            entry = outflows.remove(at: index)
        }
        if flow.sent > entry.largest {
            (entry.largest, entry.uid, entry.time, entry.port) = (flow.sent, flow.uid, flow.start, flow.port)
            entry.address = flow.responder.address.description
        }
        entry.bytes += flow.sent
        entry.connections += 1
        outflows.insert(entry, at: outflows.firstIndex { $0.bytes < entry.bytes } ?? outflows.count)
        if outflows.count > Self.outflowLimit { outflows.removeLast() }
    }

    private(set) var open = [Double](repeating: 0, count: AmountObserver.Measure.allCases.count)
    /// By measure and slot.
    private var slots = [FadingNormal](repeating: FadingNormal(), count: AmountObserver.Measure.allCases.count * 48)
    private var overall = [FadingNormal](repeating: FadingNormal(), count: AmountObserver.Measure.allCases.count)

    mutating func code(_ coder: inout StateCoder) {
        coder.code(&open)
        coder.code(&outflows)
        coder.code(&overall)
        // Slots that hold nothing take one bit.
        for index in slots.indices {
            var isKnown = slots[index].weight > 0
            coder.code(&isKnown)
            if isKnown { coder.code(&slots[index]) }
        }
    }

    var isActive: Bool { open.contains { $0 > 0 } }

    mutating func add(_ measure: AmountObserver.Measure, _ amount: Double) { open[measure.rawValue] += amount }
    mutating func clear() {
        for index in open.indices { open[index] = 0 }
        outflows = []
    }

    func prediction(_ measure: AmountObserver.Measure, slot: Int, site: FadingNormal) -> Prediction {
        let own = overall[measure.rawValue].asPrior(over: site, limit: 6)
        return slots[measure.rawValue * 48 + slot].prediction(prior: own, limit: 4)
    }

    mutating func learn(
        _ measure: AmountObserver.Measure, slot: Int, _ value: Double, day: Int, halfLifeDays: Double
    ) {
        slots[measure.rawValue * 48 + slot].add(value, day: day, halfLifeDays: halfLifeDays)
        overall[measure.rawValue].add(value, day: day, halfLifeDays: halfLifeDays)
    }
}
