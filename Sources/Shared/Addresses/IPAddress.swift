/// An IPv4 or IPv6 address: two integers, no allocation, usable as a key.
///
/// IPv4 is kept as an IPv4-mapped IPv6 address (RFC 4291 §2.5.5.2), so both families compare and hash alike.
public struct IPAddress: Hashable, Sendable {
    /// First and last eight bytes in host byte order.
    public var high: UInt64
    public var low: UInt64

    @inlinable public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// - Parameter v4: the address in host byte order.
    @inlinable public init(v4: UInt32) {
        high = 0
        low = 0xFFFF_0000_0000 | UInt64(v4)
    }

    @inlinable public var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }
    /// The IPv4 address in host byte order; meaningful only when ``isIPv4``.
    @inlinable public var v4: UInt32 { UInt32(truncatingIfNeeded: low) }

    /// Addresses of a private network: RFC 1918, RFC 6598 (shared), RFC 3927 and RFC 4291 (link-local),
    /// RFC 4193 (unique local), loopback.
    public var isPrivate: Bool {
        if isIPv4 {
            return v4 >> 24 == 10 || v4 >> 20 == 0xAC1 || v4 >> 16 == 0xC0A8 || v4 >> 16 == 0xA9FE
                || v4 >> 24 == 127 || v4 >> 22 == 0x191
        }
        return high >> 57 == 0x7E || high >> 54 == 0x3FA || (high == 0 && low == 1)
    }

    /// Multicast (RFC 5771, RFC 4291 §2.7), limited broadcast or unspecified: never a device.
    public var isMulticastOrBroadcast: Bool {
        if isIPv4 { return v4 >> 28 == 0xE || v4 == .max || v4 == 0 }
        return high >> 56 == 0xFF || (high == 0 && low == 0)
    }
}

extension IPAddress: Comparable {
    public static func < (a: IPAddress, b: IPAddress) -> Bool { (a.high, a.low) < (b.high, b.low) }
}
