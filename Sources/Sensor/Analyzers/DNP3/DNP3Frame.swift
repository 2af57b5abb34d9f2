internal import Shared

/// A frame of the data link layer of DNP3 (IEEE 1815-2012 section 9.2): a header of 10 bytes, then blocks of up to 16
/// bytes of data, each with a checksum behind it.
enum DNP3Frame {
    static let headerLength = 10
    /// Longest frame: header, 250 bytes of data, 16 checksums.
    static let limit = 292
    private static let blockLength = 16

    /// Whether a whole and good header begins here.
    static func isHeader(_ bytes: RawSpan) -> Bool {
        guard bytes.byteCount >= headerLength, (try? bytes.readBE(at: 0, as: UInt16.self)) == 0x0564,
            let length = try? bytes.byte(at: 2), length >= 5
        else { return false }
        return checksum(bytes, 0..<8) == (try? bytes.readLE(at: 8, as: UInt16.self))
    }

    /// Bytes of the frame that begins here, 0 while its header is not whole.
    /// - Throws: ``DecodeError/invalid(_:)`` when no good header begins here.
    static func length(_ bytes: RawSpan) throws(DecodeError) -> Int {
        guard bytes.byteCount >= headerLength else { return 0 }
        guard isHeader(bytes) else { throw .invalid(.magic) }
        let user = Int(try bytes.byte(at: 2)) - 5
        return headerLength + user + 2 * ((user + blockLength - 1) / blockLength)
    }

    /// Adds the data of a whole frame, without checksums.
    /// - Throws: ``DecodeError/invalid(_:)`` for a block whose checksum is wrong.
    static func append(_ frame: RawSpan, to data: inout [UInt8]) throws(DecodeError) {
        var offset = headerLength
        while offset + 2 < frame.byteCount {
            let count = Swift.min(blockLength, frame.byteCount - offset - 2)
            let block = offset..<(offset + count)
            guard checksum(frame, block) == (try frame.readLE(at: offset + count, as: UInt16.self)) else {
                throw .invalid(.encoding)
            }
            frame.extracting(block).withUnsafeBytes { data.append(contentsOf: $0) }
            offset += count + 2
        }
    }

    /// CRC-16 of DNP3 (section 9.2.4.1.6): polynomial 0x3D65, bits reversed, result inverted.
    private static func checksum(_ bytes: RawSpan, _ range: Range<Int>) -> UInt16 {
        var value: UInt16 = 0
        for offset in range {
            let byte = (try? bytes.byte(at: offset)) ?? 0
            value ^= UInt16(byte)
            for _ in 0..<8 { value = value & 1 != 0 ? (value >> 1) ^ 0xA6BC : value >> 1 }
        }
        return ~value
    }
}
