import Shared

/// Names that carry data: how much information a device asks of one registered domain.
///
/// Method: length of the distinct labels below the registered domain in an hour and a day, log-normal against what
/// the site's devices ask of any domain, plus how rare the domain is and how the labels look (long, evenly spread
/// letters, TXT or NULL). Minimum data: 20 distinct names. Known false positives: a security product that asks by
/// name about files, on its first machine.
struct TunnelObserver: Observer {
    private var memory = EntityMemory<AskedDomains>()
    /// Devices by registered domain.
    private var askers: [String: AskedBy] = [:]
    private var site = FadingNormal(weight: 12, mean: 4.2, deviation: 1.0)
    private var isChanged = false

    init(settings: SiteSettings) {}

    struct AskedBy: StateCoded {
        var devices: [Int32] = []
        var first = Timestamp()
        mutating func code(_ coder: inout StateCoder) {
            coder.code(&devices)
            coder.code(&first)
        }
    }

    mutating func code(_ archive: inout StateArchive) {
        archive.memory("tunnel", &memory)
        archive.single("tunnel.askers", &askers, isChanged: isChanged)
        archive.single("tunnel.site", &site)
        isChanged = false
    }

    mutating func observe(_ fact: Fact, _ moment: Moment, _ inventory: Inventory, into sink: inout SignalSink) {
        guard case .query(let query) = fact else { return }
        let name = query.name.lowercased()
        let domain = RegisteredDomain.of(name)
        let below = name.utf8.count - domain.utf8.count - 1
        guard below >= 8, !RegisteredDomain.isInternal(name), !CommonDomains.contains(domain) else { return }
        note(domain, device: query.device, at: moment.time)
        let label = String(name.dropLast(domain.count + 1))
        let hour = Int(moment.time.nanoseconds / 3_600_000_000_000)
        guard let asked = memory[query.device].add(label, type: query.type, domain: domain, hour: hour) else { return }
        judge(asked, domain, query, moment, &sink)
    }

    private mutating func note(_ domain: String, device: Int, at time: Timestamp) {
        if let known = askers[domain] {
            guard known.devices.count < 24, !known.devices.contains(Int32(device)) else { return }
        } else if askers.count > 100_000 {
            return
        }
        if askers[domain] == nil { askers[domain] = AskedBy(devices: [], first: time) }
        askers[domain]?.devices.append(Int32(device))
        isChanged = true
    }

    private mutating func judge(
        _ asked: AskedDomains.Asked, _ domain: String, _ query: Fact.Query, _ moment: Moment, _ sink: inout SignalSink
    ) {
        let others = Double((askers[domain]?.devices.count ?? 1) - 1)
        let prediction = site.prediction(prior: FadingNormal(weight: 12, mean: 4.2, deviation: 1.0), limit: 12)
        var bits = Surprise.studentTail(
            (Surprise.log1p(Double(asked.characters)) - prediction.location) / max(0.8, prediction.scale), degrees: 14)
        let mean = Double(asked.characters) / Double(asked.names)
        bits += min(4, max(0, (mean - 16) / 8))
        if Double(asked.unusualTypes) > Double(asked.queries) * 0.3 { bits += 3 }
        if asked.spread > 3.6 { bits += 2 }
        let population = Double(max(2, moment.deviceCount))
        let rarity = moment.maturity * min(7, Surprise.log2((population + 1) / (others * 6 + 1)))
        bits += others >= 6 ? -8 : max(-4, rarity)
        guard bits > 6 else { return }
        var signal = Signal("dns.tunnel", device: query.device, subject: domain, time: moment.time, bits: bits)
        signal.values["domain"] = .text(domain)
        signal.values["names"] = .number(Double(asked.names))
        signal.values["bytes"] = .bytes(Double(asked.characters))
        signal.values["normal_low"] = .bytes(Surprise.expm1(prediction.range.lowerBound))
        signal.values["normal_high"] = .bytes(Surprise.expm1(prediction.range.upperBound))
        signal.values["mean_length"] = .number(mean.rounded())
        signal.values["other_device_count"] = .number(others)
        signal.values["destination"] = .text(domain)
        signal.evidence = [
            Evidence(
                kind: "dns", time: moment.time, uid: query.uid,
                fields: ["query": .text(query.name), "qtype_name": .text(query.type)])
        ]
        sink.emit(signal)
    }

