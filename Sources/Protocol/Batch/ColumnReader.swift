internal import Shared

/// Reads the values of one column.
struct ColumnReader {
    private(set) var column: Column
    let parts: ColumnParts
    let rows: Int
    let kind: String
    /// Size of the dictionary: every index lies below.
    let stringCount: Int

    mutating func read(_ shape: ColumnShape, _ bytes: RawSpan) throws(BatchError) {
        if let presence = parts.presence, presence.remaining != (rows + 7) / 8 {
            throw invalid("a presence bitmap of another size than the rows")
        }
        switch shape {
        case .numbers: try readNumbers(bytes)
        case .times: try readTimes(bytes)
        case .doubles: try readDoubles(bytes)
        case .strings: try readStrings(bytes)
        case .stringLists: try readStringLists(bytes)
        case .numberLists: try readNumberLists(bytes)
        }
        column.pad(to: rows)
    }

    private func invalid(_ what: String) -> BatchError { .invalid(what: what, kind: kind, field: parts.field) }

    /// Calls `body` for every row that has a value, absent rows filled in between.
    @inline(__always)
    private mutating func eachPresent(
        _ bytes: RawSpan, _ body: (inout Column) throws(BatchError) -> Void
    ) throws(BatchError) {
        guard let presence = parts.presence else {
            for _ in 0..<rows { try body(&column) }
            return
        }
        for row in 0..<rows where presence.presence(bytes, of: row) {
            column.pad(to: row)
            try body(&column)
        }
    }

    private func finished(_ cursor: ProtoCursor) throws(BatchError) {
        guard cursor.isAtEnd else { throw invalid("more values than rows") }
    }

    private mutating func readNumbers(_ bytes: RawSpan) throws(BatchError) {
        var values = parts.values(4)
        try eachPresent(bytes) { (column) throws(BatchError) in column.append(number: try values.varint(bytes)) }
        try finished(values)
    }

    private mutating func readTimes(_ bytes: RawSpan) throws(BatchError) {
        var values = parts.values(5)
        var time: Int64 = 0
        try eachPresent(bytes) { (column) throws(BatchError) in
            time &+= ProtoCursor.unzigzag(try values.varint(bytes))
            column.append(number: UInt64(bitPattern: time))
        }
        try finished(values)
    }

    private mutating func readDoubles(_ bytes: RawSpan) throws(BatchError) {
        var values = parts.values(6)
        try eachPresent(bytes) { (column) throws(BatchError) in
            column.append(double: Double(bitPattern: try values.fixed64(bytes)))
        }
        try finished(values)
    }

    private mutating func readStrings(_ bytes: RawSpan) throws(BatchError) {
        var values = parts.values(7)
        let bad = invalid("a text outside of the dictionary")
        let limit = UInt64(stringCount)
        try eachPresent(bytes) { (column) throws(BatchError) in
            let index = try values.varint(bytes)
            guard index < limit else { throw bad }
            column.append(string: UInt32(truncatingIfNeeded: index))
        }
        try finished(values)
    }

    private mutating func readStringLists(_ bytes: RawSpan) throws(BatchError) {
        var (lengths, values) = (parts.values(8), parts.values(7))
        let bad = invalid("a text outside of the dictionary")
        let limit = UInt64(stringCount)
        try eachPresent(bytes) { (column) throws(BatchError) in
            var list: [UInt32] = []
            for _ in 0..<(try Self.length(&lengths, values, bytes)) {
                let index = try values.varint(bytes)
                guard index < limit else { throw bad }
                list.append(UInt32(truncatingIfNeeded: index))
            }
            column.append(stringList: list)
        }
        try finished(lengths)
        try finished(values)
    }

    private mutating func readNumberLists(_ bytes: RawSpan) throws(BatchError) {
        var (lengths, values) = (parts.values(8), parts.values(4))
        try eachPresent(bytes) { (column) throws(BatchError) in
            var list: [UInt64] = []
            for _ in 0..<(try Self.length(&lengths, values, bytes)) { list.append(try values.varint(bytes)) }
            column.append(numberList: list)
        }
        try finished(lengths)
        try finished(values)
    }

    /// The next length of a list: every element takes a byte at least, so that what is left bounds it.
    private static func length(
        _ lengths: inout ProtoCursor, _ values: ProtoCursor, _ bytes: RawSpan
    ) throws(BatchError) -> Int {
        let length = try lengths.varint(bytes)
        guard length <= UInt64(values.remaining) else { throw .truncated(offset: values.offset) }
        return Int(length)
    }
}
