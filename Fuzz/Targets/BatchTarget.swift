@testable import Protocol
@testable import Sensor
import Shared

/// A batch as the master gets it: compressed with a right checksum, or its content as such.
struct BatchTarget: FuzzTarget {
    let name = "batch"

    func run(_ input: UnsafeRawBufferPointer) {
        guard let kind = input.first else { return }
        let bytes = Array(input.dropFirst())
        do throws(BatchError) {
            let batch: RecordBatch
            if kind & 1 == 0 {
                batch = try BatchDecoder.decode(content: bytes).batch
            } else {
                batch = try BatchDecoder.decode(
                    EncodedBatch(
                        firstTime: .distantPast, lastTime: .distantFuture, recordCount: Int(kind >> 1),
                        watermark: Timestamp(nanoseconds: 0), crc32c: CRC32C.checksum(bytes), payload: bytes)
                ).batch
            }
            precondition(batch.recordCount <= BatchLimits.records, "more records than are allowed")
            Promises.travels(batch)
        } catch {
            precondition(!error.description.isEmpty, "an error without words")
        }
    }

    func seeds(of fixture: Fixture) -> [[UInt8]] {
        Self.batches(of: fixture).flatMap { batch -> [[UInt8]] in
            guard let content = try? BatchEncoder.content(of: batch).withBytes({ Array($0) }),
                let encoded = try? BatchEncoder.encode(batch)
            else { return [] }
            return content.count > 32_768 ? [] : [[0] + content, [1] + encoded.payload]
        }
    }

    /// The records of the first packets of a capture.
    static func batches(of fixture: Fixture) -> [RecordBatch] {
        guard fixture.isCapture else { return [] }
        var engine = FlowEngine()
        for packet in fixture.packets.prefix(400) { engine.process(packet.bytes, of: packet, at: packet.time) }
        engine.finish()
        return [engine.takeBatch()]
    }
}
