import Shared

/// Evidence rows of one kind as a table that an analyst reads at a glance.
struct EvidenceTable {
    let kind: String
    let rows: [Evidence]
    let narrator: Narrator
    let site: String

    /// Rows on a page; the count says how many there are.
    static let rowLimit = 200

    /// A column: its key in the catalog (`column.<key>`) and the fields that fill it, first wins.
    private struct Column {
        var key: String
        var fields: [String]
        var isAmount = false
        var isHost = false
    }

    private static let columns: [String: [Column]] = [
        "file": [
            Column(key: "file", fields: ["name", "filename"]), Column(key: "share", fields: ["path"]),
            Column(key: "server", fields: ["id.resp_h", "server"], isHost: true),
            Column(key: "action", fields: ["action"]),
            Column(key: "size", fields: ["size", "total_bytes"], isAmount: true),
            Column(key: "read", fields: ["bytes_read"], isAmount: true),
            Column(key: "written", fields: ["bytes_written"], isAmount: true),
        ],
        "conn": [
            Column(key: "originator", fields: ["id.orig_h"], isHost: true),
            Column(
                key: "responder", fields: ["domain", "destination", "host", "server_name", "id.resp_h"], isHost: true),
            Column(key: "address", fields: ["id.resp_h"]), Column(key: "port", fields: ["id.resp_p", "port"]),
            Column(key: "service", fields: ["service"]),
            Column(key: "sent", fields: ["orig_bytes"], isAmount: true),
            Column(key: "received", fields: ["resp_bytes"], isAmount: true),
            Column(key: "duration", fields: ["duration"], isAmount: true),
            Column(key: "connections", fields: ["connections"], isAmount: true),
            Column(key: "until", fields: ["until"]), Column(key: "state", fields: ["conn_state"]),
        ],
        "login": [
            Column(key: "user", fields: ["user", "username", "client"]),
            Column(key: "client", fields: ["id.orig_h", "device"], isHost: true),
            Column(key: "server", fields: ["id.resp_h", "server"], isHost: true),
            Column(key: "service", fields: ["service", "protocol", "method"]),
            Column(key: "failures", fields: ["failures"], isAmount: true),
            Column(key: "result", fields: ["result", "success", "error_msg"]),
        ],
        "dns": [
            Column(key: "client", fields: ["id.orig_h"], isHost: true), Column(key: "query", fields: ["query"]),
            Column(key: "type", fields: ["qtype_name", "qtype"]),
            Column(key: "answer", fields: ["answers", "rcode_name"]),
        ],
        "http": [
            Column(key: "client", fields: ["id.orig_h"], isHost: true), Column(key: "method", fields: ["method"]),
            Column(key: "host", fields: ["host", "id.resp_h"]), Column(key: "uri", fields: ["uri"]),
            Column(key: "type", fields: ["resp_mime_types", "mime_type"]),
            Column(key: "received", fields: ["response_body_len", "resp_bytes"], isAmount: true),
        ],
        "share": [Column(key: "share", fields: ["path"])],
        "device": [Column(key: "host", fields: ["host_name"]), Column(key: "mac", fields: ["mac"])],
        "event": [Column(key: "event", fields: ["name"])],
        "ssl": [
            Column(key: "client", fields: ["id.orig_h"], isHost: true),
            Column(key: "host", fields: ["server_name", "id.resp_h"]), Column(key: "port", fields: ["id.resp_p"]),
            Column(key: "version", fields: ["version"]), Column(key: "fingerprint", fields: ["ja4", "ja3"]),
        ],
    ]

    var values: [String: Any] {
        // Columns that no row fills are left out.
        let known = (Self.columns[kind] ?? []).filter { column in rows.contains { cell($0, column) != nil } }
        let covered = Set(known.flatMap(\.fields))
        let others =
            Self.columns[kind] == nil
            ? Set(rows.prefix(Self.rowLimit).flatMap { $0.fields.keys }).subtracting(covered).sorted().prefix(6) : []
        let columns = known + others.map { Column(key: $0, fields: [$0], isAmount: false) }
        let catalog = narrator.catalog
        return [
            "kind": kind, "heading": catalog.named("evidence", kind) ?? kind,
            "count": Format.grouped(rows.count),
            "cut": rows.count > Self.rowLimit
                ? catalog.text("evidence.cut", ["n": Format.grouped(Self.rowLimit)]) : "",
            "columns": columns.map { column in
                [
                    "label": catalog.named("column", column.key) ?? column.key, "amount": column.isAmount,
                    "field": column.fields.first ?? "",
                ] as [String: Any]
            },
            "rows": rows.prefix(Self.rowLimit).map { row($0, columns) },
        ]
    }

    private func row(_ piece: Evidence, _ columns: [Column]) -> [String: Any] {
        [
            "time": narrator.format.stamp(piece.time), "uid": piece.uid ?? "",
            "uid_link": piece.uid.map(PageLinks.search) ?? "",
            "cells": columns.map { column in
                ["text": cell(piece, column) ?? "", "amount": column.isAmount] as [String: Any]
            },
        ]
    }

    private func cell(_ piece: Evidence, _ column: Column) -> String? {
        for field in column.fields {
            guard let value = piece.fields[field] else { continue }
            switch value {
            case .text(let text) where text.isEmpty: continue
            case .text(let text): return column.isHost ? narrator.name(text) : text
            // A port is a name, not an amount: no grouping.
            case .number(let number) where field.hasSuffix("_p") || field == "port": return "\(Int(number))"
            case .number(let number) where column.isAmount && field.contains("bytes"):
                return narrator.format.bytes(number)
            default: return narrator.format.value(value)
            }
        }
        return nil
    }
}
