internal import Shared

/// Why a line is not what its log promises.
enum LineError: Error { case reason(String) }

/// Takes one JSON object on one line apart, on the bytes, straight into a row (RFC 8259).
///
/// Remembers the names of the file's fields in the order of their occurrence: in most lines every name is found with
/// one comparison.
struct JSONLine {
    /// Objects within objects (`{"id":{"orig_h":...}}`); Zeek itself nests no deeper than 2.
    private static let depthLimit = 8
    /// Distinct names of one file that are remembered; further ones are looked up every time.
    private static let nameLimit = 2048
    /// Zeek's longest has about 30 bytes.
    private static let longestName = 256

    private struct Name {
        var start: Int
        var length: Int
        var prefix: Int
        var slot: FieldSlot
    }

    private let map: FieldMap
    private var names: [Name] = []
    private var nameBytes: [UInt8] = []
    /// Prefixes of nested objects, `id.` and so on; the first is empty.
    private var prefixes: [String] = [""]
    private var expected = 0
    /// Names without a place, found since this was emptied last.
    var unknownNames: [String] = []

    init(map: FieldMap) { self.map = map }

    mutating func parse(_ line: UnsafeRawBufferPointer, into row: inout ParsedRow) throws(LineError) {
        row.reset()
        expected = 0
        var index = Self.skipSpace(line, 0)
        guard index < line.count, line[index] == 0x7B else { throw .reason("does not begin with {") }
        index = try object(line, from: index + 1, prefix: 0, depth: 0, into: &row)
        index = Self.skipSpace(line, index)
        guard index == line.count else { throw .reason("has text after the object, at byte \(index)") }
    }

    /// - Returns: the place after the closing brace.
    private mutating func object(
        _ line: UnsafeRawBufferPointer, from start: Int, prefix: Int, depth: Int, into row: inout ParsedRow
    ) throws(LineError) -> Int {
        var index = Self.skipSpace(line, start)
        if index < line.count, line[index] == 0x7D { return index + 1 }
        while true {
            guard index < line.count, line[index] == 0x22 else { throw Self.broken(line, index, "a name") }
            var nameEnd = expectedEnd(line, index + 1, prefix)
            if nameEnd < 0 { nameEnd = try Self.endOfString(line, index + 1) }
            let name = UnsafeRawBufferPointer(rebasing: line[(index + 1)..<nameEnd])
            guard name.count <= Self.longestName else {
                throw .reason("has a name of \(name.count) bytes, and may have \(Self.longestName)")
            }
            index = Self.skipSpace(line, nameEnd + 1)
            guard index < line.count, line[index] == 0x3A else { throw Self.broken(line, index, "a colon") }
            index = Self.skipSpace(line, index + 1)
            guard index < line.count else { throw Self.broken(line, index, "a value") }
            if line[index] == 0x7B {
                guard depth < Self.depthLimit else { throw .reason("is nested too deeply") }
                let inner = prefixNumber(prefixes[prefix] + WireText.string(decoding: name) + ".")
                index = try object(line, from: index + 1, prefix: inner, depth: depth + 1, into: &row)
            } else {
                let slot = slot(of: name, prefix: prefix)
                index = try value(line, at: index, slot: slot, into: &row)
            }
            index = Self.skipSpace(line, index)
            guard index < line.count else { throw Self.broken(line, index, "a comma or }") }
            if line[index] == 0x7D { return index + 1 }
            guard line[index] == 0x2C else { throw Self.broken(line, index, "a comma or }") }
            index = Self.skipSpace(line, index + 1)
        }
    }

    private mutating func value(
        _ line: UnsafeRawBufferPointer, at start: Int, slot: FieldSlot, into row: inout ParsedRow
    ) throws(LineError) -> Int {
        switch line[start] {
        case 0x22:
            let (end, place, length, inScratch) = try string(line, at: start, keep: slot.position >= 0, into: &row)
            if slot.position >= 0 { Self.hand(line, place, length, inScratch, slot: slot, into: &row) }
            return end
        case 0x5B:
            return try array(line, from: start + 1, slot: slot, into: &row)
        default:
            let end = Self.endOfToken(line, start)
            guard end > start else { throw Self.broken(line, start, "a value") }
            let token = UnsafeRawBufferPointer(rebasing: line[start..<end])
            if token[0] == 0x6E, token.count == 4 { return end }  // null
            try Self.check(token, at: start)
            if slot.position >= 0 {
                ValueReader.read(token, at: start, inScratch: false, slot: slot, into: &row)
            }
            return end
        }
    }

