import Foundation
import Shared
import SwiftProtobuf
import Testing

@testable import Protocol

@Suite struct BatchCodecTests {
    static func sample(rows: Int = 3) -> RecordBatch {
        var batch = RecordBatch()
        batch.watermark = Timestamp(nanoseconds: 1_700_000_100_000_000_000)
        for row in 0..<rows {
            batch.begin(ConnRecord.kind)
            batch.set(Records.conn.ts, Timestamp(nanoseconds: 1_700_000_000_000_000_000 + Int64(row) * 7_000_000))
            batch.set(Records.conn.uid, "C\(row)")
            batch.set(Records.conn.origH, IPAddress("10.0.0.\(row % 250)"))
            batch.set(Records.conn.origP, UInt16(50_000 + row % 1000))
            batch.set(Records.conn.service, row % 2 == 0 ? ["smb", "ntlm"] : [])
            if row % 3 == 0 { batch.set(Records.conn.duration, Interval(nanoseconds: -5)) }
            batch.set(Records.conn.origBytes, UInt64.max &- UInt64(row))
            batch.end()
        }
        batch.begin(DNSRecord.kind)
        batch.set(Records.dns.ts, Timestamp(nanoseconds: 1_600_000_000_000_000_001))
        batch.set(position: DNSRecord.kind.position(ofField: "query") ?? 0, text: "例え.jp")
        batch.end()
        return batch
    }

    @Test func aBatchComesBackAsItWas() throws {
        let batch = Self.sample(rows: 200)
        let encoded = try BatchEncoder.encode(batch)
        #expect(encoded.recordCount == 201)
        #expect(encoded.firstTime.nanoseconds == 1_600_000_000_000_000_001)
        #expect(encoded.lastTime.nanoseconds == 1_700_000_001_393_000_000)
        let decoded = try BatchDecoder.decode(encoded)
        #expect(decoded.batch.tables == batch.tables)
        #expect(decoded.batch.strings.strings == batch.strings.strings)
        #expect(decoded.batch.watermark == batch.watermark)
        #expect(decoded.unknownKinds.isEmpty && decoded.unknownFields == 0)
    }

    @Test func anEmptyBatchCarriesItsWatermark() throws {
        var batch = RecordBatch()
        batch.watermark = .distantFuture
        let decoded = try BatchDecoder.decode(BatchEncoder.encode(batch))
        #expect(decoded.batch.watermark == .distantFuture && decoded.batch.recordCount == 0)
    }

    @Test func theContentIsTheMessageOfTheProtoFile() throws {
        let content = try BatchEncoder.content(of: Self.sample()).withBytes { Array($0) }
        let message = try WireBatch(serializedBytes: content)
        #expect(message.watermarkNs == 1_700_000_100_000_000_000)
        #expect(message.tables.map(\.kind) == ["conn", "dns"])
        #expect(message.tables[0].rows == 3)
        let columns = Dictionary(uniqueKeysWithValues: message.tables[0].columns.map { ($0.field, $0) })
        #expect(columns["ts"]?.shape == .times)
        #expect(columns["ts"]?.deltas == [1_700_000_000_000_000_000, 7_000_000, 7_000_000])
        #expect(columns["ts"]?.presence.isEmpty == true)
        #expect(columns["duration"]?.presence == Data([0b001]))
        #expect(columns["duration"]?.numbers == [UInt64(bitPattern: -5)])
        #expect(columns["service"]?.lengths == [2, 0, 2])
        #expect(columns["service"]?.strings.map { message.strings[Int($0)] } == ["smb", "ntlm", "smb", "ntlm"])
        #expect(columns["conn_state"] == nil)
    }

    @Test func aMessageOfAnotherWriterIsRead() throws {
        let message = WireBatch.with {
            $0.strings = ["C1", "10.0.0.1", "x"]
            $0.watermarkNs = -9
            $0.tables = [
                .with {
                    $0.kind = "conn"
                    $0.rows = 2
                    $0.columns = [
                        .with { ($0.field, $0.shape, $0.deltas) = ("ts", .times, [50, -20]) },
                        .with { ($0.field, $0.shape, $0.strings, $0.presence) = ("uid", .strings, [0], Data([0b10])) },
                        .with { ($0.field, $0.shape, $0.numbers) = ("of_the_future", .numbers, [1, 2]) },
                        .with { ($0.field, $0.shape, $0.numbers) = ("id.orig_h", .numbers, [1, 2]) },
                    ]
                },
                .with { ($0.kind, $0.rows) = ("kind_of_the_future", 5) },
            ]
        }
        let decoded = try BatchDecoder.decode(content: message.serializedBytes())
        #expect(decoded.unknownKinds == ["kind_of_the_future": 5])
        #expect(decoded.unknownFields == 2)
        let view = RecordView(batch: decoded.batch, tableIndex: 0, row: 1)
        #expect(view[Records.conn.ts] == Timestamp(nanoseconds: 30))
        #expect(view[Records.conn.uid] == "C1")
        #expect(RecordView(batch: decoded.batch, tableIndex: 0, row: 0)[Records.conn.uid] == nil)
        #expect(view[Records.conn.origH] == nil)
        #expect(decoded.batch.watermark.nanoseconds == -9)
    }

