internal import Shared

/// An address or name with its port, as messages of SOCKS carry it.
struct SOCKSAddress: Equatable, Sendable {
    let address: IPAddress?
    let name: String?
    let port: UInt16

    /// Request or answer of version 5 (RFC 1928 §4 and §6): four bytes, an address by its type, a port.
    init(version5 message: [UInt8]) throws(DecodeError) {
        var reader = ByteReader(message)
        try reader.skip(3)
        switch try reader.byte() {
        case 1: (address, name) = (IPAddress(v4: try reader.be()), nil)
        case 3: (address, name) = (nil, try reader.vector(lengthBytes: 1).rest.wireText)
        case 4: (address, name) = (IPAddress(high: try reader.be(), low: try reader.be()), nil)
        default: throw .invalid(.type)
        }
        port = try reader.be()
    }

    /// Answer of version 4: two bytes, a port, an address; servers that do not tell it send zeros.
    init?(version4 message: [UInt8]) throws(DecodeError) {
        var reader = ByteReader(message)
        try reader.skip(2)
        port = try reader.be()
        let v4: UInt32 = try reader.be()
        guard v4 != 0 else { return nil }
        (address, name) = (IPAddress(v4: v4), nil)
    }

    private init(address: IPAddress?, name: String?, port: UInt16) {
        (self.address, self.name, self.port) = (address, name, port)
    }

    /// Request of version 4, with 4a's name in the place of an address 0.0.0.x.
    static func version4Request(_ message: [UInt8]) throws(DecodeError) -> (SOCKSAddress, user: String?) {
        var reader = ByteReader(message)
        try reader.skip(2)
        let port: UInt16 = try reader.be()
        let v4: UInt32 = try reader.be()
        let user = reader.rest.prefix { $0 != 0 }
        let text = user.isEmpty ? nil : user.wireText
        guard v4 != 0, v4 < 256 else { return (SOCKSAddress(address: IPAddress(v4: v4), name: nil, port: port), text) }
        let name = reader.rest.dropFirst(user.count + 1).prefix { $0 != 0 }
        return (SOCKSAddress(address: nil, name: name.wireText, port: port), text)
    }
}
