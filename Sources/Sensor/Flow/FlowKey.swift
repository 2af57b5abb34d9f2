import Shared

/// Both ends of a connection in an order that does not depend on the direction of a packet.
struct FlowKey: Equatable {
    var lowAddress: IPAddress
    var highAddress: IPAddress
    /// Port of `lowAddress` in the upper half.
    var ports: UInt32
    var ipProtocol: UInt8
    /// Virtual network of the tunnel that carries it (VXLAN, Geneve), folded to 16 bits; 0 outside.
    var scope: UInt16 = 0

    /// - Returns: the key, and whether `source` is its low end.
    @inline(__always)
    static func make(
        source: IPAddress, sourcePort: UInt16, destination: IPAddress, destinationPort: UInt16,
        ipProtocol: UInt8, scope: UInt16 = 0
    ) -> (key: FlowKey, sourceIsLow: Bool) {
        let isLow: Bool
        if source.low != destination.low {
            isLow = source.low < destination.low
        } else if source.high != destination.high {
            isLow = source.high < destination.high
        } else {
            isLow = sourcePort <= destinationPort
        }
        if isLow {
            let ports = UInt32(sourcePort) << 16 | UInt32(destinationPort)
            return (
                FlowKey(
                    lowAddress: source, highAddress: destination, ports: ports, ipProtocol: ipProtocol, scope: scope),
                true
            )
        }
        let ports = UInt32(destinationPort) << 16 | UInt32(sourcePort)
        return (
            FlowKey(
                lowAddress: destination, highAddress: source, ports: ports, ipProtocol: ipProtocol, scope: scope),
            false
        )
    }

    /// A hash with `seed`: multiply and fold, all bits of the key in all bits of the result.
    /// - Parameter secret: keeps the other factor from being chosen as well; 0 where others must come to the same hash.
    @inline(__always)
    func hash(seed: UInt64, secret: UInt64) -> UInt64 {
        var value = Self.fold(lowAddress.low ^ seed, highAddress.low ^ secret ^ 0x9E37_79B9_7F4A_7C15)
        value = Self.fold(
            value ^ lowAddress.high ^ UInt64(ports) << 8,
            highAddress.high ^ UInt64(ipProtocol) ^ UInt64(scope) << 16 ^ secret ^ 0xD6E8_FEB8_6659_FD93)
        return value
    }

    private static let mixed: UInt64 = 0xA076_1D64_78BD_642F

    @inline(__always)
    private static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        // Nothing is left of a product with 0.
        let product = (a == 0 ? Self.mixed : a).multipliedFullWidth(by: b == 0 ? Self.mixed : b)
        return product.high ^ product.low
    }
}
