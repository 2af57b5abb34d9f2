public import Shared

/// Records as Zeek's tab-separated logs, header lines included.
public enum TSVRecordWriter {
    /// Appends the lines that begin a log.
    /// - Parameter opened: time of its first record. Zeek tells the time of day at which it ran; ours is the same in
    ///   every run over the same packets.
    public static func header(_ kind: RecordKind, opened: Timestamp, into out: inout [UInt8]) {
        var text = "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"
        text += "#path\t\(kind.name)\n#open\t\(date(opened))\n#fields"
        let columns = ZeekColumn.all(of: kind)
        for column in columns { text += "\t\(column.name)" }
        text += "\n#types"
        for column in columns { text += "\t" + column.declaredType }
        out.append(contentsOf: (text + "\n").utf8)
    }

    /// Appends the line that ends a log, without which readers take it for one that is still being written.
    /// - Parameter closed: latest time of its records.
    public static func trailer(closed: Timestamp, into out: inout [UInt8]) {
        out.append(contentsOf: "#close\t\(date(closed))\n".utf8)
    }

    /// As Zeek spells it, `2026-11-29-08-15-00`, in UTC.
    private static func date(_ time: Timestamp) -> String {
        let date = CivilDate(time)
        let (minuteOfDay, second) = date.secondOfDay.quotientAndRemainder(dividingBy: 60)
        return ([date.year, date.month, date.day, minuteOfDay / 60, minuteOfDay % 60, second] as [Int])
            .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: "-")
    }

    /// Appends one record and a line end.
    public static func write(
        _ table: RecordTable, _ fields: [ZeekColumn], _ row: Int, _ strings: StringTable, into out: inout [UInt8]
    ) {
        for (index, (column, field)) in zip(table.columns, fields).enumerated() {
            if index > 0 { out.append(0x09) }
            if column.isPresent(row) {
                append(column, field.type, row, strings, to: &out)
            } else {
                out.append(0x2D)
            }
        }
        out.append(0x0A)
    }

    private static func append(
        _ column: Column, _ type: FieldType, _ row: Int, _ strings: StringTable, to out: inout [UInt8]
    ) {
        switch type {
        case .bool: out.append(column.numbers[row] != 0 ? 0x54 : 0x46)
        case .time, .interval, .count, .port: RecordText.append(column.numbers[row], type, to: &out)
        case .double: RecordText.append(column.doubles[row], to: &out)
        case .string, .address: appendText(strings[column.strings[row]], isElement: false, to: &out)
        case .strings:
            list(column.listRange(row), &out) { appendText(strings[column.strings[$0]], isElement: true, to: &$1) }
        case .counts: list(column.listRange(row), &out) { RecordText.append(column.numbers[$0], .count, to: &$1) }
        case .intervals:
            list(column.listRange(row), &out) { RecordText.append(column.numbers[$0], .interval, to: &$1) }
        }
    }

    private static func list(_ range: Range<Int>, _ out: inout [UInt8], _ element: (Int, inout [UInt8]) -> Void) {
        if range.isEmpty { out.append(contentsOf: "(empty)".utf8) }
        for index in range {
            if index > range.lowerBound { out.append(0x2C) }
            element(index, &out)
        }
    }

    private static let hex = Array("0123456789abcdef".utf8)

    /// What would be taken for a separator, for absent or for empty is spelled `\xNN`.
    private static func appendText(_ text: String, isElement: Bool, to out: inout [UInt8]) {
        if text.isEmpty { return out.append(contentsOf: "(empty)".utf8) }
        if text == "-" || text == "(empty)" {
            out.append(contentsOf: text == "-" ? "\\x2d".utf8 : "\\x28empty)".utf8)
            return
        }
        var text = text
        text.withUTF8 { bytes in
            for (index, byte) in bytes.enumerated() {
                if byte < 0x20 || byte == 0x7F || (isElement && byte == 0x2C) {
                    out.append(contentsOf: [0x5C, 0x78, hex[Int(byte >> 4)], hex[Int(byte & 15)]])
                } else {
                    if byte == 0x5C, !isSpelled(bytes[index...]) { out.append(0x5C) }
                    out.append(byte)
                }
            }
        }
    }

    /// Whether a byte is spelled `\xNN` here, as records have those that are no text: Zeek doubles other backslashes.
    private static func isSpelled(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        let (start, digits) = (bytes.startIndex, bytes.dropFirst(2).prefix(2))
        return bytes.count > 3 && bytes[start + 1] == 0x78 && digits.allSatisfy(hex.contains)
    }
}
