internal import Shared

/// The fields of a message as they come: in one frame, or with continuations (RFC 9113 section 4.3).
struct HTTP2Section: Sendable {
    /// Stream that they belong to; 0 when none has begun.
    private(set) var stream: UInt32 = 0
    /// Stream of the response that a server promises with them (section 8.4).
    private(set) var promised: UInt32?
    private(set) var endsStream = false
    private(set) var bytes: [UInt8] = []
    /// The end of what is put together was passed: ``bytes`` lacks some.
    private(set) var isTooLong = false

    /// Takes the payload of a frame of fields; a continuation of another stream is not counted in.
    /// - Throws: ``DecodeError`` for a payload that is too short.
    mutating func add(_ payload: [UInt8], of head: HTTP2FrameHead) throws(DecodeError) {
        var rest = payload[...]
        if head.kind != HTTP2FrameHead.Kind.continuation {
            self = HTTP2Section()
            (stream, endsStream) = (head.stream, head.endsStream)
            var reader = ByteReader(payload)
            if head.length <= HTTP2Frames.payloadLimit {
                if head.kind == HTTP2FrameHead.Kind.pushPromise {
                    promised = try reader.be(UInt32.self) & 0x7FFF_FFFF
                } else if head.hasPriority {
                    try reader.skip(5)
                }
            }
            rest = reader.rest
        } else if head.stream != stream {
            return
        }
        if head.length > HTTP2Frames.payloadLimit || bytes.count + rest.count > HTTP2Frames.payloadLimit {
            isTooLong = true
            bytes = []
        }
        if !isTooLong { bytes += rest }
    }
}
