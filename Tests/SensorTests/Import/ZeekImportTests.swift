import Foundation
@testable import Sensor
import Shared
import Testing

@Suite struct ZeekImportTests {
    static func conn(_ ts: Double, _ uid: String, duration: Double? = nil) -> String {
        let length = duration.map { ",\"duration\":\($0)" } ?? ""
        return "{\"ts\":\(ts),\"uid\":\"\(uid)\",\"id.orig_h\":\"10.0.0.1\",\"id.orig_p\":1,\"id.resp_h\":\"10.0.0.2\","
            + "\"id.resp_p\":2,\"proto\":\"tcp\"\(length)}"
    }

    static func dns(_ ts: Double, _ uid: String) -> String {
        "{\"ts\":\(ts),\"uid\":\"\(uid)\",\"query\":\"a.example\"}"
    }

    // Counted with zcat and grep, not by the importer.
    @Test(
        arguments: [
            (
                "lsass-tsv",
                ["conn": 112, "dns": 96, "files": 3, "http": 3, "kerberos": 10, "smb_mapping": 1, "ssl": 5, "x509": 1]
            ),
            (
                "apt29-json",
                [
                    "conn": 134, "dce_rpc": 66, "dns": 32, "files": 69, "http": 62, "kerberos": 22, "smb_files": 6,
                    "smb_mapping": 6, "ssl": 2, "x509": 2,
                ]
            ),
        ] as [(String, [String: UInt64])])
    func everyLineOfPublishedLogsBecomesARecord(folder: String, expected: [String: UInt64]) throws {
        let imported = try Imported([LogFolder.fixture(folder)])
        #expect(imported.counters.recordsByKind == expected)
        #expect(imported.counters.badLines == 0)
        #expect(imported.counters.badValues == 0)
        #expect(imported.counters.lines == imported.counters.records)
        #expect(imported.batches.reduce(0) { $0 + $1.recordCount } == Int(imported.counters.records))
        #expect(imported.brokenPromises == 0)
    }

    // Summed with awk from the same file.
    @Test func amountsOfPublishedLogsAreTheirs() throws {
        let records = try Imported([LogFolder.fixture("lsass-tsv/conn.log.gz")]).records(ConnRecord.kind)
        #expect(records.reduce(0) { $0 + ($1[Records.conn.origBytes] ?? 0) } == 872)
        #expect(records.reduce(0) { $0 + ($1[Records.conn.respBytes] ?? 0) } == 2_222_829)
    }

