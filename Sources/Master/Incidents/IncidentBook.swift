import Shared

/// Groups alerts that share devices, users or destinations within hours, and scores the story they tell.
struct IncidentBook {
    private var state = State()
    private let stages: [String: String]

    /// Alerts further apart than this tell two stories.
    static let reach = Interval.hours(24)

    /// Alerts below this percentage join what their own device does and nothing else: a user or a destination that a
    /// weak sign names is often one that everybody has, and would tie a whole office together.
    static let tieScore = 40.0

    init(library: PatternLibrary) {
        stages = Dictionary(library.patterns.map { ($0.name, $0.stage) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func code(_ archive: inout StateArchive) { archive.single("incidents", &state) }

    /// Adds an alert, or what it grew to; returns the incident that holds it.
    mutating func add(_ alert: Alert, at time: Timestamp) -> Incident {
        let position = position(of: alert, at: time)
        state.open[position].take(alert, at: time, stages: stages)
        return state.open[position].incident
    }

    private mutating func position(of alert: Alert, at time: Timestamp) -> Int {
        if let known = state.open.firstIndex(where: { $0.incident.alerts.contains(alert.id) }) { return known }
        for index in state.open.indices where time - state.open[index].incident.lastTime < Self.reach {
            if state.open[index].isAbout(alert) { return index }
        }
        var story = Story()
        story.incident.id = AlertBuilder.identifier("i", alert.id)
        story.incident.firstTime = alert.time
        state.open.append(story)
        return state.open.count - 1
    }

    mutating func forget(before time: Timestamp) { state.open.removeAll { $0.incident.lastTime < time } }

    struct State: StateCoded {
        var open: [Story] = []
        mutating func code(_ coder: inout StateCoder) { coder.code(&open) }
    }

    /// An incident and what its score is made of.
    struct Story: StateCoded {
        var incident = Incident()
        /// Score and model of each alert.
        private var scores: [String: Double] = [:]
        private var models: [String: String] = [:]
        /// Users and destinations that hold the story together.
        private var ties: [String] = []

        mutating func code(_ coder: inout StateCoder) {
            coder.code(&incident)
            coder.code(&scores)
            coder.code(&models)
            coder.code(&ties)
        }

        /// The devices an attack sits on, not the servers that everyone uses, hold a story together.
        func isAbout(_ alert: Alert) -> Bool {
            if let first = alert.devices.first, incident.devices.contains(first) { return true }
            guard alert.score >= IncidentBook.tieScore else { return false }
            return (alert.destinations + alert.users).contains(where: ties.contains)
        }

        mutating func take(_ alert: Alert, at time: Timestamp, stages: [String: String]) {
            incident.lastTime = max(incident.lastTime, time)
            if !incident.alerts.contains(alert.id) { incident.alerts.append(alert.id) }
            for name in alert.devices where !incident.devices.contains(name) { incident.devices.append(name) }
            for name in alert.users where !incident.users.contains(name) { incident.users.append(name) }
            for name in alert.destinations where !incident.destinations.contains(name) {
                incident.destinations.append(name)
            }
            for name in alert.attack where !incident.attack.contains(name) { incident.attack.append(name) }
            if alert.score >= IncidentBook.tieScore {
                for name in alert.destinations + alert.users where !ties.contains(name) { ties.append(name) }
            }
            scores[alert.id] = alert.score
            models[alert.id] = alert.model
            var best: [String: Double] = [:]
            for (id, score) in scores { best[models[id] ?? "", default: 0] = max(score, best[models[id] ?? ""] ?? 0) }
            let ranked = best.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            incident.models = ranked.map(\.key)
            incident.score = Self.score(ranked.map { (stages[$0.key] ?? "", $0.value) })
        }

        /// The best sign counts in full. Each further kind of sign removes a part of the doubt that is left: more
        /// when it shows another step of the chain. Weak signs remove next to nothing.
        private static func score(_ ranked: [(stage: String, score: Double)]) -> Double {
            guard let first = ranked.first else { return 0 }
            var doubt = 1 - first.score / 100
            var stages: Set<String> = [first.stage]
            for (stage, score) in ranked.dropFirst() {
                let share = stages.insert(stage).inserted ? 0.5 : 0.2
                doubt *= 1 - share * (score / 100) * (score / 100)
            }
            return 100 * (1 - doubt)
        }
    }
}
