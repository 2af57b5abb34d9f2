import Shared
import Testing

@testable import Sensor

/// What readers of Zeek's logs check before they take one.
@Suite struct ZeekFormatTests {
    /// `#types` of Zeek 6 with its default scripts, for fields that readers look at most.
    @Test(arguments: [
        (
            "conn", "ts uid id.orig_h id.orig_p proto service duration orig_bytes local_orig tunnel_parents vlan",
            "time string addr port enum string interval count bool set[string] int"
        ),
        ("dns", "proto query answers TTLs AA rejected", "enum string vector[string] vector[interval] bool bool"),
        ("http", "tags proxied resp_fuids status_code", "set[enum] set[string] vector[string] count"),
        ("files", "tx_hosts conn_uids analyzers seen_bytes", "set[addr] set[string] set[string] count"),
        ("ssl", "server_name resumed cert_chain_fuids", "string bool vector[string]"),
        ("x509", "certificate.not_valid_before san.dns san.ip", "time vector[string] vector[addr]"),
        ("smtp", "rcptto to path fuids", "set[string] set[string] vector[addr] vector[string]"),
        ("dhcp", "uids client_addr msg_types lease_time", "set[string] addr vector[string] interval"),
        ("ntp", "poll precision ref_time", "interval interval time"), ("ssh", "auth_success direction", "bool enum"),
    ])
    func typesAreThoseOfZeek(kind name: String, fields: String, types: String) throws {
        let kind = try #require(Records.kind(named: name))
        var header: [UInt8] = []
        TSVRecordWriter.header(kind, opened: Timestamp(nanoseconds: 0), into: &header)
        let lines = String(decoding: header, as: UTF8.self).split(separator: "\n").map { $0.split(separator: "\t") }
        let names = try #require(lines.first { $0.first == "#fields" }).dropFirst()
        let declared = try #require(lines.first { $0.first == "#types" }).dropFirst()
        #expect(names.count == declared.count)
        let found = Dictionary(uniqueKeysWithValues: zip(names, declared))
        for (field, type) in zip(fields.split(separator: " "), types.split(separator: " ")) {
            #expect(found[field] == type, "\(name).\(field)")
        }
    }

    /// Zeek's `service` is one text, in JSON as well.
    @Test func servicesAreOneText() throws {
        var batch = RecordBatch()
        batch.begin(ConnRecord.self)
        batch.set(ConnRecord().service, ["quic", "ssl"])
        batch.end()
        let table = try #require(batch.tables.first)
        var (json, tsv): ([UInt8], [UInt8]) = ([], [])
        let columns = ZeekColumn.all(of: table.kind)
        JSONRecordWriter.write(table, columns, 0, batch.strings, into: &json)
        TSVRecordWriter.write(table, columns, 0, batch.strings, into: &tsv)
        #expect(String(decoding: json, as: UTF8.self) == "{\"service\":\"quic,ssl\"}\n")
        #expect(String(decoding: tsv, as: UTF8.self).split(separator: "\t").contains("quic,ssl"))
    }
}
