import Foundation
@testable import Sensor
import Shared
import Testing

@Suite struct LogLineTests {
    /// Imports one log and gives its records.
    private func records(_ name: String, _ lines: [String]) throws -> [RecordView] {
        let folder = try LogFolder()
        try folder.write(name, lines)
        let imported = try Imported([folder.path])
        #expect(imported.counters.badLines == 0)
        let stem = String(name.prefix { $0 != "." })
        return imported.records(try #require(Records.kind(named: stem)))
    }

    private static let header = ["#separator \\x09", "#set_separator\t,", "#empty_field\t(empty)", "#unset_field\t-"]

    @Test func nestedObjectsAreReadLikeDottedNames() throws {
        let line = #"{"ts":1.5,"id":{"orig_h":"10.0.0.1","orig_p":5,"resp_h":"2001:DB8::1","resp_p":443},"uid":"C1"}"#
        let record = try #require(try records("conn.log", [line, line]).last)
        #expect(record[Records.conn.origH] == "10.0.0.1")
        #expect(record[Records.conn.origP] == 5)
        #expect(record[Records.conn.respH] == "2001:db8::1")
        #expect(record[Records.conn.respP] == 443)
    }

    @Test func escapesOfJSONAreUndone() throws {
        let line = #"{"ts":1,"uid":"C1","path":"\\\\FS01\\\u55b6\u696d","name":"a\"b\/c\td \ud83d\ude00","size":3}"#
        let record = try #require(try records("smb_files.log", [line]).first)
        #expect(record[Records.smbFiles.path] == #"\\FS01\営業"#)
        // A control character stays visible and reversible.
        #expect(record[Records.smbFiles.name] == #"a"b/c\x09d 😀"#)
    }

    @Test func everyTextIsInTheDictionaryOnce() throws {
        let tab = #"{"ts":1,"uid":"C1","name":"a\tb","path":"a\\x09b","id.resp_h":"2001:DB8::1"}"#
        let other = #"{"ts":2,"uid":"C1","name":"C1","path":"営","id.resp_h":"2001:db8:0::1","id.orig_h":"2001:db8::1"}"#
        let found = try records("smb_files.log", [tab, other])
        let texts = try #require(found.first).batch.strings.strings
        #expect(Set(texts).count == texts.count)
        #expect(found[0].stringIndex(Records.smbFiles.name) == found[0].stringIndex(Records.smbFiles.path))
        #expect(found[1].stringIndex(Records.smbFiles.respH) == found[0].stringIndex(Records.smbFiles.respH))
        #expect(found[1].stringIndex(Records.smbFiles.origH) == found[0].stringIndex(Records.smbFiles.respH))
    }

    @Test func passwordsAreNeverKept() throws {
        let line = #"{"ts":1,"uid":"C1","username":"u","password":"s3cret","host":"h"}"#
        let record = try #require(try records("http.log", [line]).first)
        #expect(record[Records.http.password] == "(hidden)")
        #expect(!record.batch.strings.strings.contains { $0.contains("s3cret") })
        let silent = try #require(try records("http.log", [#"{"ts":1,"uid":"C1","username":"u"}"#]).first)
        #expect(silent[Records.http.password] == nil)
        let tsv =
            Self.header + [
                "#path\tftp", "#fields\tts\tuid\tuser\tpassword", "1.0\tC1\tanna\ts3cret", "2.0\tC2\tanna\t-",
            ]
        let ftp = try records("ftp.log", tsv)
        #expect(ftp.map { $0[Records.ftp.password] } == ["(hidden)", nil])
    }

    @Test func timesMayBeSecondsMillisecondsOrText() throws {
        let lines = [
            #"{"ts":1762131600.000001,"uid":"a"}"#, #"{"ts":1762131600001,"uid":"b"}"#,
            #"{"ts":"2025-11-03T01:00:00.000002Z","uid":"c"}"#, #"{"ts":"2025-11-03T10:00:01+09:00","uid":"d"}"#,
        ]
        // date -u -d @1762131600 is 2025-11-03T01:00:00Z.
        let base: Int64 = 1_762_131_600_000_000_000
        let found = try records("conn.log", lines).sorted {
            ($0[Records.conn.uid] ?? "") < ($1[Records.conn.uid] ?? "")
        }
        #expect(
            found.map { $0[Records.conn.ts]?.nanoseconds } == [
                base + 1000, base + 1_000_000, base + 2000, base + 1_000_000_000,
            ])
    }

    @Test func earlierNamesOfFieldsStillCount() throws {
        let tsv =
            Self.header + [
                "#path\tdhcp",
                "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tmac\tassigned_ip\tlease_time\ttrans_id",
                "#types\ttime\tstring\taddr\tport\taddr\tport\tstring\taddr\tinterval\tcount",
                "1.000000\tC1\t10.0.0.5\t68\t10.0.0.1\t67\t00:11:22:33:44:55\t10.0.0.5\t3600.000000\t77",
            ]
        let record = try #require(try records("dhcp.log", tsv).first)
        #expect(record[Records.dhcp.uids] == ["C1"])
        #expect(record[Records.dhcp.assignedAddr] == "10.0.0.5")
        #expect(record[Records.dhcp.serverAddr] == "10.0.0.1")
        #expect(record[Records.dhcp.leaseTime] == .hours(1))
    }

