/// An IEEE 802 MAC address, in the low 48 bits.
public struct MACAddress: Hashable, Sendable, CustomStringConvertible {
    public var bits: UInt64

    @inlinable public init(bits: UInt64) { self.bits = bits & 0xFFFF_FFFF_FFFF }

    /// Lower case, colons: `00:1b:21:0a:0b:0c`.
    public var description: String {
        (0..<6).map { index in
            let byte = bits >> UInt64(40 - index * 8) & 255
            return (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined(separator: ":")
    }

    /// Group bit set: multicast or broadcast, never a device (IEEE 802-2014 §8.2).
    @inlinable public var isGroup: Bool { bits >> 40 & 1 == 1 }
}
