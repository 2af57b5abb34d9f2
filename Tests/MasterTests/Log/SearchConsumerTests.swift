import Shared
import Testing

@testable import Master

@Suite(.serialized) struct SearchConsumerTests {
    /// A record of the kind with a value in every field, and one with none but its time.
    private static func fill(_ batch: inout RecordBatch, _ kind: RecordKind) {
        batch.begin(kind)
        for field in kind.fields {
            switch field.type {
            case .time: batch.set(position: field.position, number: 1_762_128_000_123_456_000)
            case .interval: batch.set(position: field.position, number: 1_500_000_000)
            case .count: batch.set(position: field.position, number: .max)
            case .port: batch.set(position: field.position, number: 65_535)
            case .bool: batch.set(position: field.position, number: 1)
            case .double: batch.set(position: field.position, double: 0.25)
            case .string: batch.set(position: field.position, text: "日本\0'\"\\")
            case .address:
                batch.set(position: field.position, text: field.position % 2 == 0 ? "10.1.2.3" : "2001:db8::7")
            case .strings: batch.set(position: field.position, texts: ["a", "", "{,}"])
            case .counts: batch.set(position: field.position, numbers: [1, .max])
            case .intervals:
                batch.set(position: field.position, numbers: [2_000_000_000, UInt64(bitPattern: -1_000_000_000)])
            }
        }
        batch.end()
        batch.begin(kind)
        if let position = kind.position(ofField: "ts") {
            batch.set(position: position, number: 1_762_128_000_000_000_000)
        }
        batch.end()
    }

    private static func expected(_ field: any AnyField) -> String {
        switch field.type {
        case .time: "2025-11-03 00:00:00.123456+00"
        case .interval: "1.5"
        case .count: "9223372036854775807"
        case .port: "65535"
        case .bool: "true"
        case .double: "0.25"
        case .string: "日本\\x00'\"\\"
        case .address: field.position % 2 == 0 ? "10.1.2.3/32" : "2001:db8::7/128"
        case .strings: "{a,\"\",\"{,}\"}"
        case .counts: "{1,9223372036854775807}"
        case .intervals: "{2,-1}"
        }
    }

    @Test func everyFieldOfEveryKindComesOutOfItsTableAsItWentIn() async throws {
        var batch = RecordBatch()
        for kind in Records.kinds { Self.fill(&batch, kind) }
        let filled = batch
        try await TestDatabase.migrated { database, _ in
            var load = SearchLoad(site: "s", sensor: "a")
            load.add(filled, oldestDay: 0)
            let days = load.days.map { (kind: Records.kinds[$0.kind], day: $0.day) }
            let partitions = SearchPartitions(database: database, retentionDays: 30, logger: .silent)
            try await partitions.prepare(days, site: "s")
            for (statement, message) in load.messages() {
                try await database.run { _ = try $0.copy(statement, message) }
            }
            for kind in Records.kinds {
                let columns = kind.fields.map { "\(SearchSchema.quoted($0.name))::text" }.joined(separator: ", ")
                let rows = try await database.query(
                    "SELECT \(columns) FROM \(SearchSchema.table(kind)) "
                        + "WHERE site = 's' AND sensor = 'a' ORDER BY ts DESC"
                )
                try #require(rows.count == 2)
                #expect(rows[0].values == kind.fields.map { .text(Self.expected($0)) }, "\(kind.name)")
                #expect(rows[1].values.count { $0 == .null } == kind.fields.count - 1, "\(kind.name)")
            }
        }
    }

    @Test func whatHasNoPlaceInTheTablesIsCountedAndTheRestIsStored() async throws {
        var batch = RecordBatch()
        for day in [Int64(-5), 100, 200, 90_000] {
            batch.begin(DNSRecord.kind)
            batch.set(Records.dns.ts, Timestamp(nanoseconds: day * 86_400_000_000_000))
            batch.set(Records.dns.origH, day == 100 ? "not an address" : "10.0.0.1")
            batch.end()
        }
        batch.begin(DNSRecord.kind)
        batch.end()
        var load = SearchLoad(site: "s", sensor: "a")
        load.add(batch, oldestDay: 0)
        #expect(load.rowCount == 2)
        #expect(load.outsideCount == 3)
        load.add(batch, oldestDay: 150)
        #expect(load.rowCount == 3)
    }

    @Test func daysBehindTheRetentionAreDroppedRelativeToEventTime() async throws {
        try await TestDatabase.migrated { database, _ in
            let partitions = SearchPartitions(database: database, retentionDays: 3, logger: .silent)
            for day in 20_000..<20_006 {
                try await partitions.prepare([(ConnRecord.kind, day), (ConnInterimRecord.kind, day)], site: "s")
            }
            let left = try await database.query(
                "SELECT count(*) AS n FROM pg_inherits WHERE inhparent = 'search.conn'::regclass")
            #expect(left[0].int("n") == 4)
            #expect(await partitions.oldestDay(of: "s") == 20_002)
        }
    }

}