    @Test func tsvHonoursItsHeader() throws {
        let tsv = [
            "#separator \\x7c", "#set_separator|;", "#empty_field|EMPTY", "#unset_field|NIL", "#path|dns",
            "#fields|ts|uid|query|rcode_name|answers|TTLs|AA|odd",
            "#types|time|string|string|string|vector[string]|vector[interval]|bool|string",
            "7.25|C1|\\xe5\\x96\\xb6.example|NIL|1.2.3.4;a\\x3bb|60.000000;0.5|T|x",
            "8.0|C2|EMPTY|NOERROR|EMPTY|NIL|F|x", "#close|2025",
        ]
        let found = try records("dns.log", tsv)
        #expect(found.count == 2)
        let first = try #require(found.first)
        #expect(first[Records.dns.query] == "営.example")
        #expect(first[Records.dns.rcodeName] == nil)
        #expect(first[Records.dns.answers] == ["1.2.3.4", "a;b"])
        #expect(first[Records.dns.ttls] == [60_000_000_000, 500_000_000])
        #expect(first[Records.dns.aa] == true)
        #expect(found[1][Records.dns.query] == "")
        #expect(found[1][Records.dns.answers] == [])
        #expect(found[1][Records.dns.ttls] == nil)
    }

    @Test(arguments: [
        (#"\\\\dc\\share"#, #"\\dc\share"#), (#"\\dc\share"#, #"\\dc\share"#), (#"C:\x5cWindows"#, #"C:\Windows"#),
        (#"a\xffb"#, #"a\xffb"#), (#"tab\x09"#, #"tab\x09"#), (#"\x"#, #"\x"#),
    ])
    func tsvEscapesAreUndone(written: String, expected: String) throws {
        let tsv = Self.header + ["#fields\tts\tuid\tpath", "1.0\tC1\t\(written)"]
        #expect(try records("smb_mapping.log", tsv).first?[Records.smbMapping.path] == expected)
    }

    @Test func aTsvLineOfAnotherLengthIsNamed() throws {
        let folder = try LogFolder()
        try folder.write("conn.log", Self.header + ["#fields\tts\tuid", "1.0\tC1", "2.0", "3.0\tC3"])
        let imported = try Imported([folder.path])
        #expect(imported.counters.records == 2)
        #expect(
            imported.notices.contains { $0.description.contains("conn.log:7: has 1 columns where #fields names 2") })
    }

    @Test func theKindMayComeFromTheHeaderInsteadOfTheName() throws {
        let folder = try LogFolder()
        try folder.write("export.log", Self.header + ["#path\tconn", "#fields\tts\tuid", "1.0\tC1"])
        #expect(try Imported([folder.path]).records(ConnRecord.kind).count == 1)
    }

    @Test(
        arguments: [
            ("conn.log", "conn"), ("conn.log.gz", "conn"), ("conn.01:00:00-02:00:00.log.gz", "conn"),
            ("x509.log", "x509"),
            ("conn.log.labeled.gz", "conn"), ("conn_20251103.log", "conn"), ("smb_files-2025-11-03.log", "smb_files"),
            ("x509_20251103.log", "x509"), ("json_streaming_dns.log", "dns"), ("connection.log", nil),
            ("2025.log", nil), ("dnp3_20231114.log", "dnp3"), ("x509_20231114.log", "x509"),
            ("smb_files-2023-11-14.log.gz", "smb_files"), ("connection.log", nil),
        ] as [(String, String?)])
    func namesOfFilesTellTheKind(name: String, kind: String?) {
        #expect(LogDiscovery.kind(ofName: name)?.name == kind)
    }

    @Test(
        arguments: [
            ("0.000001", 1000), ("1.9999999995", 2_000_000_000), ("-1.5", -1_500_000_000), ("7", 7_000_000_000),
            ("1e3", 1_000_000_000_000), (".5", 500_000_000), ("1e400", Int64.max), ("99999999999", Int64.max),
        ] as [(String, Int64)])
    func secondsBecomeNanoseconds(text: String, expected: Int64) {
        let found = Array(text.utf8).withUnsafeBytes { NumberText.nanoseconds($0) }
        #expect(found == expected)
    }

    @Test(arguments: ["", "-", "1.2.3", "abc", "1x", "."])
    func whatIsNoNumberIsRefused(text: String) {
        #expect(Array(text.utf8).withUnsafeBytes { NumberText.nanoseconds($0) } == nil)
    }

    @Test(arguments: [("18446744073709551615", UInt64.max), ("39.0", 39), ("4e2", 400)] as [(String, UInt64)])
    func wholeNumbersAreRead(text: String, expected: UInt64) {
        #expect(Array(text.utf8).withUnsafeBytes { NumberText.unsigned($0) } == expected)
    }

    @Test(arguments: ["18446744073709551616", "-1", "1.5", "0x10", ""])
    func whatIsNoWholeNumberIsRefused(text: String) {
        #expect(Array(text.utf8).withUnsafeBytes { NumberText.unsigned($0) } == nil)
    }

    /// Zeek with `JSON::TS_MILLIS` writes all times so. Certificates may hold until the end of 9999 in seconds.
    @Test(
        arguments: [
            ("1600000000000", 1_600_000_000_000_000_000), ("253402300799", .max),
            ("1600000000", 1_600_000_000_000_000_000),
            ("915148800000", 915_148_800_000_000_000), ("253402300799000", .max),
        ] as [(String, Int64)])
    func momentsMayBeMilliseconds(text: String, expected: Int64) {
        let found = Array(text.utf8).withUnsafeBytes { NumberText.time($0, isOwn: false) }
        #expect(found == expected)
    }

    @Test func logsBehindLinksAreReadOnce() throws {
        let folder = NSTemporaryDirectory() + "/meneki-logs-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder + "/2026-11-14", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data().write(to: URL(fileURLWithPath: folder + "/2026-11-14/dns.log"))
        try FileManager.default.createSymbolicLink(atPath: folder + "/latest", withDestinationPath: "2026-11-14")
        try FileManager.default.createSymbolicLink(atPath: folder + "/2026-11-14/up", withDestinationPath: "..")
        #expect(try LogDiscovery(paths: [folder]).logs.count == 1)
    }
}
