internal import Shared

/// A packet of Google's QUIC before the standard, up to Q049, whose client's hello is in the clear.
///
/// Source: Google's "QUIC Wire Layout Specification" and, from Q044 on, the long header that the drafts had then; the
/// hello's form is that of "QUIC Crypto".
struct GoogleQUICPacket: Sendable {
    /// `Q043`.
    let version: String
    let connectionID: ArraySlice<UInt8>
    /// What stands behind the connection identifier: packet number, hash, frames.
    let rest: ArraySlice<UInt8>

    /// Bits of the first byte up to Q043: the version is told, and an identifier of eight bytes.
    private static let versionFlag: UInt8 = 0x01
    private static let identifierFlag: UInt8 = 0x08
    private static let firstLongHeader: UInt32 = 0x5130_3434

    static func probe(_ payload: RawSpan) -> Bool { place(payload) != nil }

    /// - Parameter payload: a datagram. Nil when it is none that tells such a version.
    init?(_ payload: RawSpan) {
        guard let place = Self.place(payload) else { return nil }
        let bytes = payload.withUnsafeBytes { Array($0) }
        version = String(decoding: bytes[place.version..<(place.version + 4)], as: UTF8.self)
        connectionID = bytes[place.identifier..<(place.identifier + 8)]
        rest = bytes[(place.end)...]
    }

    /// Where version and connection identifier are, and where the rest begins.
    private static func place(_ payload: RawSpan) -> (version: Int, identifier: Int, end: Int)? {
        guard payload.byteCount >= 30, let first = try? payload.byte(at: 0) else { return nil }
        if first & 0xC0 == 0xC0 {
            // One byte for the lengths of both identifiers: eight bytes, and none.
            guard let version = try? payload.readBE(at: 1, as: UInt32.self), isVersion(version),
                version >= firstLongHeader, let lengths = try? payload.byte(at: 5), lengths == 0x50
            else { return nil }
            return (1, 6, 14)
        }
        guard first & (0xC0 | versionFlag | identifierFlag) == versionFlag | identifierFlag,
            let version = try? payload.readBE(at: 9, as: UInt32.self), isVersion(version), version < firstLongHeader
        else { return nil }
        return (9, 1, 13)
    }

    /// `Q0` and two digits; from Q050 on the hello is sealed as the standard has it.
    private static func isVersion(_ number: UInt32) -> Bool {
        let (tens, ones) = (number >> 8 & 0xFF, number & 0xFF)
        return number >> 16 == 0x5130 && (0x31...0x34).contains(tens) && (0x30...0x39).contains(ones)
    }
}

/// The first message of Google's QUIC: tags with their values.
enum GoogleHello {
    /// How far into a packet the hello may begin: number, hash and the head of a frame are before it.
    private static let furthest = 64
    private static let tagLimit = 128

    /// Whether a handshake is this and not TLS: a hello, its rejections and its answer.
    static func begins(_ bytes: ArraySlice<UInt8>) -> Bool {
        ["CHLO", "REJ\0", "SREJ", "SHLO"].contains { bytes.starts(with: $0.utf8) }
    }

    /// The server's name (tag `SNI`) in a hello, which begins within the first bytes.
    static func serverName(in bytes: ArraySlice<UInt8>) -> String? {
        let head = Array("CHLO".utf8)
        guard let start = bytes.indices.prefix(furthest).first(where: { bytes[$0...].starts(with: head) }) else {
            return nil
        }
        return try? value(of: Array("SNI\0".utf8), in: ByteReader(bytes[(start + 4)...]))
    }

    /// The table of tags tells where each value ends, counted from the end of the table.
    private static func value(of tag: [UInt8], in message: ByteReader) throws(DecodeError) -> String? {
        var reader = message
        let count = Int(try reader.le(UInt16.self))
        try reader.skip(2)
        guard count <= tagLimit else { throw .limit(.count) }
        var (begin, end, found) = (0, 0, false)
        for _ in 0..<count {
            let name = try reader.take(4)
            let offset = Int(clamping: try reader.le(UInt32.self))
            if !found { (begin, end) = (end, offset) }
            if name.elementsEqual(tag) { found = true }
        }
        guard found, end >= begin else { return nil }
        try reader.skip(begin)
        return String(decoding: try reader.take(end - begin), as: UTF8.self)
    }
}
