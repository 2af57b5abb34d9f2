import Shared

/// Rows of one search table and one day on their way into PostgreSQL's binary COPY format.
struct SearchRows {
    private(set) var rowCount = 0
    private var writer = SQLWriter()

    init() {
        // Signature, flags, no header extension (PostgreSQL documentation, COPY, "Binary Format").
        writer.append(raw: [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00])
        writer.append(Int32(0))
        writer.append(Int32(0))
    }

    /// The whole message, with its trailer.
    func finished() -> [UInt8] {
        var writer = writer
        writer.append(Int16(-1))
        return writer.bytes
    }

    /// The statement that takes the rows.
    static func statement(_ kind: RecordKind) -> String {
        let columns = (["site", "sensor"] + kind.fields.map(\.name)).map(SearchSchema.quoted)
        return "COPY \(SearchSchema.table(kind)) (\(columns.joined(separator: ", "))) FROM STDIN (FORMAT binary)"
    }

    /// Adds one record.
    mutating func append(
        _ table: RecordTable, row: Int, types: [FieldType], strings: SearchTexts, site: String, sensor: String
    ) {
        rowCount += 1
        writer.append(Int16(2 + types.count))
        writer.sized { $0.append(text: site) }
        writer.sized { $0.append(text: sensor) }
        for position in types.indices {
            if table.columns[position].isPresent(row) {
                appendValue(table.columns[position], row, types[position], strings)
            } else {
                writer.append(Int32(-1))
            }
        }
    }

    private mutating func appendValue(_ column: Column, _ row: Int, _ type: FieldType, _ strings: SearchTexts) {
        switch type {
        case .time: fixed(SQLTime.microseconds(Timestamp(columnBits: column.numbers[row])))
        case .interval: fixed(Interval(columnBits: column.numbers[row]).seconds.bitPattern)
        case .count: fixed(Int64(clamping: column.numbers[row]))
        case .port: fixed(Int32(UInt16(truncatingIfNeeded: column.numbers[row])))
        case .bool: fixed(UInt8(column.numbers[row] == 0 ? 0 : 1))
        case .double: fixed(column.doubles[row].bitPattern)
        case .string: writer.append(raw: strings.text(column.strings[row]))
        case .address: writer.append(raw: strings.address(column.strings[row]))
        case .strings, .counts, .intervals: appendList(column, row, type, strings)
        }
    }

    private mutating func appendList(_ column: Column, _ row: Int, _ type: FieldType, _ strings: SearchTexts) {
        let range = column.listRange(row)
        writer.sized { writer in
            switch type {
            case .strings:
                writer.beginArray(SQLType.text, count: range.count, hasNull: false)
                for index in column.strings[range] { writer.append(raw: strings.text(index)) }
            case .counts:
                writer.array(SQLType.int8, column.numbers[range]) { $0.append(Int64(clamping: $1)) }
            default:
                writer.array(SQLType.float8, column.numbers[range]) {
                    $0.append(Interval(columnBits: $1).seconds.bitPattern)
                }
            }
        }
    }

    private mutating func fixed<T: FixedWidthInteger>(_ value: T) {
        writer.append(Int32(MemoryLayout<T>.size))
        writer.append(value)
    }
}

/// A batch's dictionary in PostgreSQL's formats, each text once and only when it is needed.
final class SearchTexts {
    private let strings: StringTable
    private var texts: [[UInt8]?]
    private var addresses: [[UInt8]?]
    /// Addresses that are none; their records have NULL there.
    private(set) var badAddressCount = 0

    init(_ strings: StringTable) {
        self.strings = strings
        texts = Array(repeating: nil, count: strings.count)
        addresses = texts
    }

    /// Length and bytes of a `text`.
    func text(_ index: UInt32) -> [UInt8] {
        if let known = texts[Int(index)] { return known }
        var writer = SQLWriter()
        writer.sized { $0.append(text: strings[index]) }
        texts[Int(index)] = writer.bytes
        return writer.bytes
    }

    /// Length and bytes of an `inet`.
    func address(_ index: UInt32) -> [UInt8] {
        if let known = addresses[Int(index)] { return known }
        var writer = SQLWriter()
        if let address = IPAddress(strings[index]) {
            writer.sized { $0.append(address: address) }
        } else {
            badAddressCount += 1
            writer.append(Int32(-1))
        }
        addresses[Int(index)] = writer.bytes
        return writer.bytes
    }
}
