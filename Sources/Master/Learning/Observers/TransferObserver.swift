import Shared

/// Amounts that leave, and amounts that were read inside before.
///
/// Behaviour: a device sends far more to one destination than it ever does, or reads much from internal servers and
/// sends as much outside within hours. Method: log-normal amounts per destination and day with fading memory,
/// shrunk from the device toward the site (conjugate normal); the tail is Student's. Minimum data: none, but a young
/// site has a wide prior. Known false positives: the first run of a new off-site backup.
struct TransferObserver: Observer {
    private var memory = EntityMemory<DeviceTransfers>()
    private var site = SitePriors()
    private let halfLifeDays: Double

    /// Bytes below which an upload is not judged.
    static let minimumUpload = 2e6
    /// Hours within which a read and an upload belong together.
    static let reachHours = 12.0

    init(settings: SiteSettings) { halfLifeDays = settings.halfLifeDays }

    /// What the site's devices send and read in a day.
    struct SitePriors: StateCoded {
        var uploads = FadingNormal(weight: 6, mean: 14, deviation: 1.7)
        var wideUploads = FadingNormal(weight: 6, mean: 16, deviation: 2)
        var reads = FadingNormal(weight: 6, mean: 15, deviation: 2.0)
        mutating func code(_ coder: inout StateCoder) {
            coder.code(&uploads)
            coder.code(&wideUploads)
            coder.code(&reads)
        }
    }

    mutating func code(_ archive: inout StateArchive) {
        archive.memory("transfer", &memory)
        archive.single("transfer.site", &site)
    }

    mutating func observe(_ fact: Fact, _ moment: Moment, _ inventory: Inventory, into sink: inout SignalSink) {
        switch fact {
        case .flow(let flow):
            if flow.destination >= 0, flow.sent > 0 { upload(flow, moment, inventory, &sink) }
            if flow.isInternal, isRead(flow) { read(flow, moment, inventory, &sink) }
        case .share(let use) where !use.name.isEmpty: memory[use.client].note(use, at: moment.time)
        default: break
        }
    }

    private func isRead(_ flow: Fact.Flow) -> Bool {
        guard flow.received > 100_000, flow.responder.isInside, flow.transport == .tcp else { return false }
        return flow.received > flow.sent || flow.port == 445
    }

    private mutating func upload(
        _ flow: Fact.Flow, _ moment: Moment, _ inventory: Inventory, _ sink: inout SignalSink
    ) {
        let device = flow.originator.device
        let hour = Int(moment.time.nanoseconds / 3_600_000_000_000)
        let isWide = Self.isWide(inventory.destinations[flow.destination], moment)
        let (total, ended) = memory[device].add(upload: flow, isWide: isWide, hour: hour)
        if let ended { learn(ended, device, moment) }
        guard total >= Self.minimumUpload, memory[device].shouldJudge(flow.destination, total: total) else { return }
        judgeUpload(device, flow.destination, total, moment, inventory, &sink)
        match(device, flow.destination, total, moment, inventory, &sink)
    }

    /// Many of the site's devices use it.
    private static func isWide(_ destination: Destination, _ moment: Moment) -> Bool {
        destination.isCommon || destination.deviceCount >= max(5, moment.deviceCount / 8)
    }

    private mutating func learn(_ day: DeviceTransfers.EndedDay, _ device: Int, _ moment: Moment) {
        // What was alarming must not become normal by happening once.
        func clipped(_ amount: Double, _ past: FadingNormal, _ prior: FadingNormal) -> Double {
            let usual = past.prediction(prior: prior, limit: 10)
            return min(Surprise.log1p(amount), usual.location + 2.5 * usual.scale)
        }
        if day.most > 0 {
            let value = clipped(day.most, memory[device].uploads, site.uploads)
            memory[device].uploads.add(value, day: moment.hour.day, halfLifeDays: halfLifeDays)
            site.uploads.add(value, day: moment.hour.day, halfLifeDays: halfLifeDays)
        }
        if day.wideMost > 0 {
            let value = clipped(day.wideMost, memory[device].wideUploads, site.wideUploads)
            memory[device].wideUploads.add(value, day: moment.hour.day, halfLifeDays: halfLifeDays)
            site.wideUploads.add(value, day: moment.hour.day, halfLifeDays: halfLifeDays)
        }
    }

