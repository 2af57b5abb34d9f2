import Hummingbird
import Shared

/// One incident: its story, its chart, its alerts, its evidence.
struct IncidentDetailPage: Sendable {
    let data: any ConsoleData
    let pages: PageRenderer
    let texts: any ModelTexts

    /// Days shown in the chart before and after the incident.
    static let daysBefore = 7
    static let daysAfter = 1

    func show(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let parameters = Parameters(request)
        guard let site = parameters.text("site"), let id = parameters.text("id"),
            let file = try await data.incident(site: site, id: id)
        else { throw ConsoleError.notFound }
        let catalog = pages.resources.catalog(context.language)
        var names = file.namesByAddress
        for device in file.devices { names[device.id] = device.name }
        let narrator = Narrator(texts: texts, catalog: catalog, format: context.format, names: names)
        let lead = file.alerts.max { ($0.score, $1.time) < ($1.score, $0.time) }
        let headline = narrator.headline(file.incident, lead: lead)
        return pages.page(
            "incident", title: headline, section: "incidents",
            values: values(file, narrator, headline), context: context)
    }

    private func values(_ file: IncidentFile, _ narrator: Narrator, _ headline: String) -> [String: Any] {
        let (incident, format, catalog) = (file.incident, narrator.format, narrator.catalog)
        let facts = IncidentFacts(alerts: file.alerts)
        let story = IncidentStory(file: file, facts: facts, narrator: narrator)
        return [
            "headline": headline, "score": ScoreView.values(incident.score), "site": file.site, "id": incident.id,
            "opening": story.opening, "sentences": story.sentences,
            "when": format.span(incident.firstTime, incident.lastTime),
            "day": format.dateWithWeekday(incident.firstTime),
            "length": format.duration(seconds: (incident.lastTime - incident.firstTime).seconds),
            "devices": devices(file, narrator), "users": incident.users, "destinations": incident.destinations,
            "destination_links": incident.destinations.map { ["name": $0, "link": PageLinks.search($0)] },
            "attack": incident.attack.map { AlertView.attack($0, catalog) },
            "models": incident.models.map(Narrator.short),
            "alert_count": catalog.plural("count.alerts", file.alerts.count),
            "alerts": timeline(file, narrator), "flow": flow(file, facts, narrator) ?? false,
            "evidence": facts.evidence.map {
                EvidenceTable(kind: $0.kind, rows: $0.rows, narrator: narrator, site: file.site).values
            },
            "chart": chart(file) ?? false,
        ]
    }

    private func timeline(_ file: IncidentFile, _ narrator: Narrator) -> [[String: Any]] {
        var day = ""
        return file.alerts.map { alert in
            var values = AlertView(alert: alert, narrator: narrator).values
            let date = narrator.format.dateWithWeekday(alert.time)
            if date != day { values["new_day"] = date }
            day = date
            return values
        }
    }

    private func devices(_ file: IncidentFile, _ narrator: Narrator) -> [[String: Any]] {
        file.incident.devices.map { id in
            let device = file.devices.first { $0.id == id }
            return [
                "name": narrator.name(id), "link": PageLinks.device(site: file.site, id: id),
                "role": device.map { narrator.catalog.named("role", $0.role) ?? $0.role } ?? "",
                "address": device?.addresses.max { $0.lastSeen < $1.lastSeen }?.address ?? "",
            ]
        }
    }

    /// Who read from whom and sent to whom, as boxes and arrows; nil when no amounts are known.
    private func flow(_ file: IncidentFile, _ facts: IncidentFacts, _ narrator: Narrator) -> [String: Any]? {
        guard !facts.reads.isEmpty || !facts.sends.isEmpty, let device = file.actor else { return nil }
        let format = narrator.format
        func side(_ transfers: [IncidentFacts.Transfer], _ counting: String) -> [[String: Any]] {
            transfers.prefix(3).map { transfer in
                [
                    "name": narrator.name(transfer.peer), "bytes": format.bytes(transfer.bytes),
                    "detail": transfer.shares.isEmpty ? "" : format.list(Array(transfer.shares.prefix(2))),
                    "count": narrator.catalog.plural(counting, transfer.count),
                ]
            }
        }
        return [
            "device": narrator.name(device), "users": Array(file.incident.users.prefix(2)),
            "reads": side(facts.reads, "count.files"), "has_reads": !facts.reads.isEmpty,
            "sends": side(facts.sends, "count.connections"), "has_sends": !facts.sends.isEmpty,
        ]
    }

    /// Where the chart's script finds its hours; the span of the incident is marked in it.
    private func chart(_ file: IncidentFile) -> [String: Any]? {
        let incident = file.incident
        let entity: EntityID
        if let device = file.actor {
            entity = EntityID(kind: .device, name: device)
        } else if let alert = file.alerts.first {
            entity = alert.entity
        } else {
            return nil
        }
        let from = incident.firstTime - .days(Int64(Self.daysBefore))
        let to = incident.lastTime + .days(Int64(Self.daysAfter))
        return ChartView.values(
            site: file.site, entity: entity, from: from, to: to, mark: (incident.firstTime, incident.lastTime), limit: 3
        )
    }
}

/// What `chart.js` needs: an address of hours.
enum ChartView {
    static func values(
        site: String, entity: EntityID, from: Timestamp, to: Timestamp, mark: (Timestamp, Timestamp)?, limit: Int
    ) -> [String: Any] {
        var pairs = [
            ("site", site), ("kind", entity.kind.rawValue), ("entity", entity.name),
            ("from", "\(Int(from.seconds))"), ("to", "\(Int(to.seconds))"), ("limit", "\(limit)"),
        ]
        if let mark {
            pairs.append(("mark_from", "\(Int(mark.0.seconds))"))
            pairs.append(("mark_to", "\(Int(mark.1.seconds))"))
        }
        return ["source": PageLinks.query("/api/v1/hours", pairs)]
    }
}
