import Foundation
import Hummingbird
import NIOCore
import Shared

/// Answers of the API: JSON with sorted keys, times as RFC 3339 in UTC, amounts as plain numbers.
enum APIAnswer {
    static func json(_ value: Any, status: HTTPResponse.Status = .ok) throws -> Response {
        let data = try JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .withoutEscapingSlashes])
        return Response(
            status: status, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: Array(data))))
    }

    static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Response {
        Response(status: .ok, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// RFC 9457.
    static func problem(_ status: HTTPResponse.Status) -> Response {
        let body = "{\"status\":\(status.code),\"title\":\"\(status.reasonPhrase)\",\"type\":\"about:blank\"}"
        return Response(
            status: status, headers: [.contentType: "application/problem+json"],
            body: .init(byteBuffer: ByteBuffer(string: body)))
    }

    static func time(_ time: Timestamp) -> String { "\(CivilDate(time))Z" }

    static func value(_ value: Value) -> Any {
        switch value {
        case .number(let number), .bytes(let number), .seconds(let number): number.isFinite ? number : 0
        case .time(let time): self.time(time)
        case .text(let text): text
        case .texts(let texts): texts
        }
    }

    static func incident(_ row: SiteIncident) -> [String: Any] {
        let incident = row.incident
        return [
            "id": incident.id, "site": row.site, "first_time": time(incident.firstTime),
            "last_time": time(incident.lastTime), "score": incident.score, "devices": incident.devices,
            "users": incident.users, "destinations": incident.destinations, "attack": incident.attack,
            "models": incident.models, "alerts": incident.alerts,
        ]
    }

    static func alert(_ row: SiteAlert) -> [String: Any] {
        let alert = row.alert
        return [
            "id": alert.id, "site": row.site, "time": time(alert.time), "score": alert.score, "bits": alert.bits,
            "model": alert.model, "entity": alert.entity.description, "devices": alert.devices, "users": alert.users,
            "destinations": alert.destinations, "attack": alert.attack, "incident": alert.incident,
            "values": alert.values.mapValues(value), "observations": alert.observations.map(observation),
        ]
    }

    private static func observation(_ observation: Observation) -> [String: Any] {
        [
            "id": observation.id, "observer": observation.observer, "entity": observation.entity.description,
            "time": time(observation.time), "bits": observation.bits,
            "values": observation.values.mapValues(value),
            "evidence": observation.evidence.map { piece -> [String: Any] in
                var result: [String: Any] = [
                    "kind": piece.kind, "time": time(piece.time), "fields": piece.fields.mapValues(value),
                ]
                result["uid"] = piece.uid
                return result
            },
        ]
    }

    static func device(_ row: DeviceRow) -> [String: Any] {
        let device = row.device
        var result: [String: Any] = [
            "id": device.id, "site": row.site, "name": device.name, "role": device.role,
            "first_seen": time(device.firstSeen), "last_seen": time(device.lastSeen), "names": device.names,
            "addresses": device.addresses.map {
                ["address": $0.address, "first_seen": time($0.firstSeen), "last_seen": time($0.lastSeen)]
            },
        ]
        result["mac"] = device.mac
        result["highest_score"] = row.highestScore
        return result
    }

    static func sensor(_ row: SensorRow) -> [String: Any] {
        var result: [String: Any] = [
            "site": row.site, "name": row.name, "enrolled_at": time(row.enrolledAt), "expires_at": time(row.expiresAt),
            "last_sequence": row.lastSequence, "health": row.health,
        ]
        result["version"] = row.version
        result["revoked_at"] = row.revokedAt.map(time)
        result["last_seen"] = row.lastSeen.map(time)
        result["last_batch_received"] = row.lastBatchReceived.map(time)
        result["last_batch_time"] = row.lastBatchTime.map(time)
        return result
    }
}
