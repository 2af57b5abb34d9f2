internal import Shared

/// Header of a packet of RTP, RFC 3550 section 5.1. Host byte order.
struct RTPHeader {
    static let byteCount = 12
    /// Packets of a stream that may be missing between two which are seen, and ticks that may lie between them: 16
    /// seconds of video forwards, and one backwards, as frames that are told from later ones come.
    private static let widestStep: UInt16 = 16
    private static let ticks: ClosedRange<Int32> = -90_000...1_440_000
    /// Fewest ticks between two times: below, it is a counter. A millisecond of audio has 8 to 48, packets have more.
    private static let fewestTicks: UInt32 = 32

    let payloadType: UInt8
    let sequence: UInt16
    let timestamp: UInt32
    let source: UInt32

    /// - Throws: ``DecodeError`` when it is not version 2, is of RTCP, or sources and extension do not fit.
    init(decoding bytes: RawSpan) throws(DecodeError) {
        let first = try bytes.byte(at: 0)
        guard first >> 6 == 2 else { throw .invalid(.version) }
        payloadType = try bytes.byte(at: 1) & 0x7F
        // Section 12: with the marker, these are RTCP's types 200 to 204.
        guard !(72...76).contains(payloadType) else { throw .invalid(.magic) }
        sequence = try bytes.readBE(at: 2)
        timestamp = try bytes.readBE(at: 4)
        source = try bytes.readBE(at: 8)
        var length = Self.byteCount + 4 * Int(first & 0xF)
        if first & 0x10 != 0 { length += 4 + 4 * Int(try bytes.readBE(at: length + 2, as: UInt16.self)) }
        try bytes.require(length, at: 0)
    }

    /// Whether it looks like the packet that comes after `earlier`, or soon after.
    func follows(_ earlier: RTPHeader) -> Bool {
        let step = sequence &- earlier.sequence
        let ticks = Int32(bitPattern: timestamp &- earlier.timestamp)
        return source == earlier.source && step > 0 && step <= Self.widestStep && Self.ticks.contains(ticks)
            && (ticks == 0 || ticks.magnitude >= Self.fewestTicks)
    }

    /// Whether it looks like the next packet of the picture that `earlier` is of.
    func continuesFrame(of earlier: RTPHeader) -> Bool {
        source == earlier.source && sequence == earlier.sequence &+ 1 && payloadType == earlier.payloadType
            && RTPPayloadType.mayBeVideo(payloadType) && timestamp == earlier.timestamp && timestamp != 0
    }
}

/// What the payload types mean that have a meaning of their own (RFC 3551 section 6).
enum RTPPayloadType {
    /// Whether a type is agreed on by other means: those from 96 on and, where these are not enough, 35 to 71 and 77 to
    /// 95 (RFC 3551 section 3). Those between are RTCP's.
    static func isDynamic(_ type: UInt8) -> Bool { type >= 35 && !(72...76).contains(type) }

    /// Whether a type is one of pictures, of which a whole takes many packets, or may be.
    static func mayBeVideo(_ type: UInt8) -> Bool { (25...34).contains(type) || isDynamic(type) }

    static let names: CodeNames = [
        0: "PCMU", 3: "GSM", 4: "G723", 5: "DVI4", 6: "DVI4", 7: "LPC", 8: "PCMA", 9: "G722", 10: "L16", 11: "L16",
        12: "QCELP", 13: "CN", 14: "MPA", 15: "G728", 16: "DVI4", 17: "DVI4", 18: "G729", 25: "CelB", 26: "JPEG",
        28: "nv", 31: "H261", 32: "MPV", 33: "MP2T", 34: "H263",
    ]

    /// Ticks a second of the timestamps; nil for types that are agreed on.
    static func clockRate(_ type: UInt8) -> Double? {
        switch type {
        case 6: 16_000
        case 10, 11: 44_100
        case 16: 11_025
        case 17: 22_050
        case 14, 25...34: 90_000
        default: names[type] == nil ? nil : 8_000
        }
    }
}
