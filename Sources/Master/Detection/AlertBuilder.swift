import Shared

/// Puts together what an alert says from the signals that made it.
struct AlertBuilder {
    let pattern: Pattern
    let inventory: Inventory
    let moment: Moment

    func alert(entity: Int, isUser: Bool, subject: String, signals: [Signal]) -> Alert {
        let id =
            isUser
            ? EntityID(kind: .user, name: inventory.accounts[entity].account.id)
            : EntityID(kind: .device, name: inventory[entity].device.id)
        let seed = "\(pattern.name)|\(id)|\(subject)|\(moment.time.nanoseconds)"
        var alert = Alert()
        alert.id = Self.identifier("a", seed)
        alert.time = moment.time
        alert.model = pattern.name
        alert.entity = id
        alert.attack = pattern.attack
        for signal in signals { add(signal, to: &alert) }
        alert.observations = signals.map { observation($0, entity: id) }
        describe(&alert)
        return alert
    }

    private func add(_ signal: Signal, to alert: inout Alert) {
        for device in [signal.device] + signal.peers where device >= 0 {
            let name = inventory[device].device.id
            if !alert.devices.contains(name) { alert.devices.append(name) }
        }
        var users = signal.user >= 0 ? [signal.user] : []
        if signal.user < 0, signal.device >= 0, let current = currentUser(of: signal.device) { users.append(current) }
        for user in users {
            let name = inventory.accounts[user].account.id
            if !alert.users.contains(name) { alert.users.append(name) }
        }
        for destination in signal.destinations where destination >= 0 {
            let name = inventory.destinations[destination].name
            if !alert.destinations.contains(name) { alert.destinations.append(name) }
        }
        for (key, value) in signal.values { alert.values[key] = alert.values[key] ?? value }
    }

    /// Who used a device last, when that was not long ago; a machine of one person's stays theirs over a weekend.
    private func currentUser(of device: Int) -> Int? {
        let facts = inventory[device]
        let reach: Interval = facts.users.count == 1 ? .days(14) : .hours(12)
        guard facts.user >= 0, moment.time - facts.userTime < reach, !facts.isServer else { return nil }
        return facts.user
    }

    private func describe(_ alert: inout Alert) {
        alert.values["entity"] = .text(alert.entity.name)
        if let first = alert.devices.first { alert.values["device"] = .text(first) }
        if alert.devices.count > 1 { alert.values["other_devices"] = .texts(Array(alert.devices.dropFirst())) }
        if let first = alert.users.first { alert.values["user"] = .text(first) }
        if let first = alert.destinations.first { alert.values["destination"] = .text(first) }
    }

    private func observation(_ signal: Signal, entity: EntityID) -> Observation {
        let seed = "\(signal.observer)|\(entity)|\(signal.subject)|\(signal.time.nanoseconds)"
        return Observation(
            id: Self.identifier("o", seed), observer: signal.observer, entity: entity, time: signal.time,
            bits: signal.bits, values: signal.values, evidence: signal.evidence)
    }

    /// A short name that is the same in every run.
    static func identifier(_ prefix: String, _ seed: String) -> String {
        let hash = StableHash.of(seed)
        let text = String(hash, radix: 16)
        return prefix + String(repeating: "0", count: 16 - text.count) + text
    }
}
