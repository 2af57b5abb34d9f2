import Testing

@testable import Shared

@Suite struct RecordBatchTests {
    private static func batch(rows: Int, list: Int) -> RecordBatch {
        var batch = RecordBatch()
        let dns = Records.dns
        for row in 0..<rows {
            batch.begin(DNSRecord.self)
            batch.set(dns.uid, "C\(row)")
            batch.set(dns.transId, UInt64(row))
            if row % 2 == 0 { batch.set(dns.query, "host\(row).example") }
            batch.set(dns.ttls, (0..<list).map { UInt64($0 + row) })
            batch.set(dns.answers, (0..<list).map { "\(row).\($0)" })
            batch.end()
        }
        batch.watermark = Timestamp(nanoseconds: 7)
        return batch
    }

    @Test func aBatchThatIsSmallEnoughStaysAsItIs() {
        let parts = Self.batch(rows: 10, list: 2).parts(records: 10, weight: 1 << 20)
        #expect(parts.count == 1)
        #expect(parts.first?.watermark == Timestamp(nanoseconds: 7))
    }

    @Test(arguments: [(3, 1 << 20), (1000, 2000)]) func partsHaveAllRecordsInOrder(records: Int, weight: Int) {
        let whole = Self.batch(rows: 100, list: 5)
        let parts = whole.parts(records: records, weight: weight)
        #expect(parts.count > 3)
        #expect(parts.allSatisfy { $0.recordCount <= records })
        // One record more than fits is the most by which a part is too heavy.
        #expect(parts.allSatisfy { $0.weight <= weight + 300 })
        var row = 0
        let dns = Records.dns
        for part in parts {
            for place in 0..<part.recordCount {
                let old = RecordView(batch: whole, tableIndex: 0, row: row)
                let new = RecordView(batch: part, tableIndex: 0, row: place)
                #expect(new[dns.uid] == old[dns.uid])
                #expect(new[dns.transId] == old[dns.transId])
                #expect(new[dns.query] == old[dns.query])
                #expect(new[dns.ttls] == old[dns.ttls])
                #expect(new[dns.answers] == old[dns.answers])
                row += 1
            }
        }
        #expect(row == 100)
        #expect(parts.dropLast().allSatisfy { $0.watermark == .distantPast })
        #expect(parts.last?.watermark == whole.watermark)
    }
}
