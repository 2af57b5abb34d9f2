public import Shared

/// Transport protocol, with IANA's number as raw value.
public enum Transport: UInt8, Sendable {
    case icmp = 1, tcp = 6, udp = 17, icmp6 = 58
    /// Any other; the number is IANA's reserved one.
    case unknown = 255

    /// Zeek's name.
    public var name: StaticString {
        switch self {
        case .icmp, .icmp6: "icmp"
        case .tcp: "tcp"
        case .udp: "udp"
        case .unknown: "unknown_transport"
        }
    }
}

/// What an analyzer may know of its connection. A plain value: setting it for each segment costs no reference count.
public struct ConnectionContext: Sendable {
    public var originator = IPAddress(high: 0, low: 0)
    public var responder = IPAddress(high: 0, low: 0)
    public var originatorPort: UInt16 = 0
    public var responderPort: UInt16 = 0
    public var transport = Transport.tcp
    /// Time of the first packet.
    public var start = Timestamp.distantPast
    /// 96 random-looking bits, from which ``uid`` is spelled.
    public var identity = FlowIdentity(high: 0, low: 0)
    /// How far the connection has come, as a number that no other segment of it has.
    public var progress: UInt64 = 0

    public init() {}

    /// The identifier in records: `C` and 17 base-62 digits, as Zeek spells it.
    public var uid: String { identity.text(prefix: "C") }
}

/// An identifier derived from a connection's key and start, the same in every run over the same packets.
public struct FlowIdentity: Hashable, Sendable {
    // In this order it takes 12 bytes.
    public var low: UInt64
    public var high: UInt32

    public init(high: UInt32, low: UInt64) { (self.high, self.low) = (high, low) }

    /// Another identity, of the `number`th thing (file, certificate) on this connection.
    public func derived(_ number: UInt64) -> FlowIdentity {
        var mixed = low ^ (number &+ 0x9E37_79B9_7F4A_7C15) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return FlowIdentity(high: high ^ UInt32(truncatingIfNeeded: mixed >> 40), low: mixed ^ mixed >> 31)
    }

    /// `prefix` and 17 digits of base 62.
    public func text(prefix: Unicode.Scalar) -> String {
        String(unsafeUninitializedCapacity: 18) { buffer in
            spell(prefix: UInt8(truncatingIfNeeded: prefix.value), into: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    private func spell(prefix: UInt8, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let digits: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        digits.withUTF8Buffer { digits in
            buffer[0] = prefix
            var (a, b) = (low, UInt64(high))
            for index in 1...11 {
                buffer[index] = digits[Int(a % 62)]
                a /= 62
            }
            for index in 12...17 {
                buffer[index] = digits[Int(b % 62)]
                b /= 62
            }
        }
        return 18
    }
}

/// A connection's identity is spelled as its ``ConnectionContext/uid``.
extension FlowIdentity: SpelledValue {
    public static var spelling: Spelling { .identity }
    public var spellingKey: (high: UInt64, low: UInt64) { (UInt64(high), low) }
    public func spell(into buffer: UnsafeMutableRawBufferPointer) -> Int { spell(prefix: 0x43, into: buffer) }
}