    static func content(_ column: WireColumn, rows: UInt32 = 2, strings: [String] = ["a"]) throws -> [UInt8] {
        let table = WireTable.with { ($0.kind, $0.rows, $0.columns) = ("conn", rows, [column]) }
        return try WireBatch.with { ($0.strings, $0.tables) = (strings, [table]) }.serializedBytes()
    }

    @Test func valuesThatLieAreRefused() throws {
        let bad: [WireColumn] = [
            .with { ($0.field, $0.shape, $0.strings) = ("uid", .strings, [0, 1]) },
            .with { ($0.field, $0.shape, $0.strings) = ("uid", .strings, [0]) },
            .with { ($0.field, $0.shape, $0.strings) = ("uid", .strings, [0, 0, 0]) },
            .with { ($0.field, $0.shape, $0.strings, $0.presence) = ("uid", .strings, [0, 0], Data([3, 0])) },
            .with { ($0.field, $0.shape, $0.strings, $0.lengths) = ("service", .stringLists, [0], [.max, 1]) },
            .with { ($0.field, $0.shape, $0.strings, $0.lengths) = ("service", .stringLists, [0, 0], [1, 0]) },
        ]
        for column in bad {
            #expect(throws: BatchError.self) { try BatchDecoder.decode(content: Self.content(column)) }
        }
        let good = WireColumn.with { ($0.field, $0.shape, $0.numbers) = ("id.orig_p", .numbers, [1]) }
        #expect(throws: BatchError.self) { try BatchDecoder.decode(content: Self.content(good, rows: .max)) }
        #expect(throws: BatchError.self) { try BatchDecoder.decode(content: Self.content(good, rows: 0)) }
    }

    @Test func aBombIsRefusedBeforeItIsUnpacked() throws {
        let zeros = [UInt8](repeating: 0, count: BatchLimits.contentBytes + 1)
        let bomb = try zeros.withUnsafeBytes { try Zstd.compress($0) }
        #expect(bomb.count < 10_000)
        let encoded = EncodedBatch(
            firstTime: Timestamp(nanoseconds: 0), lastTime: Timestamp(nanoseconds: 0), recordCount: 0,
            watermark: Timestamp(nanoseconds: 0), crc32c: CRC32C.checksum(bomb), payload: bomb)
        #expect(
            throws: BatchError.limit(
                what: "content bytes", value: BatchLimits.contentBytes + 1, limit: BatchLimits.contentBytes)
        ) { try BatchDecoder.decode(encoded) }
    }

    @Test func anAlteredByteIsNoticed() throws {
        let good = try BatchEncoder.encode(Self.sample())
        for index in good.payload.indices {
            var bad = good
            bad.payload[index] ^= 0x20
            #expect(throws: BatchError.self) { try BatchDecoder.decode(bad) }
        }
    }

    @Test func aHeaderThatDisagreesIsRefused() throws {
        let good = try BatchEncoder.encode(Self.sample())
        var bad = good
        bad.recordCount += 1
        #expect(throws: BatchError.header(what: "the number of records")) { try BatchDecoder.decode(bad) }
        bad = good
        bad.watermark = .distantFuture
        #expect(throws: BatchError.header(what: "the watermark")) { try BatchDecoder.decode(bad) }
        bad = good
        bad.firstTime = bad.lastTime
        #expect(throws: BatchError.header(what: "the times")) { try BatchDecoder.decode(bad) }
    }

    /// Every cut and a hundred thousand changes: whatever comes is read or refused, and never traps.
    @Test func damagedContentNeverTraps() throws {
        let content = try BatchEncoder.content(of: Self.sample(rows: 5)).withBytes { Array($0) }
        var refused = 0
        func attempt(_ bytes: [UInt8]) {
            do { _ = try BatchDecoder.decode(content: bytes) } catch { refused += 1 }
        }
        for length in 0..<content.count { attempt(Array(content[..<length])) }
        var state: UInt64 = 42
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<20_000 {
            var bytes = content
            for _ in 0...random(4) { bytes[random(bytes.count)] = UInt8(random(256)) }
            attempt(bytes)
        }
        #expect(refused > 10_000)
    }
}

@Suite struct CRC32CTests {
    /// RFC 3720, appendix B.4, and the check value of the catalogue of CRC algorithms.
    @Test func theChecksumIsThatOfTheStandard() {
        #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283)
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(CRC32C.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(CRC32C.checksum((0..<32).map { UInt8($0) }) == 0x46DD_794E)
    }
}
