import Hummingbird
import Shared

/// Devices, one device, and users.
struct InventoryPages: Sendable {
    let data: any ConsoleData
    let pages: PageRenderer
    let texts: any ModelTexts

    static let pageSize = 100

    func devices(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let parameters = Parameters(request)
        var query = DeviceQuery()
        query.site = parameters.text("site")
        query.text = String((parameters.text("q") ?? "").prefix(100))
        query.limit = Self.pageSize
        query.offset = max(0, Int(parameters.number("from") ?? 0))
        let page = try await data.devices(query)
        let sites = try await data.overview().sites
        let catalog = pages.resources.catalog(context.language)
        func link(_ offset: Int) -> String {
            PageLinks.query("/devices", [("site", query.site ?? ""), ("q", query.text), ("from", "\(offset)")])
        }
        var values: [String: Any] = [
            "rows": page.rows.map { row($0, catalog, context.format) }, "q": query.text,
            "shown": catalog.plural("count.devices", page.total), "several_sites": sites.count > 1,
            "sites": sites.map { ["name": $0, "selected": $0 == query.site] as [String: Any] },
        ]
        if query.offset > 0 { values["previous"] = link(max(0, query.offset - query.limit)) }
        if query.offset + page.rows.count < page.total { values["next"] = link(query.offset + query.limit) }
        return pages.page(
            "devices", title: catalog.text("devices.title"), section: "devices", values: values, context: context)
    }

    private func row(_ row: DeviceRow, _ catalog: Catalog, _ format: Format) -> [String: Any] {
        let device = row.device
        var values: [String: Any] = [
            "name": device.name, "link": PageLinks.device(site: row.site, id: device.id), "site": row.site,
            "role": catalog.named("role", device.role) ?? device.role, "mac": device.mac ?? "",
            "addresses": device.addresses.sorted { $0.lastSeen > $1.lastSeen }.prefix(2).map(\.address),
            "first_seen": format.stamp(device.firstSeen), "last_seen": format.stamp(device.lastSeen),
        ]
        values["score"] = row.highestScore.map(ScoreView.values)
        return values
    }

    func device(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let parameters = Parameters(request)
        guard let site = parameters.text("site"), let id = parameters.text("id"),
            let file = try await data.device(site: site, id: id)
        else { throw ConsoleError.notFound }
        let catalog = pages.resources.catalog(context.language)
        return pages.page(
            "device", title: file.device.name, section: "devices",
            values: values(file, catalog, context.format), context: context)
    }

    private func values(_ file: DeviceFile, _ catalog: Catalog, _ format: Format) -> [String: Any] {
        let device = file.device
        let entity = EntityID(kind: .device, name: device.id)
        let end = file.lastHour ?? device.lastSeen
        let chart = ChartView.values(
            site: file.site, entity: entity, from: end - .days(14), to: end + .hours(1), mark: nil, limit: 8)
        return [
            "name": device.name, "site": file.site, "id": device.id, "mac": device.mac ?? "–",
            "role": catalog.named("role", device.role) ?? device.role,
            "first_seen": format.time(device.firstSeen), "last_seen": format.time(device.lastSeen),
            "names": device.names.sorted { $0.key < $1.key }.map { ["source": $0.value, "name": $0.key] },
            "addresses": device.addresses.sorted { $0.lastSeen > $1.lastSeen }.prefix(50).map {
                [
                    "address": $0.address, "first": format.stamp($0.firstSeen), "last": format.stamp($0.lastSeen),
                    "link": PageLinks.search($0.address),
                ]
            },
            "users": file.users.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(50).map {
                ["name": $0.key, "last": format.stamp($0.value)]
            },
            "incidents": file.incidents.map { incident($0, catalog, format) }, "chart": chart,
        ]
    }

    private func incident(_ row: SiteIncident, _ catalog: Catalog, _ format: Format) -> [String: Any] {
        let narrator = Narrator(texts: texts, catalog: catalog, format: format, names: row.deviceNames)
        return [
            "link": PageLinks.incident(site: row.site, id: row.incident.id),
            "score": ScoreView.values(row.incident.score), "title": narrator.headline(row.incident, lead: row.lead),
            "when": format.span(row.incident.firstTime, row.incident.lastTime),
        ]
    }

    func users(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let text = String((Parameters(request).text("q") ?? "").prefix(100))
        let rows = try await data.accounts(text: text, limit: 500)
        let catalog = pages.resources.catalog(context.language)
        let format = context.format
        let values: [String: Any] = [
            "q": text, "shown": catalog.plural("count.users", rows.count),
            "rows": rows.map { user($0, format) },
        ]
        return pages.page(
            "users", title: catalog.text("users.title"), section: "users", values: values, context: context)
    }

    private func user(_ row: AccountRow, _ format: Format) -> [String: Any] {
        let devices = row.account.devices.sorted { $0.value > $1.value }
        var values: [String: Any] = [
            "name": row.account.id, "site": row.site, "first_seen": format.stamp(row.account.firstSeen),
            "last_seen": format.stamp(row.account.lastSeen), "device_count": Format.grouped(devices.count),
            "devices": devices.prefix(3).map {
                ["name": $0.key, "link": PageLinks.device(site: row.site, id: $0.key)]
            },
        ]
        values["score"] = row.highestScore.map(ScoreView.values)
        return values
    }
}
