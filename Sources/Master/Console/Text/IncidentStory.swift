import Shared

/// The paragraphs that tell an incident: first who did what, when, how much and to whom, then what each model says.
struct IncidentStory {
    let file: IncidentFile
    let facts: IncidentFacts
    let narrator: Narrator

    private var catalog: Catalog { narrator.catalog }
    private var format: Format { narrator.format }

    /// Alerts told after the opening; more would not be read.
    private static let sentenceLimit = 6

    var opening: String {
        let incident = file.incident
        var values = [
            "when": format.span(incident.firstTime, incident.lastTime), "who": who,
            "count": catalog.plural("count.alerts", file.alerts.count),
        ]
        if let read = facts.reads.first {
            values["server"] = narrator.name(read.peer)
            values["read_bytes"] = format.bytes(read.bytes)
            values["files"] = catalog.plural("count.files", read.count)
            values["share"] = format.list(read.shares)
        }
        if let sent = facts.sends.first {
            values["destination"] = narrator.name(sent.peer)
            values["sent_bytes"] = format.bytes(sent.bytes)
        }
        switch (facts.reads.isEmpty, facts.sends.isEmpty) {
        case (false, false): return catalog.text("story.read_and_sent", values)
        case (false, true): return catalog.text("story.read", values)
        case (true, false): return catalog.text("story.sent", values)
        case (true, true): return catalog.text("story.other", values)
        }
    }

    /// The device whose doing it was, with its users: the servers that it reached are told as such.
    private var who: String {
        let users = file.lead.map(\.users) ?? file.incident.users
        guard let device = file.actor.map(narrator.name) else { return format.list(users) }
        guard !users.isEmpty else { return device }
        return catalog.text("story.who", ["device": device, "users": format.list(users)])
    }

    /// What each model says, in the order of time, every text once.
    var sentences: [String] {
        var seen: Set<String> = []
        return Array(
            file.alerts.map(narrator.sentence).filter { seen.insert($0).inserted }.prefix(Self.sentenceLimit))
    }
}
