internal import Foundation
public import NIOCore
internal import SwiftProtobuf

/// Cuts a stream into messages: a length of four bytes, big-endian, then as many bytes of a protobuf `Frame`.
///
/// A length above the limit ends the connection before memory is taken for it. Until the first message was read, the
/// limit is ``greetingBytes``: who has not said who it is gets little room.
public struct FrameDecoder: NIOSingleStepByteToMessageDecoder {
    public typealias InboundOut = WireFrame

    /// Enough for Hello, and for Enrol with a request of any key in use.
    public static let greetingBytes = 64 << 10

    private var limit: Int
    private let limitAfterGreeting: Int

    /// - Parameter greeting: the limit until the first message was read.
    public init(greeting: Int = FrameDecoder.greetingBytes, limit: Int = BatchLimits.frameBytes) {
        (self.limit, limitAfterGreeting) = (greeting, limit)
    }

    public mutating func decode(buffer: inout ByteBuffer) throws -> WireFrame? {
        guard let length = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self) else { return nil }
        guard length <= limit else { throw FrameError.tooLong(bytes: Int(length), limit: limit) }
        guard buffer.readableBytes >= 4 + Int(length) else { return nil }
        buffer.moveReaderIndex(forwardBy: 4)
        guard let bytes = buffer.readBytes(length: Int(length)) else { return nil }
        guard let frame = try? WireFrame(serializedBytes: bytes), frame.message != nil else {
            throw FrameError.unreadable
        }
        limit = limitAfterGreeting
        return frame
    }

    public mutating func decodeLast(buffer: inout ByteBuffer, seenEOF: Bool) throws -> WireFrame? {
        try decode(buffer: &buffer)
    }
}

/// Why a stream of messages was given up.
public enum FrameError: Error, Equatable, Sendable, CustomStringConvertible {
    case tooLong(bytes: Int, limit: Int)
    /// Not a `Frame`, or one with a message that this version does not know.
    case unreadable

    public var description: String {
        switch self {
        case .tooLong(let bytes, let limit): "a message of \(bytes) bytes is longer than the limit of \(limit)"
        case .unreadable: "a message is not of this protocol"
        }
    }
}

/// Puts the length before each message.
public struct FrameEncoder: MessageToByteEncoder {
    public typealias OutboundIn = WireFrame

    public init() {}

    public func encode(data: WireFrame, out: inout ByteBuffer) throws {
        let bytes: [UInt8] = try data.serializedBytes()
        out.writeInteger(UInt32(bytes.count))
        out.writeBytes(bytes)
    }
}
