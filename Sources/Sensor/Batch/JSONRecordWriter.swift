public import Shared

/// Records as JSON (RFC 8259), one object a line, with Zeek's field names and shapes. Absent fields are left out.
public enum JSONRecordWriter {
    /// Appends one record and a line end.
    public static func write(
        _ table: RecordTable, _ fields: [ZeekColumn], _ row: Int, _ strings: StringTable, into out: inout [UInt8]
    ) {
        out.append(0x7B)
        var isFirst = true
        for (column, field) in zip(table.columns, fields) where column.isPresent(row) {
            if !isFirst { out.append(0x2C) }
            isFirst = false
            field.name.withUTF8Buffer { appendString(UnsafeRawBufferPointer($0), to: &out) }
            out.append(0x3A)
            if field.isJoined {
                let elements = column.listRange(row).map { strings[column.strings[$0]] }
                appendString(elements.joined(separator: ","), to: &out)
            } else {
                append(column, field.type, row, strings, to: &out)
            }
        }
        out.append(0x7D)
        out.append(0x0A)
    }

    private static func append(
        _ column: Column, _ type: FieldType, _ row: Int, _ strings: StringTable, to out: inout [UInt8]
    ) {
        switch type {
        case .bool: out.append(contentsOf: (column.numbers[row] != 0 ? "true" : "false").utf8)
        case .time, .interval, .count, .port: RecordText.append(column.numbers[row], type, to: &out)
        case .double: RecordText.append(column.doubles[row], to: &out)
        case .string, .address: strings.withUTF8(column.strings[row]) { appendString($0, to: &out) }
        case .strings:
            list(column.listRange(row), &out) { index, out in
                strings.withUTF8(column.strings[index]) { appendString($0, to: &out) }
            }
        case .counts: list(column.listRange(row), &out) { RecordText.append(column.numbers[$0], .count, to: &$1) }
        case .intervals:
            list(column.listRange(row), &out) { RecordText.append(column.numbers[$0], .interval, to: &$1) }
        }
    }

    private static func list(_ range: Range<Int>, _ out: inout [UInt8], _ element: (Int, inout [UInt8]) -> Void) {
        out.append(0x5B)
        for index in range {
            if index > range.lowerBound { out.append(0x2C) }
            element(index, &out)
        }
        out.append(0x5D)
    }

    private static let hex = Array("0123456789abcdef".utf8)

    static func appendString(_ text: String, to out: inout [UInt8]) {
        var text = text
        text.withUTF8 { appendString(UnsafeRawBufferPointer($0), to: &out) }
    }

    static func appendString(_ utf8: UnsafeRawBufferPointer, to out: inout [UInt8]) {
        out.append(0x22)
        if !utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C || $0 == 0x7F }) {
            out.append(contentsOf: utf8)
            return out.append(0x22)
        }
        for byte in utf8 {
            switch byte {
            case 0x22, 0x5C: out.append(contentsOf: [0x5C, byte])
            case 0x0A: out.append(contentsOf: [0x5C, 0x6E])
            case 0x0D: out.append(contentsOf: [0x5C, 0x72])
            case 0x09: out.append(contentsOf: [0x5C, 0x74])
            case 0..<0x20:
                out.append(contentsOf: [0x5C, 0x75, 0x30, 0x30, hex[Int(byte >> 4)], hex[Int(byte & 15)]])
            default: out.append(byte)
            }
        }
        out.append(0x22)
    }
}

/// Numbers of records as text.
enum RecordText {
    /// - Parameter bits: as they stand in a column.
    static func append(_ bits: UInt64, _ type: FieldType, to out: inout [UInt8]) {
        if type == .time || type == .interval {
            appendSeconds(Int64(bitPattern: bits), to: &out)
        } else {
            appendDecimal(bits, to: &out)
        }
    }

    /// Seconds with six decimals, or nine where there are nanoseconds.
    static func appendSeconds(_ nanoseconds: Int64, to out: inout [UInt8]) {
        if nanoseconds < 0 { out.append(0x2D) }
        let (seconds, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        appendDecimal(seconds, to: &out)
        out.append(0x2E)
        let isWhole = rest % 1000 == 0
        var scale: UInt64 = isWhole ? 100_000 : 100_000_000
        let fraction = isWhole ? rest / 1000 : rest
        while scale > 0 {
            out.append(0x30 + UInt8(fraction / scale % 10))
            scale /= 10
        }
    }

    static func appendDecimal(_ value: UInt64, to out: inout [UInt8]) {
        var scale: UInt64 = 1
        while value / scale >= 10 { scale *= 10 }
        while scale > 0 {
            out.append(0x30 + UInt8(value / scale % 10))
            scale /= 10
        }
    }

    /// JSON has neither infinity nor NaN: they become 0.
    static func append(_ value: Double, to out: inout [UInt8]) {
        out.append(contentsOf: (value.isFinite ? value : 0).description.utf8)
    }
}
