/// The dictionary of a batch: every distinct text once, numbered from 0 in order of first use.
///
/// Texts that are written lie one behind the other in one piece of memory and are found by their bytes; those that came
/// with a batch are kept as strings, since they are read many times.
public struct StringTable: Sendable {
    /// Texts that came with a batch; numbered before all others.
    private var decoded: [String] = []
    private var bytes: [UInt8] = []
    /// Where each text ends in ``bytes``.
    private var ends: [UInt32] = []
    /// Open addressing: upper half of the hash, number of the text plus one; 0 is free.
    private var slots: [UInt64] = []
    private var entered = 0
    private var spellings = SpellingTable()
    private var names = NameCache()
    private let hasher = WordHash()
    /// UTF-8 bytes of all entries, for the batch's size limit.
    public private(set) var byteCount = 0

    public init() {}

    /// Wraps a dictionary that came with a batch.
    public init(strings: [String]) {
        decoded = strings
        byteCount = strings.reduce(0) { $0 + $1.utf8.count }
    }

    public var count: Int { decoded.count + ends.count }
    public var strings: [String] { (0..<UInt32(count)).map { self[$0] } }

    public subscript(index: UInt32) -> String {
        let index = Int(index)
        if index < decoded.count { return decoded[index] }
        return withText(index - decoded.count) { String(decoding: $0, as: UTF8.self) }
    }

    /// Lets `body` read the UTF-8 of a text.
    public func withUTF8<Result>(_ index: UInt32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let index = Int(index)
        if index < decoded.count {
            var text = decoded[index]
            return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
        }
        return withText(index - decoded.count, body)
    }

    private func withText<Result>(_ place: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let start = place == 0 ? 0 : Int(ends[place - 1])
        let range = start..<Int(ends[place])
        return bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    /// Adds a text that the caller knows to be new, without entering it for ``intern(_:)``: for importers that look up
    /// their texts by themselves. Whoever mixes both must make sure that no text comes both ways.
    public mutating func append(distinct text: String) -> UInt32 {
        var text = text
        return text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// The number of `text`, which is added when it is new.
    public mutating func intern(_ text: String) -> UInt32 {
        // Where it lies, without a copy of the string, which would be counted.
        let number = text.utf8.withContiguousStorageIfAvailable { intern(utf8: UnsafeRawBufferPointer($0)) }
        if let number { return number }
        var text = text
        return text.withUTF8 { intern(utf8: UnsafeRawBufferPointer($0)) }
    }

    /// The number of a text, which is added when it is new. The program's own texts are known by where they lie.
    public mutating func intern(_ text: StaticString) -> UInt32 {
        if let known = names.find(text) { return known }
        let number = text.withUTF8Buffer { intern(utf8: UnsafeRawBufferPointer($0)) }
        names.enter(text, number)
        return number
    }

    /// The number of a value's text; the value is spelled out only when it is new.
    public mutating func intern(_ value: some SpelledValue) -> UInt32 {
        if let known = spellings.find(value) { return known }
        let number = withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { buffer in
            intern(utf8: UnsafeRawBufferPointer(rebasing: buffer[..<value.spell(into: buffer)]))
        }
        spellings.enter(value, number)
        return number
    }

    /// The number of a text given as valid UTF-8, which is added when it is new.
    public mutating func intern(utf8 text: UnsafeRawBufferPointer) -> UInt32 {
        if entered * 2 >= slots.count { grow() }
        let hash = hasher.hash(text) & 0xFFFF_FFFF_0000_0000
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash >> 32) & mask
        while slots[slot] != 0 {
            let entry = slots[slot]
            if entry & 0xFFFF_FFFF_0000_0000 == hash {
                let number = UInt32(truncatingIfNeeded: entry) - 1
                let isSame = withText(Int(number) - decoded.count) {
                    $0.count == text.count && WordHash.isEqual($0, text)
                }
                if isSame { return number }
            }
            slot = (slot + 1) & mask
        }
        let number = append(text)
        slots[slot] = hash | UInt64(number + 1)
        entered += 1
        return number
    }

    private mutating func append(_ text: UnsafeRawBufferPointer) -> UInt32 {
        let number = UInt32(count)
        // Places are 32 bits wide, and batches are taken long before; still, no text ends the program.
        let text = text.count <= Int(UInt32.max) - bytes.count ? text : UnsafeRawBufferPointer(start: nil, count: 0)
        bytes.append(contentsOf: text)
        ends.append(UInt32(bytes.count))
        byteCount += text.count
        return number
    }

    private mutating func grow() {
        var larger = [UInt64](repeating: 0, count: max(256, slots.count * 2))
        let mask = larger.count - 1
        for entry in slots where entry != 0 {
            var slot = Int(truncatingIfNeeded: entry >> 32) & mask
            while larger[slot] != 0 { slot = (slot + 1) & mask }
            larger[slot] = entry
        }
        slots = larger
    }
}
