import Hummingbird
import Shared

/// `/api/v1`, `/metrics`: the same session as the console, or a bearer token.
struct APIRoutes: Sendable {
    let data: any ConsoleData
    let metrics: MetricsRegistry
    let catalog: @Sendable (Language) -> Catalog

    /// Rows of one answer.
    static let largestPage = 1000

    func add(to router: Router<ConsoleContext>) {
        get(router, "/api/v1/incidents") { try await incidents($0) }
        get(router, "/api/v1/incident") { try await incident($0) }
        get(router, "/api/v1/alerts") { try await alerts($0) }
        get(router, "/api/v1/devices") { try await devices($0) }
        get(router, "/api/v1/sensors") { _ in
            try APIAnswer.json(["sensors": try await data.sensors().map(APIAnswer.sensor)])
        }
        get(router, "/api/v1/search") { try await search($0) }
        router.get("/api/v1/hours") { request, context in
            guard context.viewer != nil else { throw ConsoleError.signInNeeded }
            return try await HoursAnswer(data: data, catalog: catalog).answer(request, context)
        }
        get(router, "/metrics") { _ in
            APIAnswer.text(metrics.exposition(), type: "text/plain; version=0.0.4; charset=utf-8")
        }
    }

    private func get(
        _ router: Router<ConsoleContext>, _ path: RouterPath,
        _ answer: @escaping @Sendable (Parameters) async throws -> Response
    ) {
        router.get(path) { request, context in
            guard context.viewer != nil else { throw ConsoleError.signInNeeded }
            return try await answer(Parameters(request))
        }
    }

    private func limit(_ parameters: Parameters) -> Int {
        min(max(Int(parameters.number("limit") ?? 100), 1), Self.largestPage)
    }

    private func offset(_ parameters: Parameters) -> Int { max(0, Int(parameters.number("offset") ?? 0)) }

    private func incidents(_ parameters: Parameters) async throws -> Response {
        var query = IncidentQuery()
        query.minScore = parameters.number("min_score") ?? 0
        query.site = parameters.text("site")
        query.since = parameters.number("since").map { Timestamp(seconds: $0) }
        query.text = parameters.text("q") ?? ""
        query.newestFirst = parameters.text("order") == "time"
        query.limit = limit(parameters)
        query.offset = offset(parameters)
        let page = try await data.incidents(query)
        return try APIAnswer.json(["total": page.total, "incidents": page.rows.map(APIAnswer.incident)])
    }

    private func incident(_ parameters: Parameters) async throws -> Response {
        guard let site = parameters.text("site"), let id = parameters.text("id"),
            let file = try await data.incident(site: site, id: id)
        else { throw ConsoleError.notFound }
        var result = APIAnswer.incident(
            SiteIncident(site: site, incident: file.incident, lead: nil, deviceNames: [:]))
        result["alerts"] = file.alerts.map { APIAnswer.alert(SiteAlert(site: site, alert: $0)) }
        return try APIAnswer.json(result)
    }

    private func alerts(_ parameters: Parameters) async throws -> Response {
        let rows = try await data.alerts(
            minScore: parameters.number("min_score") ?? 0, site: parameters.text("site"), limit: limit(parameters),
            offset: offset(parameters))
        return try APIAnswer.json(["alerts": rows.map(APIAnswer.alert)])
    }

    private func devices(_ parameters: Parameters) async throws -> Response {
        var query = DeviceQuery()
        query.site = parameters.text("site")
        query.text = parameters.text("q") ?? ""
        query.limit = limit(parameters)
        query.offset = offset(parameters)
        let page = try await data.devices(query)
        return try APIAnswer.json(["total": page.total, "devices": page.rows.map(APIAnswer.device)])
    }

    private func search(_ parameters: Parameters) async throws -> Response {
        guard let text = parameters.text("q") else { throw ConsoleError.badRequest("q") }
        let rows = try await data.records(matching: text, site: parameters.text("site"), limit: limit(parameters))
        let records = rows.map { row -> [String: Any] in
            let fields = Dictionary(row.fields.map { ($0.name, $0.value) }) { first, _ in first }
            return [
                "kind": row.kind, "site": row.site, "time": APIAnswer.time(row.time), "uid": row.uid, "fields": fields,
            ]
        }
        return try APIAnswer.json(["records": records])
    }
}
