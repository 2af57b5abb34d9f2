import Shared

/// Matches observations with patterns, scores what fires and lets repeats grow one alert.
struct Detector: Sendable {
    private let library: PatternLibrary
    /// Patterns by the observation that can complete them.
    private let triggers: [String: [Int]]
    private var recent: [EntityMemory<RecentSignals>] = [EntityMemory(shardSize: 4), EntityMemory(shardSize: 8)]
    private var calibration: Calibration
    private var open = OpenAlerts()

    /// Signals remembered of one entity.
    static let signalsPerEntity = 48
    /// Highest score of what was told before or turned out to be a habit.
    static let habitScore = 65.0

    init(library: PatternLibrary, budget: Double) {
        self.library = library
        calibration = Calibration(budget: budget)
        var triggers: [String: [Int]] = [:]
        for (position, pattern) in library.patterns.enumerated() {
            for need in pattern.observations { triggers[need.observer, default: []].append(position) }
        }
        self.triggers = triggers
    }

    mutating func code(_ archive: inout StateArchive) {
        archive.memory("signals.device", &recent[0])
        archive.memory("signals.user", &recent[1])
        archive.single("calibration", &calibration)
        archive.single("alerts", &open)
    }

    /// Takes what was observed at one moment; returns alerts that are new or grew.
    mutating func take(_ signals: [Signal], _ moment: Moment, _ inventory: Inventory) -> [Alert] {
        for signal in signals {
            if signal.device >= 0 { recent[0][signal.device].add(signal) }
            if signal.user >= 0 { recent[1][signal.user].add(signal) }
        }
        var fired: [Alert] = []
        var judged: Set<String> = []
        for signal in signals {
            for position in triggers[signal.observer] ?? [] {
                let isUser = library.patterns[position].entity == "user"
                let entity = isUser ? signal.user : signal.device
                guard entity >= 0, judged.insert("\(position) \(entity) \(signal.subject)").inserted else { continue }
                if let alert = judge(library.patterns[position], entity, isUser, signal, moment, inventory) {
                    fired.append(alert)
                }
            }
        }
        return fired
    }

    private mutating func judge(
        _ pattern: Pattern, _ entity: Int, _ isUser: Bool, _ trigger: Signal, _ moment: Moment, _ inventory: Inventory
    ) -> Alert? {
        if let days = pattern.matureDays, moment.ageDays < days { return nil }
        let since = moment.time - Interval(seconds: pattern.window * 3600)
        let memory = recent[isUser ? 1 : 0].peek(entity)
        for veto in pattern.vetoes ?? [] {
            if let best = memory.best(veto, subject: trigger.subject, since: since), best.bits >= veto.minimum {
                return withdraw(pattern, entity, isUser, trigger.subject, moment)
            }
        }
        var chosen: [(Signal, Double)] = []
        for need in pattern.observations {
            let best = memory.best(need, subject: trigger.subject, since: since)
            if let best, best.bits >= need.minimum {
                chosen.append((best, best.bits * (need.weight ?? 1)))
            } else if need.optional != true {
                return nil
            }
        }
        let bits = chosen.reduce(0) { $0 + $1.1 }
        guard bits >= pattern.minimum else { return nil }
        return raise(pattern, entity, isUser, trigger.subject, bits, chosen.map(\.0), moment, inventory)
    }

    private static func key(_ pattern: Pattern, _ entity: Int, _ isUser: Bool, _ subject: String) -> String {
        "\(pattern.name)|\(isUser ? "u" : "d")\(entity)|\(subject)"
    }

    /// What was alerted before it could be known for a habit is of high risk no more.
    private mutating func withdraw(
        _ pattern: Pattern, _ entity: Int, _ isUser: Bool, _ subject: String, _ moment: Moment
    ) -> Alert? {
        let key = Self.key(pattern, entity, isUser, subject)
        guard var alert = open.alert(key, throttleHours: pattern.throttle, at: moment.time),
            alert.score > Self.habitScore
        else { return nil }
        alert.score = Self.habitScore
        let line = pattern.line + Calibration.youngRise(moment.ageDays)
        calibration.note(
            model: pattern.name, entity: alert.entity.description, beyond: -1, before: alert.bits - line,
            day: moment.hour.day)
        open.set(key, alert, habit: OpenAlerts.habitBits, at: moment.time)
        return alert
    }

    private mutating func raise(
        _ pattern: Pattern, _ entity: Int, _ isUser: Bool, _ subject: String, _ bits: Double, _ signals: [Signal],
        _ moment: Moment, _ inventory: Inventory
    ) -> Alert? {
        let key = Self.key(pattern, entity, isUser, subject)
        let before = open.alert(key, throttleHours: pattern.throttle, at: moment.time)
        // What only goes on changes the alert's figures now and then, not its score.
        if let before, before.bits + 0.5 > bits {
            guard bits >= before.bits - 1, open.isStale(key, at: moment.time) else { return nil }
        }
        // Who did the same before, and it was told, does it by habit.
        let habit = before == nil ? open.habit(key, at: moment.time) : open.openHabit(key)
        let line = pattern.line + habit
        let score = calibration.score(
            model: pattern.name, bits: bits, line: line, deviceCount: moment.deviceCount, ageDays: moment.ageDays)
        let builder = AlertBuilder(pattern: pattern, inventory: inventory, moment: moment)
        var alert = builder.alert(entity: entity, isUser: isUser, subject: subject, signals: signals)
        if habit == 0 {
            let young = Calibration.youngRise(moment.ageDays)
            calibration.note(
                model: pattern.name, entity: alert.entity.description, beyond: bits - line - young,
                before: before.map { $0.bits - line - young }, day: moment.hour.day)
        }
        if let before { (alert.id, alert.time, alert.incident) = (before.id, before.time, before.incident) }
        alert.bits = max(bits, before?.bits ?? 0)
        alert.score = max(habit > 0 ? min(score, Self.habitScore) : score, before?.score ?? 0)
        open.set(key, alert, habit: habit, at: moment.time)
        return alert
    }