    private mutating func array(
        _ line: UnsafeRawBufferPointer, from start: Int, slot: FieldSlot, into row: inout ParsedRow
    ) throws(LineError) -> Int {
        let isList = slot.position >= 0 && [.strings, .counts, .intervals].contains(slot.type)
        let list = isList ? row.openList(slot) : 0
        var isBad = slot.position >= 0 && !isList
        var index = Self.skipSpace(line, start)
        if index < line.count, line[index] == 0x5D {
            if isList { row.closeList(at: list) }
            return index + 1
        }
        while true {
            guard index < line.count else { throw Self.broken(line, index, "a value") }
            if line[index] == 0x22 {
                let (end, place, length, inScratch) = try string(line, at: index, keep: isList, into: &row)
                if isList, !isBad { isBad = !Self.element(line, place, length, inScratch, slot: slot, into: &row) }
                index = end
            } else if line[index] == 0x5B || line[index] == 0x7B {
                isBad = isBad || slot.position >= 0
                index = try skipNested(line, at: index)
            } else {
                let end = Self.endOfToken(line, index)
                guard end > index else { throw Self.broken(line, index, "a value") }
                if isList, !isBad, line[index] != 0x6E {
                    isBad = !Self.element(line, index, end - index, false, slot: slot, into: &row)
                }
                index = end
            }
            index = Self.skipSpace(line, index)
            guard index < line.count, line[index] == 0x2C || line[index] == 0x5D else {
                throw Self.broken(line, index, "a comma or ]")
            }
            if line[index] == 0x5D { break }
            index = Self.skipSpace(line, index + 1)
        }
        if isBad {
            if isList { row.drop(from: list) }
            row.fail(slot, "is a list that does not fit the field")
        } else if isList {
            row.closeList(at: list)
        }
        return index + 1
    }

    /// Jumps over an array or object that nothing is taken from.
    private func skipNested(_ line: UnsafeRawBufferPointer, at start: Int) throws(LineError) -> Int {
        var depth = 0
        var index = start
        while index < line.count {
            switch line[index] {
            case 0x22: index = try Self.endOfString(line, index + 1)
            case 0x5B, 0x7B: depth += 1
            case 0x5D, 0x7D:
                depth -= 1
                if depth == 0 { return index + 1 }
            default: break
            }
            index += 1
        }
        throw Self.broken(line, index, "] or }")
    }
}

// Names.
extension JSONLine {
    private mutating func prefixNumber(_ text: String) -> Int {
        if let known = prefixes.firstIndex(of: text) { return known }
        if prefixes.count < Self.nameLimit { prefixes.append(text) } else { prefixes[prefixes.count - 1] = text }
        return prefixes.count - 1
    }

    private mutating func slot(of name: UnsafeRawBufferPointer, prefix: Int) -> FieldSlot {
        let count = names.count
        for step in 0..<count {
            var index = expected + step
            if index >= count { index -= count }
            if matches(index, name, prefix) {
                expected = index + 1 == count ? 0 : index + 1
                return names[index].slot
            }
        }
        let text = prefixes[prefix] + WireText.string(decoding: name)
        let slot = map.slot(named: text)
        guard count < Self.nameLimit else { return slot }
        if slot.position < 0 { unknownNames.append(text) }
        let entry = Name(start: nameBytes.count, length: name.count, prefix: prefix, slot: slot)
        nameBytes.append(contentsOf: name)
        // Where the order of names is stable, the new one belongs at the place it was met.
        names.insert(entry, at: min(expected, count))
        expected += 1
        return slot
    }

    /// Where the name ends that begins at `start`, if it is the one expected next; else -1.
    private func expectedEnd(_ line: UnsafeRawBufferPointer, _ start: Int, _ prefix: Int) -> Int {
        guard expected < names.count else { return -1 }
        let end = start + names[expected].length
        guard end < line.count, line[end] == 0x22 else { return -1 }
        return matches(expected, UnsafeRawBufferPointer(rebasing: line[start..<end]), prefix) ? end : -1
    }

