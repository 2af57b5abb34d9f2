internal import Shared

/// A batch that is being read: what is known of it so far.
struct BatchReading {
    var watermark = Timestamp(nanoseconds: 0)
    private var strings: [String] = []
    private var tables: [RecordTable] = []
    private var kindsSeen: Set<String> = []
    private var records = 0
    private var unknownKinds: [String: Int] = [:]
    private var unknownFields = 0

    var result: DecodedBatch {
        DecodedBatch(
            batch: RecordBatch(strings: StringTable(strings: strings), tables: tables, watermark: watermark),
            unknownKinds: unknownKinds, unknownFields: unknownFields)
    }

    mutating func add(text: String) throws(BatchError) {
        guard strings.count < BatchLimits.strings else {
            throw .limit(what: "texts", value: strings.count + 1, limit: BatchLimits.strings)
        }
        strings.append(text)
    }

    mutating func readTable(_ message: ProtoCursor, _ bytes: RawSpan) throws(BatchError) {
        var (name, rows) = ("", 0)
        var columns: [ProtoCursor] = []
        var cursor = message
        while !cursor.isAtEnd {
            let tag = try cursor.tag(bytes)
            switch (tag.field, tag.wire) {
            case (1, 2): name = try cursor.delimited(bytes).text(bytes)
            case (2, 0): rows = Int(clamping: try cursor.varint(bytes))
            case (3, 2):
                columns.append(try cursor.delimited(bytes))
                guard columns.count <= BatchLimits.columns else {
                    throw .limit(what: "columns", value: columns.count, limit: BatchLimits.columns)
                }
            default: try cursor.skip(tag, bytes)
            }
        }
        try count(rows: rows, of: name)
        guard let kind = Records.kind(named: name) else {
            unknownKinds[name] = rows
            return
        }
        try tables.append(readColumns(columns, of: kind, rows: rows, bytes))
    }

    private mutating func count(rows: Int, of name: String) throws(BatchError) {
        guard kindsSeen.insert(name).inserted else {
            throw .invalid(what: "a second table", kind: name, field: "")
        }
        guard rows > 0 else { throw .invalid(what: "a table without rows", kind: name, field: "") }
        guard rows <= BatchLimits.records - records else {
            throw .limit(
                what: "records", value: rows.addingReportingOverflow(records).partialValue,
                limit: BatchLimits.records)
        }
        records += rows
    }

    private mutating func readColumns(
        _ messages: [ProtoCursor], of kind: RecordKind, rows: Int, _ bytes: RawSpan
    ) throws(BatchError) -> RecordTable {
        var columns = kind.fields.map { Column(storage: $0.type.storage) }
        for message in messages {
            let parts = try ColumnParts(message, bytes)
            guard let position = kind.position(ofField: parts.field),
                parts.shape == UInt64(ColumnShape(kind.fields[position].type).rawValue)
            else {
                unknownFields += 1
                continue
            }
            guard columns[position].count == 0 else {
                throw .invalid(what: "a second column", kind: kind.name, field: parts.field)
            }
            var reader = ColumnReader(
                column: columns[position], parts: parts, rows: rows, kind: kind.name, stringCount: strings.count)
            try reader.read(ColumnShape(kind.fields[position].type), bytes)
            columns[position] = reader.column
        }
        return RecordTable(kindIndex: kind.index, rowCount: rows, columns: columns)
    }
}
