internal import Shared

/// Zeek's own log format: headers that begin with `#`, then one record a line (docs.zeek.org, "Zeek Log Formats").
struct TSVLine {
    private let map: FieldMap
    private var separator: UInt8 = 0x09
    private var setSeparator: [UInt8] = [0x2C]
    private var emptyField: [UInt8] = Array("(empty)".utf8)
    private var unsetField: [UInt8] = Array("-".utf8)
    private var slots: [FieldSlot] = []
    /// Whether `#types` calls the column a set or a vector.
    private var isList: [Bool] = []
    private(set) var path: String?
    var unknownNames: [String] = []

    init(map: FieldMap) { self.map = map }

    var hasFields: Bool { !slots.isEmpty }

    /// Takes a header line in, which begins with `#`; they may come again within a file, when logs were put together.
    mutating func header(_ line: UnsafeRawBufferPointer) {
        // `#separator` itself is followed by a space, the others by the separator.
        let end = line.dropFirst().firstIndex { $0 == separator || $0 == 0x20 } ?? line.count
        let name = String(decoding: line[1..<end], as: UTF8.self)
        let rest = end < line.count ? Array(line[(end + 1)...]) : []
        switch name {
        case "separator": separator = Self.unescaped(rest).first ?? 0x09
        case "set_separator": setSeparator = Self.unescaped(rest)
        case "empty_field": emptyField = rest
        case "unset_field": unsetField = rest
        case "path": path = String(decoding: rest, as: UTF8.self)
        case "fields": fields(rest)
        case "types": isList = rest.split(separator: separator).map { $0.contains(0x5B) }
        default: break
        }
    }

    private mutating func fields(_ names: [UInt8]) {
        slots = names.split(separator: separator, omittingEmptySubsequences: false).map { bytes in
            let name = String(decoding: bytes, as: UTF8.self)
            let slot = map.slot(named: name)
            if slot.position < 0 { unknownNames.append(name) }
            return slot
        }
        isList = []
    }

    mutating func parse(_ line: UnsafeRawBufferPointer, into row: inout ParsedRow) throws(LineError) {
        row.reset()
        guard hasFields else { throw .reason("comes before a #fields line") }
        var begin = 0
        var column = 0
        for index in 0...line.count where index == line.count || line[index] == separator {
            if column < slots.count { value(line, begin, index, column, into: &row) }
            column += 1
            begin = index + 1
        }
        guard column == slots.count else {
            throw .reason("has \(column) columns where #fields names \(slots.count)")
        }
    }

    private func value(
        _ line: UnsafeRawBufferPointer, _ begin: Int, _ end: Int, _ column: Int, into row: inout ParsedRow
    ) {
        let slot = slots[column]
        guard slot.position >= 0 else { return }
        let bytes = UnsafeRawBufferPointer(rebasing: line[begin..<end])
        if bytes.elementsEqual(unsetField) { return }
        let isEmpty = bytes.elementsEqual(emptyField)
        if [.strings, .counts, .intervals].contains(slot.type), !slot.isCommaList {
            return list(
                bytes, at: begin, isEmpty: isEmpty, isSplit: column < isList.count ? isList[column] : true, slot, &row)
        }
        if isEmpty {
            if slot.isCommaList { row.closeList(at: row.openList(slot)) }
            if slot.type == .string { row.add(slot, text: begin, length: 0, inScratch: false) }
            return
        }
        hand(bytes, at: begin, slot, &row)
    }

    private func hand(_ bytes: UnsafeRawBufferPointer, at begin: Int, _ slot: FieldSlot, _ row: inout ParsedRow) {
        guard bytes.contains(0x5C) else {
            return ValueReader.read(bytes, at: begin, inScratch: false, slot: slot, into: &row)
        }
        let place = row.scratch.count
        let plain = Self.unescaped(bytes)
        row.scratch.append(contentsOf: plain)
        plain.withUnsafeBytes { ValueReader.read($0, at: place, inScratch: true, slot: slot, into: &row) }
    }

    private func list(
        _ bytes: UnsafeRawBufferPointer, at start: Int, isEmpty: Bool, isSplit: Bool, _ slot: FieldSlot,
        _ row: inout ParsedRow
    ) {
        let list = row.openList(slot)
        var begin = 0
        for index in 0...bytes.count
        where !isEmpty && (index == bytes.count || (isSplit && bytes[index] == setSeparator.first)) {
            let part = UnsafeRawBufferPointer(rebasing: bytes[begin..<index])
            guard element(part, at: start + begin, slot, &row) else {
                row.drop(from: list)
                return row.fail(slot, ValueReader.reason(part, "is not a number of a list"))
            }
            begin = index + 1
        }
        row.closeList(at: list)
    }

    private func element(
        _ bytes: UnsafeRawBufferPointer, at begin: Int, _ slot: FieldSlot, _ row: inout ParsedRow
    ) -> Bool {
        // An element that is unset within a vector, or a set of one empty text.
        if slot.type != .strings, bytes.elementsEqual(unsetField) { return true }
        if bytes.elementsEqual(emptyField) {
            return ValueReader.element(.init(start: nil, count: 0), at: begin, inScratch: false, slot: slot, into: &row)
        }
        guard bytes.contains(0x5C) else {
            return ValueReader.element(bytes, at: begin, inScratch: false, slot: slot, into: &row)
        }
        let place = row.scratch.count
        let plain = Self.unescaped(bytes)
        row.scratch.append(contentsOf: plain)
        return plain.withUnsafeBytes { ValueReader.element($0, at: place, inScratch: true, slot: slot, into: &row) }
    }

    /// Undoes `\xNN`. Newer Zeek doubles backslashes and older does not: they are halved where every run of them in the
    /// value has an even length, which a path of the older kind (`\\server\share`) never fulfils.
    static func unescaped(_ bytes: some RandomAccessCollection<UInt8>) -> [UInt8] {
        let bytes = Array(bytes)
        let isDoubled = hasOnlyPairs(bytes)
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            guard bytes[index] == 0x5C else {
                out.append(bytes[index])
                index += 1
                continue
            }
            if let byte = hexEscape(bytes, index) {
                out.append(byte)
                index += 4
            } else {
                out.append(0x5C)
                index += isDoubled ? 2 : 1
            }
        }
        return out
    }

    private static func hexEscape(_ bytes: [UInt8], _ index: Int) -> UInt8? {
        guard index + 3 < bytes.count, bytes[index + 1] == 0x78, let high = JSONText.hexDigit(bytes[index + 2]),
            let low = JSONText.hexDigit(bytes[index + 3])
        else { return nil }
        return high << 4 | low
    }

    private static func hasOnlyPairs(_ bytes: [UInt8]) -> Bool {
        var run = 0
        for index in 0...bytes.count {
            if index < bytes.count, bytes[index] == 0x5C, run % 2 == 1 || hexEscape(bytes, index) == nil {
                run += 1
            } else {
                if run % 2 == 1 { return false }
                run = 0
            }
        }
        return true
    }
}
