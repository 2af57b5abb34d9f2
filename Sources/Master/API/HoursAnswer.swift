import Foundation
import Hummingbird
import Shared

/// The hours of an entity for the chart: what it did beside what was normal, the most unusual measures first.
struct HoursAnswer: Sendable {
    let data: any ConsoleData
    let catalog: @Sendable (Language) -> Catalog

    /// Longest span, in days.
    static let longestDays = 92.0

    func answer(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let parameters = Parameters(request)
        guard let site = parameters.text("site"), let name = parameters.text("entity"),
            let kind = EntityID.Kind(rawValue: parameters.text("kind") ?? "device")
        else { throw ConsoleError.badRequest("entity") }
        guard let from = parameters.number("from"), let to = parameters.number("to"), from < to,
            to - from <= Self.longestDays * 86_400
        else { throw ConsoleError.badRequest("from") }
        let entity = EntityID(kind: kind, name: name)
        let span = (Timestamp(seconds: from), Timestamp(seconds: to))
        let hours = try await data.hours(site: site, entity: entity, from: span.0, to: span.1)
        let limit = min(max(Int(parameters.number("limit") ?? 8), 1), 32)
        let format = context.format
        var result: [String: Any] = [
            "measures": measures(hours, limit, format), "zone": format.zone.identifier,
            "from": format.localSeconds(span.0), "to": format.localSeconds(span.1),
        ]
        if let first = parameters.number("mark_from"), let last = parameters.number("mark_to") {
            result["mark"] = [
                format.localSeconds(Timestamp(seconds: first)), format.localSeconds(Timestamp(seconds: last)),
            ]
        }
        return try APIAnswer.json(result)
    }

    private func measures(_ hours: [EntityHour], _ limit: Int, _ format: Format) -> [[String: Any]] {
        Dictionary(grouping: hours, by: \.measure)
            .map { (measure: $0.key, hours: $0.value, surprise: Self.surprise($0.value)) }
            .sorted { ($1.surprise, $0.measure) < ($0.surprise, $1.measure) }
            .prefix(limit)
            .map { group in
                [
                    "measure": group.measure,
                    "label": catalog(format.language).named("measure", group.measure)
                        ?? group.measure.replacing("_", with: " "),
                    "unit": group.measure.hasSuffix("bytes") ? "bytes" : "count",
                    "points": group.hours.sorted { $0.hour < $1.hour }.map {
                        [format.localSeconds($0.hour), $0.value, $0.normalLow, $0.normalHigh]
                    },
                ]
            }
    }

    /// How far the worst hour was above its normal range.
    private static func surprise(_ hours: [EntityHour]) -> Double {
        hours.map { $0.value / max($0.normalHigh, 1) }.max() ?? 0
    }
}
