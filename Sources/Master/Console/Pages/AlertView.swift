import Shared

/// An alert in the timeline, and its score opened: which observations, how many bits each, what was normal.
struct AlertView {
    let alert: Alert
    let narrator: Narrator

    private var catalog: Catalog { narrator.catalog }
    private var format: Format { narrator.format }

    var values: [String: Any] {
        [
            "score": ScoreView.values(alert.score), "time": format.clockWithSeconds(alert.time),
            "stamp": format.stamp(alert.time),
            "title": narrator.title(alert), "sentence": narrator.sentence(alert), "model": alert.model,
            "attack": alert.attack.map { Self.attack($0, catalog) },
            "bits": catalog.text("alert.bits", ["n": format.number((alert.bits * 10).rounded() / 10)]),
            "observations": alert.observations.sorted { $0.bits > $1.bits }.map(observation),
        ]
    }

    /// A technique's number and its page, which is only opened by a click.
    static func attack(_ technique: String, _ catalog: Catalog) -> [String: Any] {
        let number = technique.prefix { $0.isLetter || $0.isNumber || $0 == "." }
        return [
            "id": technique, "name": catalog.named("technique", technique) ?? "",
            "link": "https://attack.mitre.org/techniques/\(number.replacing(".", with: "/"))/",
        ]
    }

    private func observation(_ observation: Observation) -> [String: Any] {
        let normal = observation.values.filter { Self.isNormal($0.key) }
        let seen = observation.values.filter { !Self.isNormal($0.key) }
        return [
            "name": catalog.named("observer", observation.observer) ?? observation.observer,
            "entity": narrator.name(observation.entity.name), "time": format.stamp(observation.time),
            "bits": format.number((observation.bits * 10).rounded() / 10),
            "width": ScoreView.bitsWidth(observation.bits),
            "odds": odds(observation.bits), "seen": pairs(seen), "normal": pairs(normal),
            "has_normal": !normal.isEmpty,
        ]
    }

    /// Values that say what was expected, by their names.
    private static func isNormal(_ name: String) -> Bool {
        name.hasPrefix("normal") || name.hasPrefix("usual") || name.hasPrefix("expected") || name.hasPrefix("typical")
    }

    /// Bits as odds that people can weigh: 10 bits are one in a thousand.
    private func odds(_ bits: Double) -> String {
        guard bits >= 1 else { return "" }
        if bits > 40 { return catalog.text("alert.odds_beyond") }
        let scale = pow2(bits)
        let digits = max(1, Double(Int(scale).description.count - 1))
        let step = (0..<Int(digits)).reduce(1.0) { power, _ in power * 10 }
        return catalog.text("alert.odds", ["n": format.number((scale / step).rounded() * step)])
    }

    private func pow2(_ bits: Double) -> Double {
        let whole = bits.rounded(.down)
        // 2^fraction within 4 % by a straight line: the result is rounded to one figure anyway.
        return Double(sign: .plus, exponent: Int(whole), significand: 1 + (bits - whole))
    }

    private func pairs(_ values: [String: Value]) -> [[String: Any]] {
        values.sorted { $0.key < $1.key }.map { key, value in
            let text: String =
                if case .text(let name) = value { narrator.name(name) } else { format.value(value) }
            return ["label": catalog.named("value", key) ?? key.replacing("_", with: " "), "text": text]
        }
    }
}
