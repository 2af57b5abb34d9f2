internal import Shared

/// Where the values of one field of a file go.
struct FieldSlot {
    /// Position in the record's table, -1 for a field without a place.
    var position: Int
    var type: FieldType
    /// The record's `ts`.
    var isTime = false
    /// The `duration` of a connection, which is observed at its end.
    var isDuration = false
    /// A password: only that one was sent is kept.
    var isSecret = false
    /// Zeek writes it as one text of names with commas; here it is a list.
    var isCommaList = false
    var position32: Int32 { Int32(truncatingIfNeeded: position) }

    static let unknown = FieldSlot(position: -1, type: .string)
}

/// Finds the field of a kind by any spelling it has had: Zeek's own, flattened (`id_orig_h`, `times_modified`), and
/// the names of earlier versions.
struct FieldMap {
    /// What is kept of a password.
    static let secretText = "(hidden)"

    let kind: RecordKind
    private let flattened: [String: Int]

    init(kind: RecordKind) {
        self.kind = kind
        var names: [String: Int] = [:]
        for field in kind.fields where field.name.contains(".") {
            names[String(field.name.map { $0 == "." ? "_" : $0 })] = field.position
        }
        for (old, new) in Self.earlierNames[kind.name] ?? [] where kind.position(ofField: old) == nil {
            names[old] = kind.position(ofField: new)
        }
        flattened = names
    }

    func slot(named name: String) -> FieldSlot {
        guard let position = kind.position(ofField: name) ?? flattened[name] else { return .unknown }
        let field = kind.fields[position]
        let isLong = kind.name == ConnRecord.name && field.name == "duration"
        return FieldSlot(
            position: position, type: field.type, isTime: field.name == "ts", isDuration: isLong,
            isSecret: field.name == "password", isCommaList: field.name == "service" && field.type == .strings)
    }

    /// Names that fields had in Zeek (then Bro) before 3.0, or that common shippers give them.
    private static let earlierNames: [String: [(String, String)]] = [
        "conn": [
            ("l2_orig_addr", "orig_l2_addr"), ("l2_resp_addr", "resp_l2_addr"), ("vlan_inner", "inner_vlan"),
            ("community.id", "community_id"),
        ],
        "dhcp": [
            ("uid", "uids"), ("assigned_ip", "assigned_addr"), ("requested_ip", "requested_addr"),
            ("id.orig_h", "client_addr"), ("id_orig_h", "client_addr"), ("id.resp_h", "server_addr"),
            ("id_resp_h", "server_addr"), ("id.orig_p", "client_port"), ("id_orig_p", "client_port"),
            ("id.resp_p", "server_port"), ("id_resp_p", "server_port"), ("hostname", "host_name"),
        ],
        "http": [("filename", "resp_filenames"), ("mime_type", "resp_mime_types")],
        "ssl": [
            ("client_cert_subject", "client_subject"), ("client_issuer_subject", "client_issuer"),
            ("issuer_subject", "issuer"), ("cert_subject", "subject"),
        ],
        "files": [("uids", "conn_uids"), ("tx_host", "tx_hosts"), ("rx_host", "rx_hosts")],
        "smb_files": [("times.accessed_raw", "times.accessed")],
        "ntlm": [("server_nb_name", "server_nb_computer_name"), ("server_dns_name", "server_dns_computer_name")],
    ]
}
