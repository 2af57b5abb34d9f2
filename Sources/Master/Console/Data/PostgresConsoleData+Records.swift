import Foundation
import Shared

extension PostgresConsoleData {
    /// Kinds that are asked in one search, so that a search is bounded however many kinds there will be.
    private static let kindLimit = 64

    public func records(matching text: String, site: String?, limit: Int) async throws -> [FoundRecord] {
        let text = text.filter { $0 != "\0" }
        let address = IPAddress(text)
        return try await database.run { session in
            var found: [FoundRecord] = []
            for kind in Records.kinds.prefix(Self.kindLimit) {
                let names = Set(kind.fields.map(\.name))
                guard names.contains("uid"), names.contains("ts") else { continue }
                let condition: String
                if address != nil, names.contains("id.orig_h") {
                    condition = "(\"id.orig_h\" = $1::text::inet OR \"id.resp_h\" = $1::text::inet)"
                } else if address == nil {
                    condition = Self.textCondition(names)
                } else {
                    continue
                }
                let rows = try session.query(
                    """
                    SELECT site, ts, uid, (to_jsonb(r) - 'site' - 'sensor')::text AS content
                    FROM \(SearchSchema.table(kind)) r WHERE \(condition) AND ($2::text IS NULL OR site = $2)
                    ORDER BY ts DESC LIMIT $3
                    """, [.text(address?.description ?? text), .optional(site), .int(Int64(limit))])
                found += rows.map { Self.record($0, kind) }
            }
            return found
        }
    }

    /// A connection identifier, or a name that was asked for or talked to.
    private static func textCondition(_ names: Set<String>) -> String {
        let texts = ["uid", "query", "host", "server_name"].filter(names.contains)
        return "(" + texts.map { "\"\($0)\" = $1" }.joined(separator: " OR ") + ")"
    }

    private static func record(_ row: SQLRow, _ kind: RecordKind) -> FoundRecord {
        let object = try? JSONSerialization.jsonObject(with: Data(row.text("content").utf8)) as? [String: Any]
        let pairs = kind.fields.compactMap { field -> FoundRecord.Pair? in
            guard let value = object?[field.name], !(value is NSNull) else { return nil }
            let text = (value as? [Any]).map { $0.map { "\($0)" }.joined(separator: ", ") } ?? "\(value)"
            return FoundRecord.Pair(name: field.name, value: text)
        }
        return FoundRecord(
            kind: kind.name, site: row.text("site"), time: row.time("ts") ?? .distantPast, uid: row.text("uid"),
            fields: pairs)
    }
}
