/// Numbers of the program's own texts by their addresses: a few hundred that come again and again.
///
/// A place holds one text; another one that belongs there takes it over.
struct NameCache: Sendable {
    private static let size = 256
    /// Address and length of the text, 0 for none, and its number.
    private var keys: [UInt64] = []
    private var numbers: [UInt32] = []

    private static func key(_ text: StaticString) -> UInt64 {
        // Addresses have 48 bits; only the empty text at no address would be 0.
        UInt64(UInt(bitPattern: text.utf8Start)) ^ UInt64(truncatingIfNeeded: text.utf8CodeUnitCount) << 48
    }

    private static func place(_ key: UInt64) -> Int { Int(truncatingIfNeeded: key ^ key >> 8) & (size - 1) }

    func find(_ text: StaticString) -> UInt32? {
        let key = Self.key(text)
        let place = Self.place(key)
        return place < keys.count && keys[place] == key ? numbers[place] : nil
    }

    mutating func enter(_ text: StaticString, _ number: UInt32) {
        if keys.isEmpty {
            keys = [UInt64](repeating: 0, count: Self.size)
            numbers = [UInt32](repeating: 0, count: Self.size)
        }
        let key = Self.key(text)
        keys[Self.place(key)] = key
        numbers[Self.place(key)] = number
    }
}
