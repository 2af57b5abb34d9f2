internal import Shared

/// The fields of a message `Column`, values not yet read.
struct ColumnParts {
    private(set) var field = ""
    private(set) var shape: UInt64 = 0
    private(set) var presence: ProtoCursor?
    /// By field number of batch.proto, 4 to 8.
    private var packed = [ProtoCursor?](repeating: nil, count: 5)

    init(_ message: ProtoCursor, _ bytes: RawSpan) throws(BatchError) {
        var cursor = message
        while !cursor.isAtEnd {
            let tag = try cursor.tag(bytes)
            switch (tag.field, tag.wire) {
            case (1, 2): field = try cursor.delimited(bytes).text(bytes)
            case (2, 0): shape = try cursor.varint(bytes)
            case (3, 2): presence = try cursor.delimited(bytes)
            case (4...8, 2):
                guard packed[tag.field - 4] == nil else { throw unpacked }
                packed[tag.field - 4] = try cursor.delimited(bytes)
            case (4...8, _): throw unpacked
            default: try cursor.skip(tag, bytes)
            }
        }
    }

    /// protobuf lets writers spread a packed field over many; no library does, and it would cost a copy.
    private var unpacked: BatchError {
        .invalid(what: "values that are not in one packed field", kind: "", field: field)
    }

    /// The packed values with this field number, empty when there are none.
    func values(_ number: Int) -> ProtoCursor { packed[number - 4] ?? ProtoCursor(offset: 0, end: 0) }
}
