import Hummingbird
import Shared

/// Sensors and whether they see what they should.
struct SensorsPage: Sendable {
    let data: any ConsoleData
    let pages: PageRenderer
    let clock: @Sendable () -> Timestamp

    /// A live sensor that says nothing for so long is silent (DESIGN: the master knows in a minute).
    static let silence = Interval.seconds(60)

    /// What of its health is shown, in this order.
    private static let shown = [
        "packets", "packet_bytes", "dropped", "interface_dropped", "records_lost", "cpu_permille", "memory_bytes",
        "spool_bytes", "spool_batches", "originator_packets", "responder_packets",
    ]

    enum State: String {
        case connected, silent, blind, revoked, expired, never
        case halfBlind = "half_blind"
    }

    static func state(_ sensor: SensorRow, now: Timestamp) -> State {
        if sensor.revokedAt != nil { return .revoked }
        if sensor.expiresAt < now { return .expired }
        guard let seen = sensor.lastSeen else { return .never }
        if now - seen > silence { return .silent }
        // Packets from either direction since the report before: a mirror port may show one direction only, or nothing.
        guard let sent = sensor.health["originator_packets"], let answered = sensor.health["responder_packets"] else {
            return .connected
        }
        if sent + answered == 0 { return .blind }
        return min(sent, answered) == 0 ? .halfBlind : .connected
    }

    func show(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let catalog = pages.resources.catalog(context.language)
        let now = clock()
        let rows = try await data.sensors()
        let values: [String: Any] = [
            "rows": rows.map { row($0, catalog, context.format, now) },
            "shown": catalog.plural("count.sensors", rows.count),
        ]
        return pages.page(
            "sensors", title: catalog.text("sensors.title"), section: "sensors", values: values, context: context)
    }

    private func row(_ sensor: SensorRow, _ catalog: Catalog, _ format: Format, _ now: Timestamp) -> [String: Any] {
        let state = Self.state(sensor, now: now)
        func ago(_ time: Timestamp?) -> String {
            guard let time else { return "–" }
            return catalog.text("sensors.ago", ["time": format.duration(seconds: max(0, (now - time).seconds))])
        }
        return [
            "name": sensor.name, "site": sensor.site, "version": sensor.version ?? "–", "state": state.rawValue,
            "state_label": catalog.named("state", state.rawValue) ?? "",
            "state_advice": catalog.named("state_advice", state.rawValue) ?? "",
            "seen": ago(sensor.lastSeen), "batch": ago(sensor.lastBatchReceived),
            "batch_time": sensor.lastBatchTime.map(format.stamp) ?? "–",
            "sequence": Format.grouped(sensor.lastSequence), "expires": format.date(sensor.expiresAt),
            "measures": Self.shown.compactMap { key in sensor.health[key].map { (key: key, value: $0) } }.map {
                measure($0, catalog, format)
            },
        ]
    }

    private func measure(_ pair: (key: String, value: Double), _ catalog: Catalog, _ format: Format) -> [String: Any] {
        let text: String
        if pair.key.hasSuffix("bytes") {
            text = format.bytes(pair.value)
        } else if pair.key.hasSuffix("seconds") {
            text = format.duration(seconds: pair.value)
        } else if pair.key.hasSuffix("permille") {
            text = format.number(pair.value / 10) + "%"
        } else {
            text = format.number(pair.value)
        }
        return [
            "label": catalog.named("health", pair.key) ?? pair.key.replacing("_", with: " "), "text": text,
            "bad": pair.value > 0 && (pair.key.contains("dropped") || pair.key.contains("lost")),
        ]
    }
}
