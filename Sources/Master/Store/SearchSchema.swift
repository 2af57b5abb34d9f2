import Shared

/// The tables that analysts search, one per kind of record, made from the registry of kinds.
///
/// Schema `search`; columns `site`, `sensor`, then the fields by their names; a partition a day (UTC).
enum SearchSchema {
    /// B-trees that pay for their time (4 µs and 40 bytes a row each): what an analyst looks up by value.
    static let indexedFields: [String: [String]] = [
        "conn": ["id.orig_h", "id.resp_h"], "dns": ["query"], "smb_files": ["id.orig_h"],
    ]

    /// SQL type of a field (the table in ``FieldType``'s documentation).
    static func sqlType(_ type: FieldType) -> String {
        switch type {
        case .time: "timestamptz"
        case .interval, .double: "double precision"
        case .count: "bigint"
        case .port: "integer"
        case .bool: "boolean"
        case .string: "text"
        case .address: "inet"
        case .strings: "text[]"
        case .counts: "bigint[]"
        case .intervals: "double precision[]"
        }
    }

    /// Quotes a name for a statement.
    static func quoted(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }

    private static func literal(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

    static func table(_ kind: RecordKind) -> String { "search." + quoted(kind.name) }

    /// Creates what is missing: tables, columns of new fields, indexes, comments.
    static func fit(_ session: PostgresSession) throws {
        try session.script("CREATE SCHEMA IF NOT EXISTS search")
        let existing = try columns(session)
        for kind in Records.kinds {
            guard let known = existing[kind.name] else {
                try session.script(creation(kind))
                continue
            }
            for field in kind.fields where !known.contains(field.name) {
                try session.script(
                    "ALTER TABLE \(table(kind)) ADD COLUMN \(quoted(field.name)) \(sqlType(field.type));"
                        + comment(kind, field))
            }
        }
    }

    private static func columns(_ session: PostgresSession) throws -> [String: Set<String>] {
        let rows = try session.query(
            "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'search'")
        return rows.reduce(into: [:]) { $0[$1.text("table_name"), default: []].insert($1.text("column_name")) }
    }

    private static func creation(_ kind: RecordKind) -> String {
        let fields = kind.fields.map { field in
            quoted(field.name) + " " + sqlType(field.type) + (field.name == "ts" ? " NOT NULL" : "")
        }
        let columns = (["site text NOT NULL", "sensor text NOT NULL"] + fields).joined(separator: ", ")
        var sql = "CREATE TABLE \(table(kind)) (\(columns)) PARTITION BY RANGE (ts);"
        sql += "CREATE INDEX ON \(table(kind)) USING brin (ts) WITH (pages_per_range = 32);"
        for field in indexedFields[kind.name] ?? [] {
            // A hash takes texts of any length; a B-tree refuses those of more than 2,704 bytes.
            let isText = kind.fields.contains { $0.name == field && $0.type == .string }
            sql += "CREATE INDEX ON \(table(kind)) USING \(isText ? "hash" : "btree") (\(quoted(field)));"
        }
        sql += "COMMENT ON TABLE \(table(kind)) IS \(literal(kind.meaning));"
        return sql + kind.fields.map { comment(kind, $0) }.joined()
    }

    private static func comment(_ kind: RecordKind, _ field: any AnyField) -> String {
        let unit = field.unit == .none ? "" : " (\(field.unit.rawValue))"
        return "COMMENT ON COLUMN \(table(kind)).\(quoted(field.name)) IS \(literal(field.meaning + unit));"
    }
}
