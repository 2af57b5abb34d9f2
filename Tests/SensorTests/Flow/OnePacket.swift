import Shared

@testable import Sensor

/// A capture of one packet.
enum OnePacket {
    /// What is told of it.
    static func told(_ bytes: [UInt8], linkType: LinkType = .raw, wireLength: Int? = nil) -> RecordBatch {
        var engine = FlowEngine()
        bytes.withUnsafeBytes {
            engine.process(
                CapturedPacket(
                    time: Timestamp(seconds: 1_700_000_000), linkType: linkType, bytes: $0,
                    wireLength: wireLength ?? bytes.count))
        }
        engine.finish()
        return engine.takeBatch()
    }
}

extension RecordBatch {
    /// The records of one kind, in order.
    func records(_ kind: RecordKind) -> [RecordView] {
        guard let index = tables.firstIndex(where: { $0.kindIndex == kind.index }) else { return [] }
        return (0..<tables[index].rowCount).map { RecordView(batch: self, tableIndex: index, row: $0) }
    }
}
