/// A value that records tell as text, and so often that a batch looks up its text by the value itself.
public protocol SpelledValue {
    /// Which spelling: values of one are equal exactly when their keys are.
    static var spelling: Spelling { get }
    var spellingKey: (high: UInt64, low: UInt64) { get }
    /// Writes the text, ASCII, at most 64 bytes of it, and returns its length.
    func spell(into buffer: UnsafeMutableRawBufferPointer) -> Int
}

/// The kinds of values that are looked up by themselves.
public enum Spelling: UInt32, Sendable { case address = 1, mac, identity, system, sides }

extension IPAddress: SpelledValue {
    public static var spelling: Spelling { .address }
    public var spellingKey: (high: UInt64, low: UInt64) { (high, low) }

    public func spell(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard isIPv4 else {
            var text = description
            return text.withUTF8 { utf8 in
                buffer.copyMemory(from: UnsafeRawBufferPointer(utf8))
                return utf8.count
            }
        }
        var count = 0
        for shift in [UInt32(24), 16, 8, 0] {
            let part = UInt8(truncatingIfNeeded: v4 >> shift)
            if part >= 100 {
                buffer[count] = 0x30 + part / 100
                count += 1
            }
            if part >= 10 {
                buffer[count] = 0x30 + part / 10 % 10
                count += 1
            }
            buffer[count] = 0x30 + part % 10
            buffer[count + 1] = 0x2E
            count += 2
        }
        return count - 1
    }
}

extension MACAddress: SpelledValue {
    public static var spelling: Spelling { .mac }
    public var spellingKey: (high: UInt64, low: UInt64) { (0, bits) }

    public func spell(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
        for index in 0..<6 {
            let byte = UInt8(truncatingIfNeeded: bits >> UInt64(40 - index * 8))
            buffer[index * 3] = digit(byte >> 4)
            buffer[index * 3 + 1] = digit(byte & 15)
            if index < 5 { buffer[index * 3 + 2] = 0x3A }
        }
        return 17
    }
}

/// Numbers of texts by the value that they spell: open addressing without deletion.
struct SpellingTable: Sendable {
    private struct Entry {
        var high: UInt64 = 0
        var low: UInt64 = 0
        var spelling: UInt32 = 0
        /// Number of the text plus one; 0 is free.
        var number: UInt32 = 0
    }

    private var entries: [Entry] = []
    private var count = 0
    private let hasher = WordHash()

    /// The slot of `value`, or the free one where it belongs.
    private func slot(_ high: UInt64, _ low: UInt64, _ spelling: UInt32) -> Int {
        let mask = entries.count - 1
        var slot = Int(truncatingIfNeeded: hasher.mix(high ^ UInt64(spelling), low) >> 20) & mask
        while entries[slot].number != 0,
            entries[slot].low != low || entries[slot].high != high || entries[slot].spelling != spelling
        {
            slot = (slot + 1) & mask
        }
        return slot
    }

    func find<Value: SpelledValue>(_ value: Value) -> UInt32? {
        guard !entries.isEmpty else { return nil }
        let key = value.spellingKey
        let number = entries[slot(key.high, key.low, Value.spelling.rawValue)].number
        return number == 0 ? nil : number - 1
    }

    mutating func enter<Value: SpelledValue>(_ value: Value, _ number: UInt32) {
        if count * 2 >= entries.count { grow() }
        let key = value.spellingKey
        let entry = Entry(
            high: key.high, low: key.low, spelling: Value.spelling.rawValue, number: number + 1)
        entries[slot(entry.high, entry.low, entry.spelling)] = entry
        count += 1
    }

    private mutating func grow() {
        let old = entries
        entries = [Entry](repeating: Entry(), count: max(128, old.count * 2))
        for entry in old where entry.number != 0 {
            entries[slot(entry.high, entry.low, entry.spelling)] = entry
        }
    }
}
