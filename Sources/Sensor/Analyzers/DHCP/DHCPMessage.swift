internal import Shared

/// A DHCP message, RFC 2131 §2, with the options that records show (RFC 2132).
struct DHCPMessage: Equatable, Sendable {
    /// Fixed part, magic cookie included.
    static let fixedByteCount = 240
    /// Options of one message: each takes at least two bytes of a datagram.
    static let optionLimit = 1024
    static let cookie: UInt32 = 0x6382_5363

    let isRequest: Bool
    let transactionID: UInt32
    /// The address given to the client; zero where none is.
    let yourAddress: IPAddress
    let hardwareAddress: MACAddress?
    private(set) var type: UInt8 = 0
    private(set) var clientIDAddress: MACAddress?
    private(set) var hostName, fullName, domain, text, vendorClass: String?
    private(set) var requestedAddress: IPAddress?
    private(set) var leaseSeconds: UInt32?
    private(set) var parameters: [UInt64] = []

    /// - Throws: ``DecodeError`` for anything but a BOOTP message with DHCP's cookie; a cut option list is read as
    ///   far as it goes.
    init(decoding bytes: RawSpan) throws(DecodeError) {
        let operation = try bytes.byte(at: 0)
        guard operation == 1 || operation == 2 else { throw .invalid(.type) }
        guard try bytes.readBE(at: 236, as: UInt32.self) == Self.cookie else { throw .invalid(.magic) }
        isRequest = operation == 1
        transactionID = try bytes.readBE(at: 4)
        yourAddress = IPAddress(v4: try bytes.readBE(at: 16))
        let high: UInt32 = try bytes.readBE(at: 28)
        let low: UInt16 = try bytes.readBE(at: 32)
        let bits = UInt64(high) << 16 | UInt64(low)
        hardwareAddress = try bytes.byte(at: 2) == 6 && bits != 0 ? MACAddress(bits: bits) : nil
        var offset = Self.fixedByteCount
        for _ in 0..<Self.optionLimit {
            guard let code = try? bytes.byte(at: offset), code != 255 else { break }
            if code == 0 {
                offset += 1
                continue
            }
            guard let length = try? Int(bytes.byte(at: offset + 1)), offset + 2 + length <= bytes.byteCount
            else { break }
            take(option: code, bytes.extracting((offset + 2)..<(offset + 2 + length)))
            offset += 2 + length
        }
    }

    private mutating func take(option code: UInt8, _ value: RawSpan) {
        switch code {
        case 12: hostName = Self.text(value)
        case 15: domain = Self.text(value)
        case 50: requestedAddress = (try? value.readBE(at: 0, as: UInt32.self)).map { IPAddress(v4: $0) }
        case 51: leaseSeconds = try? value.readBE(at: 0, as: UInt32.self)
        case 53: type = (try? value.byte(at: 0)) ?? 0
        case 55: parameters = value.withUnsafeBytes { $0.map(UInt64.init) }
        case 56: text = Self.text(value)
        case 60: vendorClass = Self.text(value)
        case 61: clientIDAddress = Self.address(ofClientID: value)
        case 81 where value.byteCount > 3: fullName = Self.fullName(value)
        default: break
        }
    }

    /// Text without the NUL that some clients put at its end.
    private static func text(_ value: RawSpan) -> String? {
        var end = value.byteCount
        while end > 0, (try? value.byte(at: end - 1)) == 0 { end -= 1 }
        return end == 0 ? nil : value.extracting(0..<end).text()
    }

    /// Client FQDN option, RFC 4702 §2: flags, two unused bytes, then ASCII or, with the E flag, labels.
    private static func fullName(_ value: RawSpan) -> String? {
        let isWireForm = ((try? value.byte(at: 0)) ?? 0) & 4 != 0
        let name = value.extracting(droppingFirst: 3)
        guard isWireForm else { return text(name) }
        return (try? DNSName.decode(name, at: 0, keepsCase: true).text) ?? text(name)
    }

    /// Client identifier of hardware type Ethernet, RFC 2132 §9.14.
    private static func address(ofClientID value: RawSpan) -> MACAddress? {
        guard value.byteCount == 7, (try? value.byte(at: 0)) == 1, let high = try? value.readBE(at: 1, as: UInt32.self),
            let low = try? value.readBE(at: 5, as: UInt16.self)
        else { return nil }
        return MACAddress(bits: UInt64(high) << 16 | UInt64(low))
    }

    /// Zeek's name of the message type, RFC 2132 §9.6 and later ones of IANA's registry.
    var typeName: String {
        Self.typeNames.indices.contains(Int(type)) ? Self.typeNames[Int(type)] : "Unknown-\(type)"
    }

    private static let typeNames = [
        "<unspecified>", "DISCOVER", "OFFER", "REQUEST", "DECLINE", "ACK", "NAK", "RELEASE", "INFORM", "FORCERENEW",
        "LEASEQUERY", "LEASEUNASSIGNED", "LEASEUNKNOWN", "LEASEACTIVE", "BULKLEASEQUERY", "LEASEQUERYDONE",
        "ACTIVELEASEQUERY", "LEASEQUERYSTATUS", "TLS",
    ]
}
