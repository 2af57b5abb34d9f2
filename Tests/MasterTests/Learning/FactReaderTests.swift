import Shared
import Testing

@testable import Master

@Suite struct FactReaderTests {
    private static let time = Timestamp(nanoseconds: 1_700_000_000_000_000_000)

    /// The fact in a `dns` record of a PC.
    private static func fact(opcode: UInt64?) -> Fact? {
        var batch = RecordBatch()
        batch.begin(DNSRecord.kind)
        batch.set(Records.dns.origH, "10.0.0.5")
        batch.set(Records.dns.respH, "10.0.0.2")
        batch.set(Records.dns.query, "pc1.corp.example")
        if let opcode { batch.set(Records.dns.opcode, opcode) }
        batch.end()
        var inventory = Inventory(settings: SiteSettings(site: "t"))
        inventory.begin(at: time)
        return FactReader(record: RecordView(batch: batch, tableIndex: 0, row: 0), time: time, day: 0).read(&inventory)
    }

    /// Records of older sensors and of Zeek have no opcode.
    @Test(arguments: [(nil, true), (0, true), (4, false), (5, false)] as [(UInt64?, Bool)])
    func onlyQueriesAsk(opcode: UInt64?, isQuery: Bool) {
        if case .query(let query)? = Self.fact(opcode: opcode) {
            #expect(isQuery && query.name == "pc1.corp.example")
        } else {
            #expect(!isQuery)
        }
    }
}