    private mutating func judgeUpload(
        _ device: Int, _ number: Int, _ total: Double, _ moment: Moment, _ inventory: Inventory,
        _ sink: inout SignalSink
    ) {
        let destination = inventory.destinations[number]
        let isWide = Self.isWide(destination, moment)
        let prediction = memory[device].prediction(
            for: number, isWide: isWide, site: isWide ? site.wideUploads : site.uploads)
        var signal = Signal(
            "upload.destination", device: device, subject: destination.name, time: moment.time,
            bits: min(24, prediction.bits(Surprise.log1p(total))))
        guard signal.bits > 3 else { return }
        signal.destinations = [number]
        signal.values = Rarity.values(destination, device: device, moment)
        signal.values["bytes"] = .bytes(total)
        signal.values["normal_low"] = .bytes(Surprise.expm1(prediction.range.lowerBound))
        signal.values["normal_high"] = .bytes(Surprise.expm1(prediction.range.upperBound))
        signal.evidence = memory[device].evidence(for: number, destination: destination.name)
        sink.emit(signal)
        var rarity = Signal(
            "rarity.destination", device: device, subject: destination.name, time: moment.time,
            bits: Rarity.bits(destination, device: device, moment) + Rarity.youthBits(destination, moment))
        rarity.destinations = [number]
        sink.emit(rarity)
    }

    private mutating func read(_ flow: Fact.Flow, _ moment: Moment, _ inventory: Inventory, _ sink: inout SignalSink) {
        let device = flow.originator.device
        let hour = Int(moment.time.nanoseconds / 3_600_000_000_000)
        let ended = memory[device].add(read: flow, hour: hour)
        if let ended {
            memory[device].reads.add(Surprise.log1p(ended), day: moment.hour.day, halfLifeDays: halfLifeDays)
            site.reads.add(Surprise.log1p(ended), day: moment.hour.day, halfLifeDays: halfLifeDays)
        }
        guard flow.received > 20e6 else { return }
        let total = memory[device].readTotal(hour: hour)
        let prediction = memory[device].readPrediction(site: site.reads)
        let server = inventory[flow.responder.device].device
        var signal = Signal(
            "read.internal", device: device, subject: server.id, time: moment.time,
            bits: prediction.bits(Surprise.log1p(total)))
        signal.peers = [flow.responder.device]
        signal.values = ["read_bytes": .bytes(total), "server": .text(server.name)]
        signal.values["normal_low"] = .bytes(Surprise.expm1(prediction.range.lowerBound))
        signal.values["normal_high"] = .bytes(Surprise.expm1(prediction.range.upperBound))
        signal.evidence = memory[device].fileEvidence(inventory)
        if signal.bits > 4 { sink.emit(signal) }
        // A file session may end, and be told, only after the upload.
        for upload in memory[device].currentUploads(hour: hour) where upload.1 >= 20e6 {
            match(device, upload.0, upload.1, moment, inventory, &sink)
        }
    }

    /// An upload beside what was read inside in the hours before.
    private mutating func match(
        _ device: Int, _ number: Int, _ sent: Double, _ moment: Moment, _ inventory: Inventory,
        _ sink: inout SignalSink
    ) {
        let hour = Int(moment.time.nanoseconds / 3_600_000_000_000)
        let read = memory[device].readTotal(hour: hour)
        guard sent >= 20e6, read >= 20e6 else { return }
        let ratio = sent / read
        guard (0.5...2).contains(ratio) else { return }
        let prediction = memory[device].readPrediction(site: site.reads)
        let destination = inventory.destinations[number]
        // Ratios of unrelated amounts spread over about six doublings; one this near to equal is as rare.
        let nearness = -Surprise.log2(max(0.02, abs(Surprise.log2(ratio)) / 6))
        var signal = Signal(
            "transfer.read_then_upload", device: device, subject: destination.name, time: moment.time,
            bits: max(0, prediction.bits(Surprise.log1p(read))) + nearness)
        signal.destinations = [number]
        signal.peers = memory[device].servers()
        signal.values = ["read_bytes": .bytes(read), "sent_bytes": .bytes(sent), "ratio": .number(ratio)]
        if let server = signal.peers.first { signal.values["server"] = .text(inventory[server].device.name) }
        signal.values["normal_low"] = .bytes(Surprise.expm1(prediction.range.lowerBound))
        signal.values["normal_high"] = .bytes(Surprise.expm1(prediction.range.upperBound))
        signal.evidence = memory[device].fileEvidence(inventory)
        signal.values["file_count"] = .number(Double(signal.evidence.count))
        signal.evidence += memory[device].evidence(for: number, destination: destination.name)
        sink.emit(signal)
    }
}
