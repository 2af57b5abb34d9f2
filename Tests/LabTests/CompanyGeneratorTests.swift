import Foundation
@testable import Lab
import Shared
import Testing

@Suite struct CompanyGeneratorTests {
    static func settings(days: Int = 7, seed: UInt64 = 1, stories: [StoryKind] = []) -> CompanySettings {
        var settings = CompanySettings()
        (settings.users, settings.days, settings.seed, settings.stories) = (20, days, seed, stories)
        settings.intensity = 0.3
        return settings
    }

    static func days(_ settings: CompanySettings) throws -> [LabDay] {
        var generator = try CompanyGenerator(settings)
        var days: [LabDay] = []
        while let day = generator.nextDay() { days.append(day) }
        return days
    }

    static func records(_ kind: RecordKind, in days: [LabDay]) -> [RecordView] {
        days.flatMap { day in
            day.batch.tables.enumerated().filter { $0.element.kindIndex == kind.index }.flatMap { index, table in
                (0..<table.rowCount).map { RecordView(batch: day.batch, tableIndex: index, row: $0) }
            }
        }
    }

    @Test func theSameSeedGivesTheSameRecords() throws {
        let first = try Self.days(Self.settings(stories: StoryKind.allCases))
        let second = try Self.days(Self.settings(stories: StoryKind.allCases))
        #expect(first.map(\.batch.tables) == second.map(\.batch.tables))
        #expect(first.map(\.batch.strings.strings) == second.map(\.batch.strings.strings))
        #expect(first.flatMap(\.truths) == second.flatMap(\.truths))
    }

    @Test func anotherSeedGivesOtherRecords() throws {
        let first = try Self.days(Self.settings(days: 1))
        let second = try Self.days(Self.settings(days: 1, seed: 2))
        #expect(first.map(\.batch.tables) != second.map(\.batch.tables))
    }

    @Test func aStoryChangesNothingBeforeItsOwnDay() throws {
        let quiet = try Self.days(Self.settings())
        let loud = try Self.days(Self.settings(stories: [.exfiltration]))
        let played = try #require(loud.firstIndex { !$0.truths.isEmpty })
        #expect(quiet[..<played].map(\.batch.tables) == loud[..<played].map(\.batch.tables))
    }

    @Test func theTruthOfATheftIsWhatTheRecordsSay() throws {
        let days = try Self.days(Self.settings(stories: [.exfiltration]))
        let truth = try #require(days.flatMap(\.truths).first)
        #expect(truth.bytesRead > 1_000_000_000 && truth.bytesRead < 1_250_000_000)
        let span = truth.start...truth.end
        let files = Self.records(SMBFilesRecord.kind, in: days).filter {
            $0[Records.smbFiles.origH] == truth.address && span.contains($0[Records.smbFiles.ts] ?? .distantPast)
                && ($0[Records.smbFiles.bytesRead] ?? 0) > 10_000_000
        }
        #expect(files.reduce(0) { $0 + ($1[Records.smbFiles.bytesRead] ?? 0) } == truth.bytesRead)
        #expect(files.count == truth.files.count)
        let uploads = Self.records(SSLRecord.kind, in: days).filter { $0[Records.ssl.serverName] == truth.destination }
        #expect(Set(uploads.compactMap { $0[Records.ssl.origH] }) == [truth.address])
        let uids = Set(uploads.compactMap { $0[Records.ssl.uid] })
        let sent = Self.records(ConnRecord.kind, in: days).filter { uids.contains($0[Records.conn.uid] ?? "") }
        #expect(sent.reduce(0) { $0 + ($1[Records.conn.origBytes] ?? 0) } == truth.bytesSent)
        // As much as was read, within 5 %.
        #expect(truth.bytesSent > truth.bytesRead / 100 * 95)
    }

    @Test func sharesCarryAtLeastWhatTheirFilesHold() throws {
        let days = try Self.days(Self.settings(days: 2))
        var read: [String: UInt64] = [:]
        for file in Self.records(SMBFilesRecord.kind, in: days) {
            read[file[Records.smbFiles.uid] ?? "", default: 0] += file[Records.smbFiles.bytesRead] ?? 0
        }
        #expect(read.count > 20)
        for conn in Self.records(ConnRecord.kind, in: days) {
            guard let bytes = read[conn[Records.conn.uid] ?? ""] else { continue }
            #expect((conn[Records.conn.respBytes] ?? 0) >= bytes)
        }
    }

