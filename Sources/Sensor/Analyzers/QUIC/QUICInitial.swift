internal import Shared

/// A long-header packet of QUIC (RFC 9000 section 17.2), still protected.
struct QUICPacket: Sendable {
    let version: QUICVersion
    let kind: Kind
    let destinationID: ArraySlice<UInt8>
    let sourceID: ArraySlice<UInt8>
    /// The packet from its first byte to its end.
    let bytes: ArraySlice<UInt8>
    /// Bytes before the packet number.
    let headerLength: Int

    enum Kind: Sendable { case initial, zeroRoundTrip, handshake, retry }

    var isInitial: Bool { kind == .initial }
    var isRetry: Bool { kind == .retry }

    /// Whether a packet is a server's list of the versions that it has (RFC 9000 section 17.2.1).
    static func isNegotiation(_ packet: ArraySlice<UInt8>) -> Bool {
        packet.count >= 5 && packet[packet.startIndex] & 0x80 != 0
            && packet.dropFirst().prefix(4).allSatisfy { $0 == 0 }
    }

    /// Bytes that a client's first datagram has at least (RFC 9000 section 14.1).
    private static let openingLength = 1200
    /// Bytes that the identifier it chooses has at least (section 7.2), and that any has at most (section 17.2).
    private static let chosenLength = 8, identifierLimit = 20

    /// Whether a datagram has the form of a client's first, whatever its version: the number of it, else nil.
    static func openingVersion(_ payload: RawSpan) -> UInt32? {
        guard payload.byteCount >= openingLength, let first = try? payload.byte(at: 0), first & 0xC0 == 0xC0,
            let version: UInt32 = try? payload.readBE(at: 1), version != 0,
            let length = try? payload.byte(at: 5), (chosenLength...identifierLimit).contains(Int(length)),
            let other = try? payload.byte(at: 6 + Int(length)), Int(other) <= identifierLimit
        else { return nil }
        return version
    }

    /// Takes the next packet off a datagram; nil when it is no long header of a known version.
    /// - Parameter learnt: a version that is known from a packet before.
    init?(_ reader: inout ByteReader, learnt: QUICVersion?) {
        let start = reader.rest
        guard let packet = try? Self(&reader, start, learnt) else { return nil }
        self = packet
    }

    private init(
        _ reader: inout ByteReader, _ start: ArraySlice<UInt8>, _ learnt: QUICVersion?
    ) throws(DecodeError) {
        let first = try reader.byte()
        let number: UInt32 = try reader.be()
        guard first & 0x80 != 0, let version = learnt?.number == number ? learnt : QUICVersion(number) else {
            throw .invalid(.version)
        }
        self.version = version
        destinationID = try reader.vector(lengthBytes: 1).rest
        sourceID = try reader.vector(lengthBytes: 1).rest
        let type = first >> 4 & 3
        if version.isInitial(type) {
            kind = .initial
        } else if version.isRetry(type) {
            kind = .retry
        } else {
            kind = version.isZeroRTT(type) ? .zeroRoundTrip : .handshake
        }
        if kind == .retry {
            (bytes, headerLength) = (start, start.count)
            try reader.skip(reader.count)
            return
        }
        if kind == .initial { try reader.skip(Int(clamping: try reader.variableInteger())) }
        let length = Int(clamping: try reader.variableInteger())
        headerLength = start.count - reader.count
        try reader.skip(length)
        bytes = start.prefix(headerLength + length)
    }

    /// A packet whose header is in the clear: the header as it is authenticated, and the payload with its tag.
    struct Unprotected {
        let number: UInt64
        let header: [UInt8]
        let sealed: ArraySlice<UInt8>
    }

    /// Takes off the header's protection (RFC 9001 section 5.4); nil when the key does not fit: then the bits that are
    /// reserved are zero by chance only (RFC 9000 section 17.2).
    func unprotected(_ key: QUICHeaderKey) -> Unprotected? {
        let head = Array(bytes.prefix(headerLength + 20))
        guard head.count == headerLength + 20, let mask = key.mask(sample: head[(headerLength + 4)...]),
            (head[0] ^ mask[0]) & 0x0C == 0
        else { return nil }
        let end = headerLength + Int((head[0] ^ mask[0]) & 3) + 1
        var header = Array(head.prefix(end))
        header[0] ^= mask[0] & 0x0F
        var number: UInt64 = 0
        for (index, position) in (headerLength..<end).enumerated() {
            header[position] ^= mask[1 + index]
            number = number << 8 | UInt64(header[position])
        }
        return Unprotected(number: number, header: header, sealed: bytes.dropFirst(end))
    }
}

extension ByteReader {
    /// A variable-length integer (RFC 9000 section 16).
    mutating func variableInteger() throws(DecodeError) -> UInt64 {
        let first = try byte()
        let more = (1 << Int(first >> 6)) - 1
        return try take(more).reduce(UInt64(first & 0x3F)) { $0 << 8 | UInt64($1) }
    }
}