    @Test func flattenedNamesOfShippersFindTheirFields() throws {
        let imported = try Imported([LogFolder.fixture("apt29-json")])
        let file = try #require(imported.records(SMBFilesRecord.kind).last)
        #expect(file[Records.smbFiles.path] == #"\\NEWYORK.dmevals.local\sysvol"#)
        #expect(imported.records(SMBFilesRecord.kind).first?[Records.smbFiles.origH] == "10.0.1.4")
        let conn = try #require(
            imported.records(ConnRecord.kind).first { $0[Records.conn.uid] == "CbD9Ha1JtdoSnfM4Mf" })
        #expect(conn[Records.conn.service] == ["krb", "smb", "gssapi"])
        #expect(conn[Records.conn.respP] == 445)
        #expect(imported.records(X509Record.kind).first?[Records.x509.certificateSerial] == "06743FC495E54B7B")
        #expect(imported.notices.contains { $0.description.contains("notice.log.gz: not a kind of log") })
    }

    @Test func aLineThatCannotBeReadIsNamedAndItsNeighboursAreKept() throws {
        let folder = try LogFolder()
        let good = Self.conn(100, "C1")
        try folder.write(
            "conn.log", [good, "{\"ts\":101,\"uid\":\"C2", "{\"uid\":\"C3\"}", "nonsense", "", Self.conn(104, "C4")])
        let imported = try Imported([folder.path])
        #expect(imported.records(ConnRecord.kind).map { $0[Records.conn.uid] } == ["C1", "C4"])
        #expect(imported.counters.badLines == 3)
        #expect(imported.counters.lines == 5)
        let named = imported.notices.map(\.description)
        #expect(named.contains { $0.hasSuffix("conn.log:2: ends where a closing quote should be; line skipped") })
        #expect(named.contains { $0.hasSuffix("conn.log:3: has no ts; line skipped") })
        #expect(named.contains { $0.hasSuffix("conn.log:4: does not begin with {; line skipped") })
    }

    @Test func onlyTheFirstBadLinesAreNamedButAllAreCounted() throws {
        let folder = try LogFolder()
        try folder.write("conn.log", [Self.conn(1, "C1")] + Array(repeating: "{", count: 100))
        var settings = ImportSettings()
        settings.namedProblemsPerFile = 5
        let imported = try Imported([folder.path], settings: settings)
        #expect(imported.counters.badLines == 100)
        let named = imported.notices.filter { if case .badLine = $0 { true } else { false } }
        #expect(named.count == 5)
        #expect(imported.notices.last == .silenced(path: folder.path + "/conn.log"))
    }

    @Test func aBadValueIsNamedAndTheRestOfItsRecordKept() throws {
        let folder = try LogFolder()
        try folder.write("conn.log", ["{\"ts\":1,\"uid\":\"C1\",\"orig_bytes\":\"many\",\"resp_bytes\":7}"])
        let imported = try Imported([folder.path])
        let record = try #require(imported.records(ConnRecord.kind).first)
        #expect(record[Records.conn.origBytes] == nil)
        #expect(record[Records.conn.respBytes] == 7)
        #expect(imported.counters.badValues == 1)
        #expect(imported.notices.contains { $0.description.contains("orig_bytes 'many' is not a count") })
    }

    @Test func compressedDataThatEndEarlyAreReportedAndTheirLinesKept() throws {
        let folder = try LogFolder()
        let whole = try Data(contentsOf: URL(fileURLWithPath: LogFolder.fixture("apt29-json/conn.log.gz")))
        try folder.write("conn.log.gz", whole.prefix(whole.count / 2))
        let imported = try Imported([folder.path])
        #expect(imported.counters.damagedFiles == 1)
        #expect(imported.counters.records > 20)
        #expect(imported.notices.contains { $0.description.contains("compressed data end early") })
    }

    @Test func aLineWithoutEndIsSkippedInBoundedMemory() throws {
        let folder = try LogFolder()
        var data = Data((Self.conn(1, "C1") + "\n").utf8)
        data.append(Data(repeating: 0x41, count: LineReader.longestLine * 2 + 77))
        data.append(Data(("\n" + Self.conn(2, "C2") + "\n" + Self.conn(3, "C3")).utf8))
        try folder.write("conn.log", data)
        let imported = try Imported([folder.path])
        #expect(imported.records(ConnRecord.kind).map { $0[Records.conn.uid] } == ["C1", "C2", "C3"])
        #expect(imported.counters.badLines == 1)
        #expect(imported.notices.contains { $0.description.contains("conn.log:2: is longer than 1 MiB") })
    }

    /// Headers that are none: a blank in front, or a separator that is the sign of headers itself.
    @Test(arguments: [" #x\n", "#separator #\n#path\n", "#\n", "#separator\n", "#separator \\x\n#fields\n"])
    func strangeHeadersEndNothing(text: String) throws {
        let folder = try LogFolder()
        try folder.write("conn.log", Data((text + Self.conn(1, "C1") + "\n").utf8))
        try folder.write("dns.log", Data(contentsOf: URL(fileURLWithPath: LogFolder.fixture("apt29-json/dns.log.gz"))))
        #expect(try Imported([folder.path]).counters.recordsByKind["dns"] == 32)
    }

    @Test func namesWithoutEndAreNotRemembered() throws {
        let folder = try LogFolder()
        let long = "{\"" + String(repeating: "n", count: 300) + "\":1}\n"
        try folder.write("conn.log", Data((Self.conn(1, "C1") + "\n" + long + Self.conn(2, "C2") + "\n").utf8))
        let imported = try Imported([folder.path])
        #expect(imported.records(ConnRecord.kind).map { $0[Records.conn.uid] } == ["C1", "C2"])
        #expect(imported.notices.contains { $0.description.contains("a name of 300 bytes, and may have 256") })
    }

    @Test func severalGzipMembersAreOneLog() throws {
        let folder = try LogFolder()
        let piece = try Data(contentsOf: URL(fileURLWithPath: LogFolder.fixture("apt29-json/dns.log.gz")))
        try folder.write("dns.log.gz", piece + piece)
        #expect(try Imported([folder.path]).counters.recordsByKind == ["dns": 64])
    }

    @Test func datedDirectoriesAndRotatedLogsComeInTheOrderOfTime() throws {
        let folder = try LogFolder()
        try folder.write("2025-11-04/conn.log", [Self.conn(300, "C5"), Self.conn(310, "C6")])
        try folder.write("2025-11-03/conn.01:00:00-02:00:00.log", [Self.conn(200, "C3")])
        try folder.write("2025-11-03/conn.00:00:00-01:00:00.log", [Self.conn(100, "C1"), Self.conn(199, "C2")])
        try folder.write("2025-11-03/dns.log", [Self.dns(150, "D1"), Self.dns(305, "D2")])
        try folder.write("2025-11-03/stats/conn_20251103.log", [Self.conn(250, "C4")])
        let imported = try Imported([folder.path])
        #expect(
            imported.records(ConnRecord.kind).compactMap { $0[Records.conn.uid] } == [
                "C1", "C2", "C3", "C4", "C5", "C6",
            ])
        #expect(imported.counters.files == 5)
        #expect(imported.brokenPromises == 0)
    }

    @Test func batchesAreCutAtTheHourAndAtTheirSize() throws {
        let folder = try LogFolder()
        try folder.write("conn.log", (0..<10).map { Self.conn(3600 + Double($0) * 600, "C\($0)") })
        let hourly = try Imported([folder.path])
        #expect(hourly.batches.map(\.recordCount) == [6, 4])
        var settings = ImportSettings()
        settings.batchRecords = 4
        let small = try Imported([folder.path], settings: settings)
        #expect(small.batches.map(\.recordCount) == [4, 2, 4])
    }

    @Test func aLongConnectionDoesNotHoldUpTheOthers() throws {
        let folder = try LogFolder()
        // Written at their ends, as Zeek does: the second line began 50,000 s before it was written.
        try folder.write(
            "conn.log",
            [
                Self.conn(100_000, "C1", duration: 5), Self.conn(50_010, "long", duration: 50_000),
                Self.conn(100_020, "C3", duration: 1), Self.conn(100_015, "C4", duration: 8),
            ])
        try folder.write("dns.log", [Self.dns(100_002, "D1"), Self.dns(100_016, "D2")])
        var settings = ImportSettings()
        settings.batchRecords = 1
        let imported = try Imported([folder.path], settings: settings)
        let order = imported.batches.compactMap { batch in
            batch.table(ConnRecord.kind) != nil ? "conn" : "dns"
        }
        #expect(order == ["dns", "conn", "conn", "dns", "conn", "conn"])
        #expect(imported.brokenPromises == 0)
        #expect((imported.batches.last?.watermark ?? .distantPast) == Timestamp(nanoseconds: 100_023 * 1_000_000_000))
    }

    @Test func disorderBeyondTheSlackIsCounted() throws {
        let folder = try LogFolder()
        var lines = (0..<400).map { Self.conn(10_000 + Double($0) * 100, "C\($0)") }
        lines.append(Self.conn(10_000, "late"))
        try folder.write("conn.log", lines)
        var settings = ImportSettings()
        (settings.probeLines, settings.batchRecords) = (256, 50)
        let imported = try Imported([folder.path], settings: settings)
        #expect(imported.counters.late == 1)
        #expect(imported.brokenPromises == 1)
        #expect(imported.counters.records == 401)
        #expect(imported.notices.contains { if case .late(_, 401, _) = $0 { true } else { false } })
    }

    @Test func twoImportsOfTheSameLogsAreEqual() throws {
        let first = try Imported([LogFolder.fixture("apt29-json"), LogFolder.fixture("lsass-tsv")])
        let second = try Imported([LogFolder.fixture("apt29-json"), LogFolder.fixture("lsass-tsv")])
        #expect(first.batches.map(\.tables) == second.batches.map(\.tables))
        #expect(first.batches.map(\.strings.strings) == second.batches.map(\.strings.strings))
        #expect(first.batches.map(\.watermark) == second.batches.map(\.watermark))
    }

    @Test func aPathWithoutLogsIsRefusedWithASentence() throws {
        let folder = try LogFolder()
        #expect(throws: SourceError.self) { _ = try Imported([folder.path]) }
        #expect(throws: SourceError.unreadable(path: "/nowhere/conn.log", reason: "No such file or directory")) {
            _ = try Imported(["/nowhere/conn.log"])
        }
    }

    @Test func logsOfUnknownKindsAreNamedAndCounted() throws {
        let folder = try LogFolder()
        try folder.write("arp.log", ["{\"ts\":1}"])
        let imported = try Imported([folder.path])
        #expect(imported.batches.isEmpty)
        #expect(imported.counters.unknownLogs == 1)
        #expect(imported.notices == [.unknownLog(path: folder.path + "/arp.log")])
    }
}