    mutating func close(_ moment: Moment, _ inventory: Inventory, into sink: inout SignalSink) {
        let hour = Int(moment.time.nanoseconds / 3_600_000_000_000)
        for device in 0..<memory.count where memory.states[device].isActive {
            for amount in memory[device].closeHour(hour) {
                // What may be a tunnel must not teach what is normal.
                site.add(min(Surprise.log1p(amount), 7), day: moment.hour.day, halfLifeDays: 14)
            }
        }
    }
}

/// What one device asked below each registered domain.
struct AskedDomains: StateCoded {
    private var domains: [String: Asked] = [:]
    static let limit = 400
    static let namesPerDomain = 1500

    /// Names below one domain, of one day.
    struct Asked: StateCoded {
        var queries = 0
        var names = 0
        var characters = 0
        var unusualTypes = 0
        /// Characters of the open hour.
        var hourCharacters = 0
        private var seen: [UInt64: UInt16] = [:]
        private var letters = [Int32](repeating: 0, count: 37)
        var judgedAt = 0
        var firstHour = 0

        mutating func code(_ coder: inout StateCoder) {
            coder.code(&queries)
            coder.code(&names)
            coder.code(&characters)
            coder.code(&unusualTypes)
            coder.code(&hourCharacters)
            coder.code(&seen)
            coder.code(&letters)
            coder.code(&judgedAt)
            coder.code(&firstHour)
        }

        mutating func add(_ label: String, type: String) {
            queries += 1
            if ["TXT", "NULL", "CNAME", "MX", "PRIVATE", "KEY", "SRV"].contains(type) { unusualTypes += 1 }
            guard seen.count < AskedDomains.namesPerDomain, seen.updateValue(1, forKey: StableHash.of(label)) == nil
            else { return }
            names += 1
            characters += label.utf8.count
            hourCharacters += label.utf8.count
            for byte in label.utf8 {
                switch byte {
                case 0x61...0x7a: letters[Int(byte - 0x61)] += 1
                case 0x30...0x39: letters[Int(byte - 0x30) + 26] += 1
                default: letters[36] += 1
                }
            }
        }

        /// Shannon entropy of the letters, bits a letter.
        var spread: Double {
            let total = Double(letters.reduce(0, +))
            guard total > 0 else { return 0 }
            return letters.reduce(0.0) { sum, count in
                count == 0 ? sum : sum - Double(count) / total * Surprise.log2(Double(count) / total)
            }
        }
    }

    mutating func code(_ coder: inout StateCoder) { coder.code(&domains) }

    var isActive: Bool { !domains.isEmpty }

    /// - Returns: what was asked of the domain so far, when it is time to judge it.
    mutating func add(_ label: String, type: String, domain: String, hour: Int) -> Asked? {
        if domains[domain] == nil {
            guard domains.count < Self.limit else { return nil }
            domains[domain] = Asked()
            domains[domain]?.firstHour = hour
        }
        domains[domain]?.add(label, type: type)
        guard let asked = domains[domain], asked.names >= 20, Double(asked.characters) >= Double(asked.judgedAt) * 1.25
        else { return nil }
        domains[domain]?.judgedAt = asked.characters
        return asked
    }

    /// Forgets domains after a day; returns what the ended hour asked of each.
    mutating func closeHour(_ hour: Int) -> [Double] {
        var amounts: [Double] = []
        for domain in domains.keys.sorted() {
            guard let asked = domains[domain] else { continue }
            if asked.hourCharacters > 0 { amounts.append(Double(asked.hourCharacters)) }
            domains[domain]?.hourCharacters = 0
            if hour - asked.firstHour >= 24 { domains[domain] = nil }
        }
        return amounts
    }
}
