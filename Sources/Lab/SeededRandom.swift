/// Chance that is the same for the same seed, on every machine: xoshiro256** (Blackman, Vigna 2018), seeded by
/// SplitMix64.
public struct SeededRandom: Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)
    private let seed: UInt64

    public init(seed: UInt64) {
        self.seed = seed
        var mix = seed
        func next() -> UInt64 {
            mix &+= 0x9E37_79B9_7F4A_7C15
            var z = mix
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
        state = (next(), next(), next(), next())
    }

    /// A stream of its own for one thing, so that a change in one habit does not shift all others.
    public func fork(_ label: String, _ numbers: Int...) -> SeededRandom {
        var hash = seed ^ 0xCBF2_9CE4_8422_2325
        func take(_ value: UInt64) { hash = (hash ^ value) &* 0x0000_0100_0000_01B3 }
        for byte in label.utf8 { take(UInt64(byte)) }
        for number in numbers { take(UInt64(bitPattern: Int64(number)) &* 0x9E37_79B9_7F4A_7C15) }
        return SeededRandom(seed: hash)
    }

    /// Begins at a given state, as published test vectors do.
    init(state: (UInt64, UInt64, UInt64, UInt64)) {
        seed = 0
        self.state = state
    }

    public mutating func next() -> UInt64 {
        func rotated(_ value: UInt64, _ by: UInt64) -> UInt64 { value << by | value >> (64 - by) }
        let result = rotated(state.1 &* 5, 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotated(state.3, 45)
        return result
    }

    /// 0 to below 1.
    public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
    public mutating func chance(_ probability: Double) -> Bool { unit() < probability }
    public mutating func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }
    /// Both ends included.
    public mutating func int(_ low: Int, _ high: Int) -> Int { low + Int(unit() * Double(high - low + 1)) }
    public mutating func pick<T>(_ items: [T]) -> T { items[int(0, items.count - 1)] }

    /// Sum of twelve uniforms: close to normal and the same on every platform, unlike library logarithms.
    public mutating func normal(_ mean: Double, _ deviation: Double) -> Double {
        var sum = -6.0
        for _ in 0..<12 { sum += unit() }
        return mean + deviation * sum
    }

    /// Heavy-tailed around `median`: each step of the normal deviate by `spread` doubles or halves it.
    public mutating func skewed(median: Double, spread: Double) -> Double {
        median * Self.powerOfTwo(normal(0, spread))
    }

    /// About `mean`, never negative; Poisson by multiplication for small means, normal for large.
    public mutating func count(_ mean: Double) -> Int {
        guard mean > 0 else { return 0 }
        if mean > 20 { return max(0, Int(normal(mean, mean.squareRoot()).rounded())) }
        // P(0) = e^-mean, by squaring.
        let limit = Self.powerOfTwo(-mean * 1.442_695_040_888_963_4)
        var product = unit()
        var count = 0
        while product > limit {
            product *= unit()
            count += 1
        }
        return count
    }

    /// 2^x by a series, so that no two C libraries can disagree in the last bit.
    static func powerOfTwo(_ exponent: Double) -> Double {
        let clamped = min(max(exponent, -60), 60)
        let whole = clamped.rounded(.down)
        let x = (clamped - whole) * 0.693_147_180_559_945_3
        var term = 1.0
        var sum = 1.0
        for step in 1...16 {
            term *= x / Double(step)
            sum += term
        }
        return sum * Double(sign: .plus, exponent: Int(whole), significand: 1)
    }

    /// Random letters and digits.
    mutating func base62(_ count: Int) -> String {
        var bits = next()
        var text: [UInt8] = []
        for index in 0..<count {
            if index % 10 == 9 { bits = next() }
            text.append(Self.alphabet[Int(bits % 62)])
            bits /= 62
        }
        return String(decoding: text, as: UTF8.self)
    }
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
}