    private func matches(_ index: Int, _ name: UnsafeRawBufferPointer, _ prefix: Int) -> Bool {
        let entry = names[index]
        guard entry.length == name.count, entry.prefix == prefix else { return false }
        return nameBytes.withUnsafeBytes { bytes in
            for offset in 0..<name.count where bytes[entry.start + offset] != name[offset] { return false }
            return true
        }
    }
}

// Texts.
extension JSONLine {
    /// Reads the string whose quote is at `start`.
    /// - Returns: the place after it, and where its text lies.
    private func string(
        _ line: UnsafeRawBufferPointer, at start: Int, keep: Bool, into row: inout ParsedRow
    ) throws(LineError) -> (end: Int, place: Int, length: Int, inScratch: Bool) {
        var index = start + 1
        while index < line.count, line[index] != 0x22, line[index] != 0x5C { index += 1 }
        guard index < line.count else { throw Self.broken(line, index, "a closing quote") }
        if line[index] == 0x22 { return (index + 1, start + 1, index - start - 1, false) }
        let end = try Self.endOfString(line, index)
        guard keep else { return (end + 1, 0, 0, false) }
        let place = row.scratch.count
        try JSONText.unescape(UnsafeRawBufferPointer(rebasing: line[(start + 1)..<end]), into: &row.scratch)
        return (end + 1, place, row.scratch.count - place, true)
    }

    private static func hand(
        _ line: UnsafeRawBufferPointer, _ place: Int, _ length: Int, _ inScratch: Bool, slot: FieldSlot,
        into row: inout ParsedRow
    ) {
        guard inScratch else {
            let bytes = UnsafeRawBufferPointer(rebasing: line[place..<(place + length)])
            return ValueReader.read(bytes, at: place, inScratch: false, slot: slot, into: &row)
        }
        // A copy, since the row owns the scratch and is about to change; escapes are rare.
        let copy = Array(row.scratch[place..<(place + length)])
        copy.withUnsafeBytes { ValueReader.read($0, at: place, inScratch: true, slot: slot, into: &row) }
    }

    private static func element(
        _ line: UnsafeRawBufferPointer, _ place: Int, _ length: Int, _ inScratch: Bool, slot: FieldSlot,
        into row: inout ParsedRow
    ) -> Bool {
        guard inScratch else {
            let bytes = UnsafeRawBufferPointer(rebasing: line[place..<(place + length)])
            return ValueReader.element(bytes, at: place, inScratch: false, slot: slot, into: &row)
        }
        let copy = Array(row.scratch[place..<(place + length)])
        return copy.withUnsafeBytes { ValueReader.element($0, at: place, inScratch: true, slot: slot, into: &row) }
    }

    /// The place of the quote that ends the string whose text begins at `start`.
    private static func endOfString(_ line: UnsafeRawBufferPointer, _ start: Int) throws(LineError) -> Int {
        var index = start
        while index < line.count {
            let byte = line[index]
            if byte == 0x22 { return index }
            index += byte == 0x5C ? 2 : 1
        }
        throw broken(line, line.count, "a closing quote")
    }

    @inline(__always)
    private static func skipSpace(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int {
        var index = start
        while index < line.count, line[index] == 0x20 || line[index] == 0x09 { index += 1 }
        return index
    }

    private static func endOfToken(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int {
        var index = start
        while index < line.count {
            switch line[index] {
            case 0x2C, 0x7D, 0x5D, 0x20, 0x09: return index
            default: index += 1
            }
        }
        return index
    }

    /// A value without quotes is a number, true or false.
    private static func check(_ token: UnsafeRawBufferPointer, at start: Int) throws(LineError) {
        switch token[0] {
        case 0x2D, 0x30...0x39, 0x74, 0x66: return
        default: throw .reason(ValueReader.reason(token, "is not a value, at byte \(start)"))
        }
    }

    private static func broken(_ line: UnsafeRawBufferPointer, _ index: Int, _ wanted: String) -> LineError {
        .reason(index >= line.count ? "ends where \(wanted) should be" : "has no \(wanted) at byte \(index)")
    }
}
