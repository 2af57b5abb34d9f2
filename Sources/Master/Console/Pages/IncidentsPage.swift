import Hummingbird
import Shared

/// Incidents by score, with the slider.
struct IncidentsPage: Sendable {
    let data: any ConsoleData
    let pages: PageRenderer
    let texts: any ModelTexts

    static let pageSize = 50
    /// Where the list opens: weaker ones tell little and are many, so that they are shown only when asked for.
    static let openingScore = 40.0
    /// Spans offered, in hours; they end at the newest moment that learning has reached, so that replays work alike.
    private static let spans = [24, 168, 720]

    func show(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let overview = try await data.overview()
        let parameters = Parameters(request)
        var query = IncidentQuery()
        query.minScore = min(max(parameters.number("min") ?? Self.openingScore, 0), 100)
        query.site = parameters.text("site")
        query.text = String((parameters.text("q") ?? "").prefix(100))
        query.newestFirst = parameters.text("order") == "time"
        query.limit = Self.pageSize
        query.offset = max(0, Int(parameters.number("from") ?? 0))
        let span = parameters.number("span").map { Int($0) }.flatMap { Self.spans.contains($0) ? $0 : nil }
        if let span, let last = overview.lastTime { query.since = last - .hours(Int64(span)) }
        let page = try await data.incidents(query)
        let state = State(query: query, span: span, overview: overview, page: page)
        let values = values(state, context)
        if parameters.text("part") == "list" {
            return pages.fragment("incident-list", values: values, context: context)
        }
        let title = pages.resources.catalog(context.language).text("incidents.title")
        return pages.page("incidents", title: title, section: "incidents", values: values, context: context)
    }

    private struct State {
        var query: IncidentQuery
        var span: Int?
        var overview: Overview
        var page: IncidentPage

        func link(from offset: Int, newestFirst: Bool? = nil, minScore: Double? = nil) -> String {
            let least = minScore ?? query.minScore
            return PageLinks.query(
                "/incidents",
                [
                    ("min", least == IncidentsPage.openingScore ? "" : "\(Int(least))"), ("site", query.site ?? ""),
                    ("span", span.map(String.init) ?? ""), ("q", query.text),
                    ("order", newestFirst ?? query.newestFirst ? "time" : ""), ("from", offset > 0 ? "\(offset)" : ""),
                ])
        }
    }

    private func values(_ state: State, _ context: ConsoleContext) -> [String: Any] {
        let catalog = pages.resources.catalog(context.language)
        let (query, page) = (state.query, state.page)
        let format = context.format
        var values: [String: Any] = [
            "rows": page.rows.map { row($0, catalog, format) }, "total": Format.grouped(page.total),
            "min": "\(Int(query.minScore))",
            "opening": "\(Int(Self.openingScore))", "q": query.text, "by_time": query.newestFirst,
            "shown": catalog.plural("incidents.shown", page.total),
            "bars": bars(page.histogram), "facts": facts(state, catalog, format),
            "sites": state.overview.sites.map { ["name": $0, "selected": $0 == query.site] as [String: Any] },
            "spans": Self.spans.map {
                ["hours": "\($0)", "label": catalog.named("span", "h\($0)") ?? "", "selected": $0 == state.span]
                    as [String: Any]
            },
            "link_by_score": state.link(from: 0, newestFirst: false),
            "link_by_time": state.link(from: 0, newestFirst: true), "several_sites": state.overview.sites.count > 1,
        ]
        if page.weaker > 0 {
            values["weaker"] = catalog.plural("incidents.weaker", page.weaker)
            values["link_all"] = state.link(from: 0, minScore: 0)
        }
        if query.offset > 0 { values["previous"] = state.link(from: max(0, query.offset - query.limit)) }
        if query.offset + page.rows.count < page.total { values["next"] = state.link(from: query.offset + query.limit) }
        if page.total > query.limit {
            values["position"] = catalog.text(
                "list.position",
                [
                    "first": Format.grouped(query.offset + 1), "last": Format.grouped(query.offset + page.rows.count),
                    "total": Format.grouped(page.total),
                ])
        }
        return values
    }

    /// Twenty bars, the tallest filling the height; positions as attributes of SVG, since no inline style is allowed.
    private func bars(_ histogram: [Int]) -> [[String: Any]] {
        let tallest = Double(max(histogram.max() ?? 0, 1))
        return histogram.enumerated().map { band, count in
            let height = count == 0 ? 0 : max(6, (Double(count) / tallest).squareRoot() * 100)
            return [
                "x": "\(band * 5)", "y": "\(Int(100 - height))", "height": "\(Int(height))", "score": "\(band * 5)",
                "count": Format.grouped(count), "level": ScoreView.level(Double(band * 5)),
            ]
        }
    }

    private func facts(_ state: State, _ catalog: Catalog, _ format: Format) -> [[String: Any]] {
        let high = state.page.histogram.suffix(6).reduce(0, +)
        let all = state.page.histogram.reduce(0, +)
        var facts: [[String: Any]] = [
            ["number": Format.grouped(high), "label": catalog.text("facts.high"), "strong": high > 0],
            ["number": Format.grouped(all), "label": catalog.text("facts.incidents")],
            ["number": Format.grouped(state.overview.deviceCount), "label": catalog.text("facts.devices")],
            ["number": Format.grouped(state.overview.accountCount), "label": catalog.text("facts.users")],
            ["number": format.number(Double(state.overview.sites.count)), "label": catalog.text("facts.sites")],
        ]
        if let last = state.overview.lastTime {
            facts.append(["number": format.time(last), "label": catalog.text("facts.learned_until"), "small": true])
        }
        return facts
    }

    private func row(_ row: SiteIncident, _ catalog: Catalog, _ format: Format) -> [String: Any] {
        let incident = row.incident
        let narrator = Narrator(texts: texts, catalog: catalog, format: format, names: row.deviceNames)
        return [
            "link": PageLinks.incident(site: row.site, id: incident.id), "score": ScoreView.values(incident.score),
            "raw_score": "\(Int(incident.score))", "title": narrator.headline(incident, lead: row.lead),
            "devices": incident.devices.prefix(3).map { narrator.name($0) }, "users": Array(incident.users.prefix(3)),
            "more_devices": incident.devices.count > 3 ? "+\(incident.devices.count - 3)" : "",
            "destinations": Array(incident.destinations.prefix(2)), "site": row.site,
            "when": format.span(incident.firstTime, incident.lastTime), "date": format.date(incident.lastTime),
            "clock": format.clock(incident.lastTime),
            "models": incident.models.prefix(4).map(Narrator.short), "attack": Array(incident.attack.prefix(3)),
            "alerts": catalog.plural("count.alerts", incident.alerts.count),
        ]
    }
}

/// The parameters of a request's address.
struct Parameters {
    private let request: Request

    init(_ request: Request) { self.request = request }

    /// nil when it is absent or empty.
    func text(_ name: String) -> String? {
        let text = request.uri.queryParameters[name[...]].map(String.init)
        return text?.isEmpty == false ? text : nil
    }

    func number(_ name: String) -> Double? {
        text(name).flatMap(Double.init).flatMap { $0.isFinite && $0.magnitude < 1e15 ? $0 : nil }
    }
}
