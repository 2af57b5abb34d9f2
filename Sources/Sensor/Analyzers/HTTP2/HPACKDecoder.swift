internal import Shared

/// Header sections of one side of an HTTP/2 connection (RFC 7541): each may refer to fields of all before it.
struct HPACKDecoder: BytesHolding, Sendable {
    /// Most that the table may take. Peers agree on 4096 bytes, browsers on 65,536.
    static let tableLimit = 65_536
    /// What the table may take until the sender says something else (RFC 9113 section 6.5.2).
    private static let usualTable = 4096
    /// Bytes that come out of the sections of a side: of so many without being counted, and of each byte that came.
    private static let freeBytes = 65_536
    private static let usualRatio = 64

    private var table = HPACKEntries()
    private var limit = HPACKDecoder.usualTable
    /// Sections were not seen, so that the sender's table has more than this one.
    private var isIncomplete = false
    /// Bytes that may still come out.
    private var allowance = HPACKDecoder.freeBytes
    private var name: [UInt8] = [], value: [UInt8] = []

    var heldBytes: Int { table.heldBytes + name.capacity + value.capacity }

    /// Some sections were lost: what they put into the table is not known.
    mutating func lose() {
        table.removeAll()
        limit = Self.tableLimit
        isIncomplete = true
    }

    /// Hands on each field of a section in order. What refers to lost sections is passed over, and so is what unfolds
    /// to more than 64 times the bytes that came.
    /// - Returns: whether all fields were handed on that are known.
    /// - Throws: ``DecodeError`` for what is no such section; the table is not to be used any more then.
    mutating func decode(_ section: [UInt8], field: (RawSpan, RawSpan) -> Void) throws(DecodeError) -> Bool {
        allowance += section.count * Self.usualRatio
        defer { allowance = Swift.min(allowance, Self.freeBytes) }
        var reader = ByteReader(section)
        var isWhole = true
        while !reader.isEmpty {
            let first = try reader.byte()
            switch first {
            case 0x80...:
                let index = try Self.integer(first, bits: 7, &reader)
                guard index > 0 else { throw .invalid(.pointer) }
                try emit(index, &isWhole, field)
            case 0x20..<0x40: try resize(Self.integer(first, bits: 5, &reader))
            default:
                let isKept = first >= 0x40
                try readName(Self.integer(first, bits: isKept ? 6 : 4, &reader), &reader)
                try Self.text(&reader, into: &value)
                allowance -= name.count + value.count
                if !name.isEmpty, allowance >= 0 { field(name.span.bytes, value.span.bytes) }
                if allowance < 0 { isWhole = false }
                if isKept { keep() }
            }
        }
        return isWhole
    }

    private mutating func emit(
        _ index: Int, _ isWhole: inout Bool, _ field: (RawSpan, RawSpan) -> Void
    ) throws(DecodeError) {
        let fixed = HPACKEntries.fixed
        if index <= fixed.count {
            let (name, value) = fixed.ranges(index - 1)
            let bytes = fixed.bytes.span.bytes
            field(bytes.extracting(name), bytes.extracting(value))
        } else if let entry = try tableIndex(index) {
            let (name, value) = table.ranges(entry)
            allowance -= name.count + value.count
            guard allowance >= 0 else { return isWhole = false }
            guard !name.isEmpty else { return }
            let bytes = table.bytes.span.bytes
            field(bytes.extracting(name), bytes.extracting(value))
        }
    }

    /// Where a field of the dynamic table stands, the newest of which has the index behind the fixed ones (section
    /// 2.3.3); nil for one that was put there by what was lost.
    private func tableIndex(_ index: Int) throws(DecodeError) -> Int? {
        let age = index - HPACKEntries.fixed.count - 1
        if age < table.count { return table.count - 1 - age }
        guard isIncomplete else { throw .invalid(.pointer) }
        return nil
    }

    /// Takes the name from a table, or as it stands there; it is empty when it is not known.
    private mutating func readName(_ index: Int, _ reader: inout ByteReader) throws(DecodeError) {
        if index == 0 { return try Self.text(&reader, into: &name) }
        name.removeAll(keepingCapacity: true)
        let fixed = HPACKEntries.fixed
        if index <= fixed.count {
            name += fixed.bytes[fixed.ranges(index - 1).name]
        } else if let entry = try tableIndex(index) {
            name += table.bytes[table.ranges(entry).name]
        }
    }

    /// A text (section 5.2).
    private static func text(_ reader: inout ByteReader, into out: inout [UInt8]) throws(DecodeError) {
        out.removeAll(keepingCapacity: true)
        let first = try reader.byte()
        let count = try integer(first, bits: 7, &reader)
        let coded = try reader.take(count)
        if first & 0x80 != 0 { try HPACKHuffman.decode(coded.span.bytes, into: &out) } else { out += coded }
    }

    /// Puts the field that was read last into the table; one that is larger than it empties it (section 4.4).
    private mutating func keep() {
        let size = name.count + value.count + HPACKEntries.overhead
        shrink(to: limit - size)
        if size <= limit { table.append(name, value) }
    }

    private mutating func resize(_ size: Int) {
        limit = Swift.min(size, Self.tableLimit)
        if size > Self.tableLimit { isIncomplete = true }
        shrink(to: limit)
    }

    private mutating func shrink(to size: Int) {
        while table.count > 0, table.size > size { table.removeFirst() }
    }

    /// A number that begins in the low bits of `first` (section 5.1).
    private static func integer(_ first: UInt8, bits: Int, _ reader: inout ByteReader) throws(DecodeError) -> Int {
        let mask = (1 << bits) - 1
        var value = Int(first) & mask
        guard value == mask else { return value }
        for shift in stride(from: 0, to: 28, by: 7) {
            let byte = try reader.byte()
            value += Int(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw .limit(.count)
    }
}
