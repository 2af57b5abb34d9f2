import Shared

/// What one device sent to each destination and read from each server, lately and usually.
struct DeviceTransfers: StateCoded {
    /// Natural logarithm of the most bytes sent to one destination in a day.
    var uploads = FadingNormal()
    /// The same for destinations that many devices use: what goes to a shared storage says nothing about others.
    var wideUploads = FadingNormal()
    private var uploadDay = 0
    private var uploadMost = 0.0
    private var wideMost = 0.0
    /// Natural logarithm of bytes read inside in a day.
    var reads = FadingNormal()
    private var byDestination: [Int32: Upload] = [:]
    /// Bytes read in the latest hours, oldest first.
    private var readHours: [HourAmount] = []
    private var readDay = 0
    private var readSum = 0.0
    private var files: [FileUse] = []

    static let destinationLimit = 600
    static let fileLimit = 200

    /// Bytes to one destination.
    struct Upload: StateCoded {
        var windowHour = 0
        var bytes = 0.0
        var judged = 0.0
        var connections = 0
        var firstTime = Timestamp()
        var lastTime = Timestamp()
        var uid = ""
        /// Of the connection in ``uid``.
        var largest = 0.0
        var past = FadingNormal()

        mutating func code(_ coder: inout StateCoder) {
            coder.code(&windowHour)
            coder.code(&bytes)
            coder.code(&judged)
            coder.code(&connections)
            coder.code(&firstTime)
            coder.code(&lastTime)
            coder.code(&uid)
            coder.code(&largest)
            coder.code(&past)
        }
    }

    struct HourAmount: StateCoded {
        var hour = 0
        var server = 0
        var bytes = 0.0
        mutating func code(_ coder: inout StateCoder) {
            coder.code(&hour)
            coder.code(&server)
            coder.code(&bytes)
        }
    }

    struct FileUse: StateCoded {
        var time = Timestamp()
        var uid = ""
        var path = ""
        var name = ""
        var server = -1
        /// Size, or what was read of it where that is more.
        var bytes = 0.0
        /// Bytes really read, 0 where the sensor does not tell.
        var read = 0.0
        mutating func code(_ coder: inout StateCoder) {
            coder.code(&time)
            coder.code(&uid)
            coder.code(&path)
            coder.code(&name)
            coder.code(&server)
            coder.code(&bytes)
            coder.code(&read)
        }
    }

    mutating func code(_ coder: inout StateCoder) {
        coder.code(&uploads)
        coder.code(&uploadDay)
        coder.code(&uploadMost)
        coder.code(&wideUploads)
        coder.code(&wideMost)
        coder.code(&reads)
        coder.code(&byDestination)
        coder.code(&readHours)
        coder.code(&readDay)
        coder.code(&readSum)
        coder.code(&files)
    }

    /// The most sent to one destination on a day that ended.
    struct EndedDay {
        var most: Double
        var wideMost: Double
    }

    /// - Returns: bytes of the window so far, and what a day was that ended before.
    mutating func add(upload flow: Fact.Flow, isWide: Bool, hour: Int) -> (Double, ended: EndedDay?) {
        let key = Int32(flow.destination)
        if byDestination.count >= Self.destinationLimit, byDestination[key] == nil { forgetSmall(hour: hour) }
        var ended: EndedDay?
        if hour / 24 != uploadDay {
            if uploadDay > 0 { ended = EndedDay(most: uploadMost, wideMost: wideMost) }
            (uploadDay, uploadMost, wideMost) = (hour / 24, 0, 0)
        }
        let end = flow.start + Interval(seconds: flow.duration)
        byDestination[key, default: Upload()].update { entry in
            if hour - entry.windowHour >= 24 {
                if entry.bytes > 0 {
                    entry.past.add(Surprise.log1p(entry.bytes), day: entry.windowHour / 24, halfLifeDays: 21)
                }
                entry.windowHour = hour
                (entry.bytes, entry.judged, entry.connections, entry.largest) = (0, 0, 0, 0)
                entry.firstTime = flow.start
            }
            entry.bytes += flow.sent
            entry.connections += 1
            entry.lastTime = end
            if flow.totalSent >= entry.largest { (entry.largest, entry.uid) = (flow.totalSent, flow.uid) }
        }
        let total = byDestination[key]?.bytes ?? 0
        if isWide { wideMost = max(wideMost, total) } else { uploadMost = max(uploadMost, total) }
        return (total, ended)
    }

    /// Drops destinations that get little and were quiet for a day.
    private mutating func forgetSmall(hour: Int) {
        let ranked = byDestination.keys.sorted().filter { key in
            guard let entry = byDestination[key] else { return false }
            return hour - entry.windowHour >= 24 && entry.bytes < 1e6 && entry.past.mean < 14
        }
        for key in ranked { byDestination[key] = nil }
        guard byDestination.count >= Self.destinationLimit else { return }
        let oldest = byDestination.sorted { ($0.value.windowHour, $0.key) < ($1.value.windowHour, $1.key) }
        for entry in oldest.prefix(Self.destinationLimit / 4) { byDestination[entry.key] = nil }
    }

    /// Whether the window grew enough since it was judged.
    mutating func shouldJudge(_ destination: Int, total: Double) -> Bool {
        guard let entry = byDestination[Int32(destination)], total > entry.judged * 1.2 else { return false }
        byDestination[Int32(destination)]?.judged = total
        return true
    }

