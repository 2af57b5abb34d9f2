import Hummingbird
import Shared

/// Records of a connection identifier or of an address.
struct SearchPage: Sendable {
    let data: any ConsoleData
    let pages: PageRenderer

    /// Records of each kind.
    static let limit = 50

    func show(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let text = String((Parameters(request).text("q") ?? "").trimmingSpaces.prefix(255))
        let found = text.isEmpty ? [] : try await data.records(matching: text, site: nil, limit: Self.limit)
        let catalog = pages.resources.catalog(context.language)
        let format = context.format
        var groups: [[String: Any]] = []
        for kind in Set(found.map(\.kind)).sorted() {
            let rows = found.filter { $0.kind == kind }
            groups.append(["kind": kind, "count": Format.grouped(rows.count), "rows": rows.map { row($0, format) }])
        }
        let values: [String: Any] = [
            "q": text, "groups": groups, "nothing": !text.isEmpty && found.isEmpty, "asked": !text.isEmpty,
            "shown": catalog.plural("count.records", found.count),
            "limit_note": catalog.text("search.limit", ["n": "\(Self.limit)"]),
        ]
        return pages.page(
            "search", title: catalog.text("search.title"), section: "search", values: values, context: context)
    }

    private func row(_ record: FoundRecord, _ format: Format) -> [String: Any] {
        [
            "time": format.stamp(record.time), "site": record.site, "uid": record.uid,
            "uid_link": PageLinks.search(record.uid),
            "fields": record.fields.filter { $0.name != "ts" && $0.name != "uid" }.map {
                ["name": $0.name, "value": $0.value]
            },
        ]
    }
}
