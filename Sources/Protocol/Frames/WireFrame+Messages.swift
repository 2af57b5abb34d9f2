internal import Foundation
internal import Shared
internal import SwiftProtobuf

/// Version of the conversation: raised when an older master or sensor could not follow it.
public let protocolVersion: UInt32 = 1

extension WireFrame {
    public static func of(_ message: WireFrame.OneOf_Message) -> WireFrame { .with { $0.message = message } }

    public static func batch(_ sequence: UInt64, _ content: EncodedBatch) -> WireFrame {
        .of(
            .batch(
                .with {
                    $0.sequence = sequence
                    $0.firstTimeNs = content.firstTime.nanoseconds
                    $0.lastTimeNs = content.lastTime.nanoseconds
                    $0.records = UInt32(clamping: content.recordCount)
                    $0.watermarkNs = content.watermark.nanoseconds
                    $0.crc32C = content.crc32c
                    $0.payload = Data(content.payload)
                }))
    }

    /// The message as it is sent: behind its length, four bytes big-endian.
    public func framed() throws -> [UInt8] {
        let message: [UInt8] = try serializedBytes()
        return withUnsafeBytes(of: UInt32(message.count).bigEndian) { Array($0) } + message
    }

    public static func ack(_ sequence: UInt64) -> WireFrame { .of(.ack(.with { $0.sequence = sequence })) }

    public static func refused(_ refusal: Refusal) -> WireFrame {
        .of(
            .refused(
                .with { ($0.code, $0.message, $0.sequence) = (refusal.code, refusal.message, refusal.sequence) }))
    }
}

extension WireBatchFrame {
    /// What the frame carries, not yet checked.
    public var content: EncodedBatch {
        EncodedBatch(
            firstTime: Timestamp(nanoseconds: firstTimeNs), lastTime: Timestamp(nanoseconds: lastTimeNs),
            recordCount: Int(records), watermark: Timestamp(nanoseconds: watermarkNs), crc32c: crc32C,
            payload: Array(payload))
    }
}

/// A no of the master, with what to do about it.
public struct Refusal: Error, Equatable, Sendable, CustomStringConvertible {
    public var code: WireRefused.Code
    public var message: String
    /// The batch that it is about, 0 when none.
    public var sequence: UInt64

    public init(_ code: WireRefused.Code, _ message: String, sequence: UInt64 = 0) {
        (self.code, self.message, self.sequence) = (code, message, sequence)
    }

    public init(_ frame: WireRefused) { self.init(frame.code, frame.message, sequence: frame.sequence) }

    public var description: String { message }

    /// Whether the same may succeed later without anybody doing anything.
    public var isTemporary: Bool { code == .busy }
}
