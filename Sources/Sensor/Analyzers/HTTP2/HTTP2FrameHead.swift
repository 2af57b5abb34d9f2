internal import Shared

/// What stands in front of each frame of HTTP/2 (RFC 9113 section 4.1).
struct HTTP2FrameHead: Equatable, Sendable {
    static let byteCount = 9

    /// Types of section 6.
    enum Kind {
        static let data: UInt8 = 0, headers: UInt8 = 1, reset: UInt8 = 3, settings: UInt8 = 4, pushPromise: UInt8 = 5
        static let ping: UInt8 = 6, windowUpdate: UInt8 = 8, continuation: UInt8 = 9
    }

    /// Bytes of the payload.
    let length: Int
    let kind: UInt8
    private let flags: UInt8
    /// Number of the stream; 0 is the connection.
    let stream: UInt32

    var endsStream: Bool { flags & 1 != 0 && (kind == Kind.data || kind == Kind.headers) }
    var endsHeaders: Bool { flags & 4 != 0 }
    /// The number of bytes of padding stands first, and they stand last.
    var isPadded: Bool { flags & 8 != 0 && [Kind.data, Kind.headers, Kind.pushPromise].contains(kind) }
    /// Five bytes stand in front of the fields (section 6.2).
    var hasPriority: Bool { flags & 0x20 != 0 && kind == Kind.headers }

    init(_ bytes: RawSpan) throws(DecodeError) {
        let first: UInt32 = try bytes.readBE(at: 0)
        length = Int(first >> 8)
        kind = UInt8(first & 0xFF)
        flags = try bytes.byte(at: 4)
        stream = try bytes.readBE(at: 5) & 0x7FFF_FFFF
    }

    /// Longest payload that a peer may send who was not allowed more (section 6.5.2).
    private static let usualLimit = 16_384

    /// Whether frames lie one behind the other in a segment, of which the last may go on behind it.
    /// - Parameter isKnown: the connection is known to be HTTP/2. Otherwise one of them must be of a kind that hardly
    ///   anything else looks like, and the last one must end with the segment or come behind such a one.
    static func stand(in segment: RawSpan, isKnown: Bool) -> Bool {
        var (offset, isProven) = (0, isKnown)
        while offset < segment.byteCount {
            let rest = segment.extracting(droppingFirst: offset)
            guard let head = try? HTTP2FrameHead(rest), head.isUsual(rest) else { return false }
            offset += byteCount + head.length
            if offset > segment.byteCount { return isProven && head.kind <= Kind.headers }
            isProven = isProven || head.provesItself(rest.extracting(droppingFirst: byteCount))
        }
        return isProven && segment.byteCount > 0
    }

    /// Whether length, flags and stream are what a frame of this kind has.
    private func isUsual(_ bytes: RawSpan) -> Bool {
        guard let reserved = try? bytes.byte(at: 5), reserved < 0x80, length <= Self.usualLimit else { return false }
        switch kind {
        case Kind.data: return stream > 0 && flags & ~0x09 == 0
        case Kind.headers: return stream > 0 && flags & ~0x2D == 0 && length > 0
        case 2: return stream > 0 && length == 5 && flags == 0
        case Kind.reset: return stream > 0 && length == 4 && flags == 0
        case Kind.settings: return stream == 0 && flags <= 1 && length % 6 == 0 && (flags == 0 || length == 0)
        case Kind.ping: return stream == 0 && flags <= 1 && length == 8
        case 7: return stream == 0 && flags == 0 && length >= 8
        case Kind.windowUpdate: return length == 4 && flags == 0
        case Kind.continuation: return stream > 0 && flags & ~0x04 == 0
        default: return false
        }
    }

    /// Whether the frame is more than a few bytes that are mostly zero.
    private func provesItself(_ payload: RawSpan) -> Bool {
        switch kind {
        case Kind.headers:
            // The first field is one of RFC 9113 section 8.3, of a table or in full.
            guard endsHeaders, let first = try? payload.byte(at: hasPriority ? 5 : 0) else { return false }
            return (0x82...0x8E).contains(first) || first >= 0xBE || first == 0x48 || (0x41...0x44).contains(first)
        case Kind.settings: return length > 0 && Self.areSettings(payload.extracting(first: length))
        case Kind.ping: return true
        case Kind.windowUpdate:
            let increment: UInt32? = try? payload.readBE(at: 0)
            return increment.map { $0 > 0 && $0 >> 31 == 0 } ?? false
        default: return false
        }
    }

    /// Numbers that are registered (RFC 9113 section 6.5.2, RFC 8441 section 3, RFC 9218 section 2.1) or reserved to be
    /// ignored (RFC 8701's pattern, as browsers send them).
    private static func areSettings(_ payload: RawSpan) -> Bool {
        for offset in stride(from: 0, to: payload.byteCount, by: 6) {
            guard let number: UInt16 = try? payload.readBE(at: offset),
                (1...9).contains(number) || number & 0x0F0F == 0x0A0A
            else { return false }
        }
        return true
    }
}
