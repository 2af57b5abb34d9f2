public import Shared

/// Puts a batch into the form in which it travels: message `Batch` of batch.proto, compressed.
public enum BatchEncoder {
    /// - Throws: ``BatchError/limit(what:value:limit:)`` when the batch is larger than ``BatchLimits`` allow.
    public static func encode(_ batch: RecordBatch) throws(BatchError) -> EncodedBatch {
        let records = batch.recordCount
        guard records <= BatchLimits.records else {
            throw .limit(what: "records", value: records, limit: BatchLimits.records)
        }
        let content = try content(of: batch)
        guard content.count <= BatchLimits.contentBytes else {
            throw .limit(what: "content bytes", value: content.count, limit: BatchLimits.contentBytes)
        }
        let payload = try content.withBytes { (bytes) throws(BatchError) in try Zstd.compress(bytes) }
        guard payload.count <= BatchLimits.payloadBytes else {
            throw .limit(what: "payload bytes", value: payload.count, limit: BatchLimits.payloadBytes)
        }
        let times = BatchTimes(of: batch)
        return EncodedBatch(
            firstTime: times.first, lastTime: times.last, recordCount: records, watermark: batch.watermark,
            crc32c: CRC32C.checksum(payload), payload: payload)
    }

    /// The message before compression.
    static func content(of batch: RecordBatch) throws(BatchError) -> ProtoWriter {
        guard batch.strings.count <= BatchLimits.strings else {
            throw .limit(what: "texts", value: batch.strings.count, limit: BatchLimits.strings)
        }
        var writer = ProtoWriter(capacity: batch.strings.byteCount + batch.recordCount * 64 + 1024)
        for index in 0..<UInt32(batch.strings.count) {
            batch.strings.withUTF8(index) { writer.text(1, $0) }
        }
        for table in batch.tables where table.rowCount > 0 {
            try writer.delimited(2) { (writer) throws(BatchError) in try write(table, into: &writer) }
        }
        writer.number(3, ProtoWriter.zigzag(batch.watermark.nanoseconds))
        return writer
    }

    private static func write(_ table: RecordTable, into writer: inout ProtoWriter) throws(BatchError) {
        let kind = table.kind
        writer.text(1, kind.name)
        writer.number(2, UInt64(table.rowCount))
        for field in kind.fields where table.columns[field.position].presentCount > 0 {
            let column = table.columns[field.position]
            try writer.delimited(3) { (writer) throws(BatchError) in
                writer.text(1, field.name)
                try write(column, shape: ColumnShape(field.type), rows: table.rowCount, into: &writer)
            }
        }
    }

    private static func write(
        _ column: Column, shape: ColumnShape, rows: Int, into writer: inout ProtoWriter
    ) throws(BatchError) {
        writer.number(2, UInt64(shape.rawValue))
        if column.presentCount < rows { try writePresence(of: column, rows: rows, into: &writer) }
        switch shape {
        case .numbers: try packed(4, column, column.numbers, into: &writer) { $0.varint($1) }
        case .times: try writeTimes(column, into: &writer)
        case .doubles: try packed(6, column, column.doubles, into: &writer) { $0.fixed64($1.bitPattern) }
        case .strings: try packed(7, column, column.strings, into: &writer) { $0.varint(UInt64($1)) }
        case .stringLists, .numberLists:
            var before: UInt32 = 0
            try packed(8, column, column.listEnds, into: &writer) {
                $0.varint(UInt64($1 - before))
                before = $1
            }
            if shape == .stringLists {
                try writer.delimited(7) { (writer) in for index in column.strings { writer.varint(UInt64(index)) } }
            } else {
                try writer.delimited(4) { (writer) in for number in column.numbers { writer.varint(number) } }
            }
        }
    }

    private static func writePresence(
        of column: Column, rows: Int, into writer: inout ProtoWriter
    ) throws(BatchError) {
        try writer.delimited(3) { (writer) in
            for byte in 0..<(rows + 7) / 8 {
                writer.byte(UInt8(truncatingIfNeeded: column.presenceWord(byte >> 3) >> UInt64((byte & 7) * 8)))
            }
        }
    }

    private static func writeTimes(_ column: Column, into writer: inout ProtoWriter) throws(BatchError) {
        var before: Int64 = 0
        try packed(5, column, column.numbers, into: &writer) { writer, number in
            let time = Int64(bitPattern: number)
            writer.varint(ProtoWriter.zigzag(time &- before))
            before = time
        }
    }

    /// The values of the rows that have one.
    @inline(__always)
    private static func packed<Value>(
        _ field: Int, _ column: Column, _ values: [Value], into writer: inout ProtoWriter,
        _ write: (inout ProtoWriter, Value) -> Void
    ) throws(BatchError) {
        try writer.delimited(field) { (writer) in
            if column.presentCount == column.count {
                for value in values { write(&writer, value) }
                return
            }
            for index in 0..<(values.count + 63) / 64 {
                var present = column.presenceWord(index)
                while present != 0 {
                    write(&writer, values[index << 6 + present.trailingZeroBitCount])
                    present &= present &- 1
                }
            }
        }
    }
}
