public import Shared

/// A field as Zeek's logs carry it: what stands in `#types`, and where their shape is not that of our column.
///
/// Readers of those logs compare the types with the ones they know, and refuse a log where they differ. Source: the
/// records of Zeek 6's base scripts.
public struct ZeekColumn: Sendable {
    let name: StaticString
    let type: FieldType
    /// Zeek's name of the type.
    let declaredType: String
    /// Our list is one text in Zeek, its elements separated by commas.
    let isJoined: Bool

    /// The columns of a kind, in the order of its fields.
    public static func all(of kind: RecordKind) -> [ZeekColumn] {
        let declared = differing[kind.name] ?? [:]
        return kind.fields.map { field in
            let type = declared[field.name] ?? name(of: field.type)
            return ZeekColumn(
                name: field.staticName, type: field.type, declaredType: type,
                isJoined: field.type == .strings && type == "string")
        }
    }

    /// Where Zeek's type is another than the one that follows from ours.
    private static let differing: [String: [String: String]] = [
        "conn": [
            "proto": "enum", "service": "string", "tunnel_parents": "set[string]", "vlan": "int", "inner_vlan": "int",
        ],
        "conn_interim": ["proto": "enum", "service": "string"],
        "dhcp": ["uids": "set[string]"],
        "dns": ["proto": "enum", "auth": "set[string]", "addl": "set[string]"],
        "files": [
            "tx_hosts": "set[addr]", "rx_hosts": "set[addr]", "conn_uids": "set[string]", "analyzers": "set[string]",
        ],
        "http": ["tags": "set[enum]", "proxied": "set[string]"],
        "ldap": ["message_id": "int", "version": "int"],
        "ldap_search": ["message_id": "int"],
        "mqtt_subscribe": ["action": "enum"],
        "smb_files": ["action": "enum"],
        "smtp": ["rcptto": "set[string]", "to": "set[string]", "cc": "set[string]", "path": "vector[addr]"],
        "ssh": ["direction": "enum"],
        "syslog": ["proto": "enum"],
        "tunnel": ["tunnel_type": "enum", "action": "enum"],
        "x509": ["san.ip": "vector[addr]"],
    ]

    private static func name(of type: FieldType) -> String {
        switch type {
        case .time: "time"
        case .interval: "interval"
        case .count: "count"
        case .port: "port"
        case .bool: "bool"
        case .double: "double"
        case .string: "string"
        case .address: "addr"
        case .strings: "vector[string]"
        case .counts: "vector[count]"
        case .intervals: "vector[interval]"
        }
    }
}
