import Glibc
import Shared

/// How unknown payload looks, told from its first bytes without a guess at its protocol.
struct PayloadLook: Equatable {
    /// Bytes looked at; more would tell little more.
    static let maximumBytes = 1024
    /// Below this many bytes, random ones and others cannot be told apart.
    private static let fewestBytes = 48

    enum Kind: UInt8 {
        case unknown, printable, encrypted, binary, zeros

        var name: StaticString {
            switch self {
            case .unknown: "unknown"
            case .printable: "printable"
            case .encrypted: "encrypted"
            case .binary: "binary"
            case .zeros: "zeros"
            }
        }
    }

    var kind = Kind.unknown
    /// Bits a byte (0 to 8) in steps of 1/31, so that it takes one byte.
    private var steps: UInt8 = 0

    var entropy: Double { Double(steps) / 31 }

    init() {}

    init(_ payload: RawSpan) {
        let bytes = payload.extracting(0..<min(payload.byteCount, Self.maximumBytes))
        guard bytes.byteCount > 0 else { return }
        var counts = [256 of UInt16](repeating: 0)
        var printable = 0
        bytes.withUnsafeBytes { bytes in
            for byte in bytes {
                counts[Int(byte)] &+= 1
                if byte >= 0x20 && byte < 0x7F || (byte >= 0x09 && byte <= 0x0D) { printable += 1 }
            }
        }
        let total = Double(bytes.byteCount)
        var bits = 0.0, pairs = 0.0
        for index in 0..<256 where counts[index] > 0 {
            let count = Double(counts[index])
            bits -= count * log2(count / total)
            pairs += count * (count - 1) / 2
        }
        steps = UInt8(clamping: Int((bits / total * 31).rounded()))
        if Int(counts[0]) == bytes.byteCount {
            kind = .zeros
        } else if Double(printable) >= total * 0.95 {
            kind = .printable
        } else if bytes.byteCount >= Self.fewestBytes, Self.isRandom(pairs: pairs, of: total) {
            kind = .encrypted
        } else {
            kind = .binary
        }
    }

    /// Whether bytes repeat as seldom as random ones do: equal pairs among n of them are n(n-1)/512 on average, about
    /// as often as a Poisson variable. Compressed bytes pass too: from outside they are the same.
    private static func isRandom(pairs: Double, of total: Double) -> Bool {
        let expected = total * (total - 1) / 512
        return pairs <= expected + 4 * expected.squareRoot() + 1
    }
}
