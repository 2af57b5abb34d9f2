internal import Shared

/// Reads a batch back. Every byte may be hostile: whatever it holds, the work and the memory are bounded by
/// ``BatchLimits``, and what is wrong is thrown, never trapped on.
public enum BatchDecoder {
    /// Reads a batch and holds its header against it.
    public static func decode(_ encoded: EncodedBatch) throws(BatchError) -> DecodedBatch {
        guard encoded.payload.count <= BatchLimits.payloadBytes else {
            throw .limit(what: "payload bytes", value: encoded.payload.count, limit: BatchLimits.payloadBytes)
        }
        let found = CRC32C.checksum(encoded.payload)
        guard found == encoded.crc32c else { throw .checksum(expected: encoded.crc32c, found: found) }
        let content = try Zstd.decompress(encoded.payload, limit: BatchLimits.contentBytes)
        let decoded = try decode(content: content)
        guard encoded.watermark == decoded.batch.watermark else { throw .header(what: "the watermark") }
        guard encoded.recordCount == decoded.batch.recordCount + decoded.unknownKinds.values.reduce(0, +) else {
            throw .header(what: "the number of records")
        }
        let times = BatchTimes(of: decoded.batch)
        guard encoded.firstTime <= encoded.lastTime,
            decoded.batch.recordCount == 0 || encoded.firstTime <= times.first && times.last <= encoded.lastTime
        else { throw .header(what: "the times") }
        return decoded
    }

    /// Reads the message `Batch`, decompressed.
    static func decode(content: [UInt8]) throws(BatchError) -> DecodedBatch {
        let bytes = content.span.bytes
        var reading = BatchReading()
        // The dictionary may come behind the tables, so that tables wait for the whole of it.
        var tables: [ProtoCursor] = []
        var cursor = ProtoCursor(offset: 0, end: bytes.byteCount)
        while !cursor.isAtEnd {
            let tag = try cursor.tag(bytes)
            switch (tag.field, tag.wire) {
            case (1, 2): try reading.add(text: cursor.delimited(bytes).text(bytes))
            case (2, 2):
                tables.append(try cursor.delimited(bytes))
                guard tables.count <= BatchLimits.tables else {
                    throw .limit(what: "tables", value: tables.count, limit: BatchLimits.tables)
                }
            case (3, 0): reading.watermark = Timestamp(nanoseconds: ProtoCursor.unzigzag(try cursor.varint(bytes)))
            default: try cursor.skip(tag, bytes)
            }
        }
        for table in tables { try reading.readTable(table, bytes) }
        return reading.result
    }
}
