@testable import Protocol
@testable import Sensor
import Shared

/// What must hold after any traffic whatever.
enum Promises {
    /// Of an engine that has ended: nothing is left, nothing is unaccounted for, and every record travels.
    static func hold(_ engine: inout FlowEngine, packets: UInt64) {
        precondition(engine.flowCount == 0, "connections are left")
        precondition(engine.heldBytes == 0, "bytes of connections that are gone are still held")
        let counters = engine.counters
        precondition(counters.packets == packets, "packets are not all counted")
        precondition(counters.begun == counters.accounted, "\(counters.begun) begun, \(counters.accounted) accounted")
        let batch = engine.takeBatch()
        let conns = UInt64(batch.table(ConnRecord.kind)?.rowCount ?? 0)
        precondition(conns == counters.flows, "connections without a record")
        travels(batch)
    }

    /// A batch comes back from the wire as it was.
    static func travels(_ batch: RecordBatch) {
        guard !batch.isEmpty else { return }
        for table in batch.tables {
            for column in table.columns where column.presentCount > 0 {
                precondition(column.count <= table.rowCount, "a record that was never ended")
            }
        }
        do throws(BatchError) {
            let content = try BatchEncoder.content(of: batch).withBytes { Array($0) }
            let back = try BatchDecoder.decode(content: content)
            precondition(back.batch.recordCount == batch.recordCount, "records are lost on the wire")
            precondition(back.unknownKinds.isEmpty && back.unknownFields == 0, "the wire does not know a field")
        } catch {
            if case .limit = error { return }
            preconditionFailure("a batch that cannot be read back: \(error)")
        }
    }
}
