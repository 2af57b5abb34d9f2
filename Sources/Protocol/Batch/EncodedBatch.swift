public import Shared

/// A batch as it travels and is kept: compressed, with what must be known of it without looking inside.
public struct EncodedBatch: Sendable, Equatable {
    /// Earliest and latest `ts` of its records; both 0 when it holds none.
    public var firstTime: Timestamp
    public var lastTime: Timestamp
    public var recordCount: Int
    /// No later batch of this run holds a record observed before; `distantFuture` when the run is over.
    public var watermark: Timestamp
    /// CRC-32C of ``payload``.
    public var crc32c: UInt32
    /// A zstd frame around the message `Batch` of batch.proto.
    public var payload: [UInt8]

    public init(
        firstTime: Timestamp, lastTime: Timestamp, recordCount: Int, watermark: Timestamp, crc32c: UInt32,
        payload: [UInt8]
    ) {
        (self.firstTime, self.lastTime, self.recordCount) = (firstTime, lastTime, recordCount)
        (self.watermark, self.crc32c, self.payload) = (watermark, crc32c, payload)
    }
}

/// A batch read back.
public struct DecodedBatch: Sendable {
    public var batch: RecordBatch
    /// Kinds that this version does not know, with the number of their records; they were skipped.
    public var unknownKinds: [String: Int] = [:]
    /// Fields that this version does not know, or knows with another shape; they were skipped.
    public var unknownFields = 0
}