    @Test func everyStoryPlaysOnceAndTellsTheTruth() throws {
        let days = try Self.days(Self.settings(days: 14, stories: StoryKind.allCases))
        let truths = days.flatMap(\.truths)
        #expect(Set(truths.map(\.kind)) == Set(StoryKind.allCases))
        #expect(truths.count == StoryKind.allCases.count)
        #expect(days.dropLast(7).allSatisfy { $0.truths.isEmpty })
        let failed = Self.records(NTLMRecord.kind, in: days).filter { $0[Records.ntlm.success] == false }
        let force = try #require(truths.first { $0.kind == .bruteforce })
        #expect(failed.filter { $0[Records.ntlm.origH] == force.address }.count == force.events)
        let tunnel = try #require(truths.first { $0.kind == .dnsTunnel })
        let queries = Self.records(DNSRecord.kind, in: days).compactMap { $0[Records.dns.query] }
        let suffix = "." + (tunnel.destination ?? "")
        #expect(queries.filter { $0.hasSuffix(suffix) }.count == tunnel.events)
        #expect(queries.allSatisfy { $0.utf8.count <= 253 })
    }

    @Test func weekendsAndHolidaysAreQuiet() throws {
        // Monday 2026-10-05 to Sunday 2026-10-18; Monday 2026-10-12 is Sports Day.
        let days = try Self.days(Self.settings(days: 14))
        let counts = days.map { day in Self.records(SSLRecord.kind, in: [day]).count }
        let byName = Dictionary(uniqueKeysWithValues: zip(days.map(\.name), counts))
        let working = try #require(byName["2026-10-07"])
        for quiet in ["2026-10-10", "2026-10-11", "2026-10-12", "2026-10-17"] {
            #expect(try #require(byName[quiet]) * 2 < working)
        }
    }

    @Test func batchesComeInOrderAndKeepTheirPromise() throws {
        var source = CompanyBatches(try CompanyGenerator(Self.settings(days: 2)), recordsPerBatch: 500)
        var promised = Timestamp.distantPast
        var count = 0
        while let batch = source.nextBatch() {
            for table in batch.tables {
                let earliest = table.columns[0].numbers.map { Timestamp(columnBits: $0) }.min()
                #expect((earliest ?? promised) >= promised)
            }
            promised = batch.watermark
            count += batch.recordCount
        }
        #expect(count == (try Self.days(Self.settings(days: 2)).reduce(0) { $0 + $1.batch.recordCount }))
    }

    @Test func daysAreWrittenAsLogsOfZeek() throws {
        let path = NSTemporaryDirectory() + "lab-" + UUID().uuidString
        defer { _ = try? FileManager.default.removeItem(atPath: path) }
        let day = try #require(try Self.days(Self.settings(days: 1)).first)
        try ZeekDayWriter(directory: path).write(day)
        let text = try String(contentsOfFile: path + "/2026-10-05/smb_files.log", encoding: .utf8)
        let lines = text.split(separator: "\n")
        #expect(lines.count == Self.records(SMBFilesRecord.kind, in: [day]).count)
        let first = try #require(lines.first)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(first.utf8)) as? [String: Any])
        #expect((object["path"] as? String)?.hasPrefix("\\\\") == true)
        #expect(object["id.resp_p"] as? Int == 445)
        #expect(throws: LabError.self) { try ZeekDayWriter(directory: "/proc/nowhere") }
    }

    @Test func settingsOutOfRangeAreNamed() {
        var settings = Self.settings()
        settings.users = 1
        #expect(throws: LabError.setting("--users 1: give 5 to 2000")) { _ = try CompanyGenerator(settings) }
        settings = Self.settings(days: 3, stories: [.scan])
        #expect(throws: LabError.self) { _ = try CompanyGenerator(settings) }
    }
}
