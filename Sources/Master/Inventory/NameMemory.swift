import Shared

/// Which name stands behind an address or a connection: from TLS and HTTP by connection, from DNS answers by asker.
struct NameMemory: StateCoded {
    /// Two generations each; when the young one is full, the old one is forgotten.
    private var byConnection = Generations()
    private var byAsker = Generations()
    private var byAddress = Generations()

    /// Entries a generation.
    static let capacity = 60_000

    init() {}

    mutating func code(_ coder: inout StateCoder) {
        byConnection.code(&coder)
        byAsker.code(&coder)
        byAddress.code(&coder)
    }

    mutating func note(connection uid: String, destination: Int) {
        byConnection.set(StableHash.of(uid), Int32(destination), limit: Self.capacity)
    }

    mutating func note(answer address: IPAddress, to device: Int, destination: Int) {
        byAsker.set(StableHash.of(address, device), Int32(destination), limit: Self.capacity)
        byAddress.set(StableHash.of(address, -1), Int32(destination), limit: Self.capacity)
    }

    mutating func destination(connection uid: String) -> Int? { byConnection.get(StableHash.of(uid)).map(Int.init) }

    mutating func destination(address: IPAddress, asker device: Int) -> Int? {
        (byAsker.get(StableHash.of(address, device)) ?? byAddress.get(StableHash.of(address, -1))).map(Int.init)
    }

    /// A table that forgets what was not used for long, in constant time.
    private struct Generations: StateCoded {
        var young: [UInt64: Int32] = [:]
        var old: [UInt64: Int32] = [:]

        mutating func code(_ coder: inout StateCoder) {
            coder.code(&young)
            coder.code(&old)
        }

        mutating func set(_ key: UInt64, _ value: Int32, limit: Int) {
            if young.count >= limit {
                old = young
                young = [:]
            }
            young[key] = value
        }

        mutating func get(_ key: UInt64) -> Int32? { young[key] ?? old[key] }
    }
}

/// Hashes that are the same in every process (FNV-1a, 64 bits, with a final mix).
enum StableHash {
    static func of(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return mix(hash)
    }

    static func of(_ address: IPAddress, _ number: Int) -> UInt64 {
        mix(
            mix(address.high &+ 0x9e37_79b9_7f4a_7c15)
                ^ mix(address.low &+ UInt64(bitPattern: Int64(number)) &* 0x2545_f491_4f6c_dd1d))
    }

    static func of(_ first: UInt64, _ second: UInt64) -> UInt64 { mix(mix(first &+ 0x9e37_79b9_7f4a_7c15) ^ second) }

    /// SplitMix64's finaliser.
    static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
}
