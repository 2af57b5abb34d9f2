internal import Shared

/// From bytes to the number of their text in a batch's dictionary, without making the text when it is known.
///
/// Open addressing with linear probing; begins anew with every batch.
struct ByteDictionary {
    private struct Entry {
        var hash: UInt64 = 0
        var number: UInt32 = 0
        var start: UInt32 = 0
        /// -1 for an empty place.
        var length: Int32 = -1
    }

    private var entries = [Entry](repeating: Entry(), count: 1 << 12)
    private var used = 0
    private var arena: [UInt8] = []

    mutating func reset() {
        for index in entries.indices { entries[index].length = -1 }
        used = 0
        arena.removeAll(keepingCapacity: true)
    }

    mutating func number(of bytes: UnsafeRawBufferPointer, in batch: inout RecordBatch) -> UInt32 {
        let hash = Self.hash(bytes)
        let mask = entries.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while entries[place].length >= 0 {
            if entries[place].hash == hash, isEqual(entries[place], bytes) { return entries[place].number }
            place = (place + 1) & mask
        }
        let text = WireText.string(decoding: bytes)
        // Different bytes are different texts, but for escapes: `\x09` may be one or stand for one.
        let number =
            bytes.contains(0x5C) || text.utf8.count != bytes.count ? batch.intern(text) : batch.append(distinct: text)
        entries[place] = Entry(
            hash: hash, number: number, start: UInt32(truncatingIfNeeded: arena.count),
            length: Int32(truncatingIfNeeded: bytes.count))
        arena.append(contentsOf: bytes)
        used += 1
        if used * 2 > entries.count { grow() }
        return number
    }

    private func isEqual(_ entry: Entry, _ bytes: UnsafeRawBufferPointer) -> Bool {
        guard Int(entry.length) == bytes.count else { return false }
        let start = Int(entry.start)
        return arena.withUnsafeBytes { arena in
            for index in 0..<bytes.count where arena[start + index] != bytes[index] { return false }
            return true
        }
    }

    private mutating func grow() {
        let old = entries
        entries = [Entry](repeating: Entry(), count: old.count * 2)
        let mask = entries.count - 1
        for entry in old where entry.length >= 0 {
            var place = Int(truncatingIfNeeded: entry.hash) & mask
            while entries[place].length >= 0 { place = (place + 1) & mask }
            entries[place] = entry
        }
    }

    /// Multiply and fold, eight bytes at a time. Lives for one batch only; the batch's size bounds what a chosen set of
    /// colliding texts can cost.
    private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var state = 0x9E37_79B9_7F4A_7C15 ^ UInt64(bytes.count)
        var index = 0
        while index + 8 <= bytes.count {
            state = fold(state ^ bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            index += 8
        }
        var rest: UInt64 = 0
        while index < bytes.count {
            rest = rest << 8 | UInt64(bytes[index])
            index += 1
        }
        return fold(state ^ rest)
    }

    @inline(__always)
    private static func fold(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return product.high ^ product.low
    }
}