    /// Tells which incident an alert became part of.
    mutating func assign(_ alert: Alert, incident: String) { open.assign(alert.id, incident: incident) }

    mutating func forget(before time: Timestamp) { open.forget(before: time) }
}

/// The latest signals about one entity, the strongest of each kind and subject.
struct RecentSignals: StateCoded {
    private var signals: [Signal] = []

    init() {}

    mutating func code(_ coder: inout StateCoder) { coder.code(&signals) }

    mutating func add(_ signal: Signal) {
        if let index = signals.firstIndex(where: { $0.observer == signal.observer && $0.subject == signal.subject }) {
            // A weaker repeat within the hour does not hide the stronger one.
            if signals[index].bits > signal.bits, signal.time - signals[index].time < .hours(1) { return }
            let before = signals.remove(at: index)
            signals.append(signal)
            signals[signals.count - 1].keep(evidenceOf: before)
            return
        }
        signals.append(signal)
        if signals.count > Detector.signalsPerEntity { signals.removeFirst() }
    }

    func best(_ need: Pattern.Need, subject: String, since: Timestamp) -> Signal? {
        var best: Signal?
        for signal in signals where signal.observer == need.observer && signal.time >= since {
            guard need.anySubject == true || signal.subject == subject else { continue }
            if signal.bits > best?.bits ?? -1 { best = signal }
        }
        return best
    }
}

extension Signal {
    /// Rows kept of repeats, so that what goes on is shown over its whole length.
    static let evidenceLimit = 40

    /// Takes over what an earlier signal about the same showed, where each shows single events.
    mutating func keep(evidenceOf before: Signal) {
        guard evidence.count < 8, time - before.time < .hours(24) else { return }
        let fresh = evidence
        let old = before.evidence.filter { row in
            row.kind != "file" && !fresh.contains { $0.uid == row.uid && $0.fields == row.fields }
        }
        // The first ones tell how it began, the last ones how it stands.
        let room = Self.evidenceLimit - fresh.count
        let kept = old.count <= room ? old : Array(old.prefix(room / 2) + old.suffix(room - room / 2))
        evidence = kept + fresh
    }
}

/// Alerts that may still grow.
struct OpenAlerts: StateCoded {
    private var alerts: [String: Entry] = [:]
    private var keys: [String: String] = [:]

    /// When each thing was alerted last, after its alert was forgotten.
    private var told: [String: Timestamp] = [:]

    /// Days for which an alert makes its repeat a habit, and bits that the repeat must show beyond the line.
    static let habitDays: Int64 = 40
    static let habitBits = 12.0

    struct Entry: StateCoded {
        var alert = Alert()
        var lastTime = Timestamp()
        var habit = 0.0
        mutating func code(_ coder: inout StateCoder) {
            coder.code(&alert)
            coder.code(&lastTime)
            coder.code(&habit)
        }
    }

    init() {}

    mutating func code(_ coder: inout StateCoder) {
        coder.code(&alerts)
        coder.code(&keys)
        coder.code(&told)
    }

    func habit(_ key: String, at time: Timestamp) -> Double {
        guard let last = told[key] ?? alerts[key]?.lastTime, time - last < .days(Self.habitDays) else { return 0 }
        return Self.habitBits
    }

    func openHabit(_ key: String) -> Double { alerts[key]?.habit ?? 0 }

    func isStale(_ key: String, at time: Timestamp) -> Bool {
        alerts[key].map { time - $0.lastTime > .minutes(1) } ?? true
    }

    func alert(_ key: String, throttleHours: Double, at time: Timestamp) -> Alert? {
        guard let entry = alerts[key], time - entry.lastTime < Interval(seconds: throttleHours * 3600) else {
            return nil
        }
        return entry.alert
    }

    mutating func set(_ key: String, _ alert: Alert, habit: Double, at time: Timestamp) {
        if let before = alerts[key], before.alert.id != alert.id { keys[before.alert.id] = nil }
        alerts[key] = Entry(alert: alert, lastTime: time, habit: habit)
        told[key] = time
        keys[alert.id] = key
    }

    mutating func assign(_ id: String, incident: String) {
        if let key = keys[id] { alerts[key]?.alert.incident = incident }
    }

    mutating func forget(before time: Timestamp) {
        for key in alerts.keys.sorted() {
            guard let entry = alerts[key], entry.lastTime < time else { continue }
            if let last = told[key], time - last > .days(Self.habitDays) { told[key] = nil }
            alerts[key] = nil
            keys[entry.alert.id] = nil
        }
    }
}