    func prediction(for destination: Int, isWide: Bool, site: FadingNormal) -> Prediction {
        let history = isWide ? wideUploads : uploads
        let own = history.asPrior(over: site, limit: 10)
        guard let past = byDestination[Int32(destination)]?.past, past.weight > 0 else {
            return history.prediction(prior: site, limit: 10)
        }
        return past.prediction(prior: own, limit: 1)
    }

    func currentUploads(hour: Int) -> [(Int, Double)] {
        byDestination.keys.sorted().compactMap { key in
            guard let entry = byDestination[key], hour - entry.windowHour < 24 else { return nil }
            return (Int(key), entry.bytes)
        }
    }

    func evidence(for destination: Int, destination name: String) -> [Evidence] {
        guard let entry = byDestination[Int32(destination)] else { return [] }
        return [
            Evidence(
                kind: "conn", time: entry.firstTime, uid: entry.uid,
                fields: [
                    "destination": .text(name), "orig_bytes": .bytes(entry.bytes),
                    "connections": .number(Double(entry.connections)), "until": .time(entry.lastTime),
                ])
        ]
    }

    // MARK: Reads

    /// - Returns: the sum of a day that ended.
    mutating func add(read flow: Fact.Flow, hour: Int) -> Double? {
        var ended: Double?
        if hour / 24 != readDay {
            if readSum > 0 { ended = readSum }
            (readDay, readSum) = (hour / 24, 0)
        }
        readSum += flow.received
        let server = flow.responder.device
        if let index = readHours.lastIndex(where: { $0.hour == hour && $0.server == server }) {
            readHours[index].bytes += flow.received
        } else {
            readHours.append(HourAmount(hour: hour, server: server, bytes: flow.received))
        }
        readHours.removeAll { Double(hour - $0.hour) > TransferObserver.reachHours }
        return ended
    }

    func readTotal(hour: Int) -> Double {
        readHours.reduce(0) { Double(hour - $1.hour) <= TransferObserver.reachHours ? $0 + $1.bytes : $0 }
    }

    func readPrediction(site: FadingNormal) -> Prediction { reads.prediction(prior: site, limit: 8) }

    /// Servers that nearly all was read from, most bytes first; mail and the like beside a bulk read are none.
    func servers() -> [Int] {
        var sums: [Int: Double] = [:]
        for amount in readHours { sums[amount.server, default: 0] += amount.bytes }
        let most = sums.values.max() ?? 0
        return sums.filter { $0.value >= most * 0.1 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .prefix(4).map(\.key)
    }

    /// Hours, since the epoch, in which the bulk was read from the given servers.
    private func bulkHours(_ servers: [Int]) -> ClosedRange<Int>? {
        let amounts = readHours.filter { servers.contains($0.server) }
        let most = amounts.map(\.bytes).max() ?? 0
        let hours = amounts.filter { $0.bytes >= most * 0.05 }.map(\.hour)
        guard let first = hours.min(), let last = hours.max() else { return nil }
        return first...last
    }

    mutating func note(_ use: Fact.ShareUse, at time: Timestamp) {
        guard ["", "SMB::FILE_OPEN", "SMB::FILE_READ"].contains(use.action), use.written == 0 || use.read > 0 else {
            return
        }
        if let first = files.first, time - first.time > .hours(Int64(TransferObserver.reachHours)) {
            files.removeAll { time - $0.time > .hours(Int64(TransferObserver.reachHours)) }
        }
        let bytes = max(use.read, use.size)
        if let index = files.lastIndex(where: { $0.name == use.name && $0.path == use.path }) {
            files[index].bytes = max(files[index].bytes, bytes)
            files[index].read += use.read
            return
        }
        let file = FileUse(
            time: time, uid: use.uid, path: use.path, name: use.name, server: use.server, bytes: bytes, read: use.read)
        if files.count < Self.fileLimit {
            files.append(file)
        } else if let smallest = files.indices.min(by: { (files[$0].bytes, $0) < (files[$1].bytes, $1) }),
            files[smallest].bytes < bytes
        {
            files.remove(at: smallest)
            files.append(file)
        }
    }

    /// The files read from the servers that the bulk came from while it came, largest first.
    func fileEvidence(_ inventory: Inventory) -> [Evidence] {
        let sources = servers()
        let hours = bulkHours(sources)
        let chosen = files.filter { file in
            // Without sizes of connections, all files of the latest hours are meant.
            guard let hours else { return true }
            let hour = Int(file.time.nanoseconds / 3_600_000_000_000)
            return sources.contains(file.server) && hours.lowerBound - 1 <= hour && hour <= hours.upperBound
        }
        return chosen.enumerated().sorted { ($1.element.bytes, $0.offset) < ($0.element.bytes, $1.offset) }.map {
            row($0.element, inventory)
        }
    }

    private func row(_ file: FileUse, _ inventory: Inventory) -> Evidence {
        var fields: [String: Value] = [
            "path": .text(file.path), "name": .text(file.name), "size": .bytes(file.bytes),
            "action": .text("SMB::FILE_OPEN"),
        ]
        if file.read > 0 { fields["bytes_read"] = .bytes(file.read) }
        if file.server >= 0 { fields["server"] = .text(inventory[file.server].device.id) }
        return Evidence(kind: "file", time: file.time, uid: file.uid, fields: fields)
    }
}

extension DeviceTransfers.Upload {
    mutating func update(_ body: (inout Self) -> Void) { body(&self) }
}
