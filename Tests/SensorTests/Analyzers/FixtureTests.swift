import Foundation
import Testing

@testable import Sensor

/// Every capture in Tests/Fixtures is read as `meneki-sensor read` reads it, and must show its expected records.
@Suite struct FixtureTests {
    @Test(arguments: Fixtures.all) func everyExpectedRecordIsWritten(fixture: Fixtures.Case) throws {
        let expected = try Self.objects(in: fixture.expectedPath)
        #expect(!expected.isEmpty)
        let logs = try Self.read(fixture)
        defer { try? FileManager.default.removeItem(at: logs) }
        var written: [String: [[String: Any]]] = [:]
        for record in expected {
            let kind = record["_kind"] as? String ?? Self.kind(of: fixture.service)
            var candidates = try written[kind] ?? Self.objects(in: logs.appending(path: "\(kind).log").path())
            let index = candidates.firstIndex { actual in
                record.allSatisfy { name, value in
                    if kind == "conn", name == "service" { return Self.areSameServices(value, actual[name]) }
                    return name.hasPrefix("_") || Self.same(value, actual[name])
                }
            }
            #expect(index != nil, "not written: \(record)")
            if let index { candidates.remove(at: index) }
            written[kind] = candidates
        }
    }

    /// Services whose kind of record has another name; `_kind` of an expected record goes before.
    private static let kinds = [
        "krb": "kerberos", "smb": "smb_mapping", "pop3": "conn", "imap": "conn", "socks": "conn", "quic": "ssl",
        "ldap_tcp": "ldap", "mqtt": "mqtt_publish", "telnet": "login", "rlogin": "login", "rtcp": "conn",
        "rsh": "login", "rexec": "login", "http2": "conn", "xmpp": "conn", "rdpeudp": "ssl",
        "managesieve": "mail_login",
    ]

    /// Services that have no records of their own.
    private static let named: Set = [
        "wireguard", "openvpn", "bittorrent", "ssdp", "sunrpc", "rsync", "git", "x11", "memcached",
        "coap", "teamviewer", "ident", "iscsi", "nbd", "dhcpv6", "netflow", "ipfix", "ipmi", "kafka", "zookeeper",
        "cassandra",
        "zabbix", "bgp", "pptp", "l2tp", "tacacs", "rtsp", "sflow", "ws-discovery", "pjl", "ica", "tns", "drda", "ajp",
        "diameter", "fix", "dicom", "hl7", "slmp", "fins", "dropbox", "syncthing", "spotify", "tailscale", "bitcoin",
    ]

    private static func kind(of service: String) -> String {
        named.contains(service) ? "conn" : kinds[service] ?? service
    }

    /// The folder with what was written.
    private static func read(_ fixture: Fixtures.Case) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "fixture-\(UUID().uuidString)")
        var logs = try LogDirectory(path: folder.path(), format: .zeekJSON)
        var source = CaptureSource(paths: [fixture.path])
        while let batch = try source.nextBatch() { try logs.write(batch) }
        try logs.finish()
        return folder
    }

    private static func objects(in path: String) throws -> [[String: Any]] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return try text.split(separator: "\n").compactMap {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    /// Names of services in one text, in any order.
    private static func areSameServices(_ expected: Any, _ actual: Any?) -> Bool {
        let (expected, actual) = (expected as? String, actual as? String)
        return expected?.split(separator: ",").sorted() == actual?.split(separator: ",").sorted()
    }

    /// Equal, times to a millisecond, request targets whatever is percent-encoded in them.
    private static func same(_ expected: Any, _ actual: Any?) -> Bool {
        switch (expected, actual) {
        // Zeek's sets have no order.
        case (let a as [String], let b as [String]): return a.sorted() == b.sorted()
        case (let a as [Any], let b as [Any]): return a.count == b.count && zip(a, b).allSatisfy { same($0, $1) }
        case (let a as String, let b as String): return a == b || a == b.removingPercentEncoding
        case (let a as NSNumber, let b as NSNumber): return abs(a.doubleValue - b.doubleValue) < 0.001
        default: return false
        }
    }
}
