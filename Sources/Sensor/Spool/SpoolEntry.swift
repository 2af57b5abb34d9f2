internal import Foundation
public import Protocol
internal import Shared

/// A batch with its number.
public struct SpooledBatch: Sendable, Equatable {
    public let sequence: UInt64
    public let content: EncodedBatch
}

/// How a batch lies in a segment: length of the body (4 bytes), CRC-32C of the body (4), body; little-endian.
///
/// The body is sequence (8), first and last time (8, 8), watermark (8), records (4), CRC-32C of the payload (4),
/// payload.
enum SpoolEntry {
    static let headBytes = 8
    static let fixedBytes = 40

    static func bytes(_ sequence: UInt64, _ content: EncodedBatch) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(headBytes + fixedBytes + content.payload.count)
        append(sequence, to: &body)
        append(content.firstTime.nanoseconds, to: &body)
        append(content.lastTime.nanoseconds, to: &body)
        append(content.watermark.nanoseconds, to: &body)
        append(UInt32(clamping: content.recordCount), to: &body)
        append(content.crc32c, to: &body)
        body += content.payload
        var head: [UInt8] = []
        append(UInt32(body.count), to: &head)
        append(CRC32C.checksum(body), to: &head)
        return head + body
    }

    /// The length of the body that `head` announces; nil when no entry is like that.
    static func bodyBytes(head: [UInt8]) -> Int? {
        guard head.count == headBytes else { return nil }
        let length = Int(number(head, at: 0, as: UInt32.self))
        return (fixedBytes...(fixedBytes + BatchLimits.payloadBytes)).contains(length) ? length : nil
    }

    /// The first place in `bytes` where the head of an entry with a number of `numbers` may stand.
    static func place(in bytes: [UInt8], from start: Int, numbers: ClosedRange<UInt64>) -> Int? {
        guard bytes.count >= headBytes + fixedBytes else { return nil }
        let lengths = UInt32(fixedBytes)...UInt32(fixedBytes + BatchLimits.payloadBytes)
        return (start...max(start, bytes.count - headBytes - fixedBytes)).first { index in
            index + headBytes + fixedBytes <= bytes.count
                && lengths.contains(number(bytes, at: index, as: UInt32.self))
                && numbers.contains(number(bytes, at: index + headBytes, as: UInt64.self))
        }
    }

    /// - Returns: nil when the checksum does not fit.
    static func batch(head: [UInt8], body: [UInt8]) -> SpooledBatch? {
        guard number(head, at: 4, as: UInt32.self) == CRC32C.checksum(body) else { return nil }
        func time(_ offset: Int) -> Timestamp {
            Timestamp(nanoseconds: Int64(bitPattern: number(body, at: offset, as: UInt64.self)))
        }
        return SpooledBatch(
            sequence: number(body, at: 0, as: UInt64.self),
            content: EncodedBatch(
                firstTime: time(8), lastTime: time(16), recordCount: Int(number(body, at: 32, as: UInt32.self)),
                watermark: time(24), crc32c: number(body, at: 36, as: UInt32.self), payload: Array(body[fixedBytes...]))
        )
    }

    private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }

    private static func number<T: FixedWidthInteger>(_ bytes: [UInt8], at offset: Int, as: T.Type) -> T {
        bytes.withUnsafeBytes { T(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: T.self)) }
    }
}
