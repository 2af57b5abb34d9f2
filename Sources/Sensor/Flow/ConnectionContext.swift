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
    /// Random-looking bits, from which ``uid`` is spelled.
    public var identity = FlowIdentity(high: 0, low: 0)
    /// Files and certificates told of so far.
    public var fileCount: UInt32 = 0
    /// One side was not seen at all.
    var isOneSided = false
    /// Its beginning was not seen.
    var isPickedUp = false
    /// The connection ends, and not all that a side had to send was seen: it did not end with a FIN.
    var isCutOff = PerSide(originator: false, responder: false)

    public init() {}

    /// The identifier in records: `C` and 12 base-62 digits, a little shorter than Zeek spells it.
    public var uid: String { identity.text(prefix: "C") }
}

/// An identifier derived from a connection's key and start, the same in every run over the same packets.
public struct FlowIdentity: Hashable, Sendable {
    // In this order it takes 12 bytes.
    public var low: UInt64
    public var high: UInt32

    public init(high: UInt32, low: UInt64) { (self.high, self.low) = (high, low) }

    /// `prefix` and 12 digits of base 62: 71 bits. Of a hundred million on one network, two are the same with a
    /// probability of one in half a million, and each digit more is paid for with every record.
    public func text(prefix: Unicode.Scalar) -> String {
        String(unsafeUninitializedCapacity: 13) { buffer in
            spell(prefix: UInt8(truncatingIfNeeded: prefix.value), into: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    /// As ``text(prefix:)``, with a number in base 62 behind.
    public func text(prefix: Unicode.Scalar, number: UInt32) -> String {
        String(unsafeUninitializedCapacity: 19) { buffer in
            var count = spell(
                prefix: UInt8(truncatingIfNeeded: prefix.value), into: UnsafeMutableRawBufferPointer(buffer))
            var rest = number
            repeat {
                buffer[count] = Self.digits.utf8Start[Int(rest % 62)]
                rest /= 62
                count += 1
            } while rest > 0
            return count
        }
    }

    private static let digits: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

    private func spell(prefix: UInt8, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        Self.digits.withUTF8Buffer { digits in
            buffer[0] = prefix
            var a = low
            for index in 1...11 {
                buffer[index] = digits[Int(a % 62)]
                a /= 62
            }
            buffer[12] = digits[Int(high % 62)]
        }
        return 13
    }
}

/// A connection's identity is spelled as its ``ConnectionContext/uid``.
extension FlowIdentity: SpelledValue {
    public static var spelling: Spelling { .identity }
    public var spellingKey: (high: UInt64, low: UInt64) { (UInt64(high), low) }
    public func spell(into buffer: UnsafeMutableRawBufferPointer) -> Int { spell(prefix: 0x43, into: buffer) }
}
