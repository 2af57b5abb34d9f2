internal import Shared

/// The frames of one side of a WebSocket (RFC 6455 section 5.2): takes off heads, masks and compression.
struct WebSocketFrames: BytesHolding {
    /// A head: two bytes, up to eight of length, four of mask.
    private static let headLimit = 14

    private var head: [UInt8] = []
    /// Bytes of the frame's content still to come.
    private var left: UInt64 = 0
    private var mask: [UInt8] = []
    private var maskOffset = 0
    private var opcode: UInt8 = 0
    private var isFinal = false
    /// Whether the message that the frame belongs to is compressed (RFC 7692 section 6).
    private var isCompressed = false
    private var inflater: ContentInflater?

    var heldBytes: Int { head.capacity + (inflater?.heldBytes ?? 0) }

    /// Hands on the content of data frames, which may be any stream.
    /// - Throws: ``DecodeError`` for what is no frame.
    mutating func append(
        _ payload: RawSpan, at now: Timestamp, _ allowance: UnfoldingAllowance, content: (RawSpan) -> Void
    ) throws(DecodeError) {
        var rest = payload
        while rest.byteCount > 0 {
            if left > 0 {
                let count = Int(Swift.min(left, UInt64(rest.byteCount)))
                take(rest.extracting(0..<count), at: now, allowance, content)
                rest = rest.extracting(droppingFirst: count)
            } else {
                head.append(try rest.byte(at: 0))
                rest = rest.extracting(droppingFirst: 1)
                if let length = try headLength(), head.count == length { try begin(at: now, content) }
            }
        }
    }

    /// Tells of lost bytes.
    /// - Returns: how many of them were content of data frames, or nil when it cannot be told where the next head is.
    mutating func lose(_ byteCount: Int) -> Int? {
        guard head.isEmpty, UInt64(byteCount) <= left, inflater == nil else { return nil }
        left -= UInt64(byteCount)
        maskOffset += byteCount
        return isData ? byteCount : 0
    }

    /// Continuation, text, binary.
    private var isData: Bool { opcode <= 2 }

    /// Bytes of the head that has begun, as soon as it tells.
    private func headLength() throws(DecodeError) -> Int? {
        guard head.count >= 2 else { return nil }
        let code = head[0] & 15
        guard head[0] & 0x30 == 0, code <= 2 || (8...10).contains(code) else { throw .invalid(.type) }
        let short = head[1] & 0x7F
        // Control frames are short and whole.
        guard code <= 2 || short <= 125 && head[0] & 0x80 != 0 else { throw .invalid(.length) }
        return 2 + (short == 126 ? 2 : short == 127 ? 8 : 0) + (head[1] & 0x80 != 0 ? 4 : 0)
    }

    private mutating func begin(at now: Timestamp, _ content: (RawSpan) -> Void) throws(DecodeError) {
        let hasMask = head[1] & 0x80 != 0
        let short = UInt64(head[1] & 0x7F)
        let lengthEnd = head.count - (hasMask ? 4 : 0)
        left = short < 126 ? short : head[2..<lengthEnd].reduce(0) { $0 << 8 | UInt64($1) }
        guard left >> 63 == 0 else { throw .invalid(.length) }
        mask = hasMask ? Array(head[lengthEnd...]) : []
        maskOffset = 0
        (opcode, isFinal) = (head[0] & 15, head[0] & 0x80 != 0)
        if opcode == 1 || opcode == 2 { isCompressed = head[0] & 0x40 != 0 }
        head.removeAll(keepingCapacity: true)
        if left == 0 { endFrame(at: now, content) }
    }

    private mutating func take(
        _ bytes: RawSpan, at now: Timestamp, _ allowance: UnfoldingAllowance, _ content: (RawSpan) -> Void
    ) {
        left -= UInt64(bytes.byteCount)
        if isData {
            let plain = unmasked(bytes)
            if isCompressed {
                let inflater = inflater ?? ContentInflater(isRaw: true, allowance)
                self.inflater = inflater
                inflater.append(plain.span.bytes, at: now, output: content)
            } else {
                content(plain.span.bytes)
            }
        }
        if left == 0 { endFrame(at: now, content) }
    }

    /// A compressed message goes without the four bytes that every one of them would end with (RFC 7692 section
    /// 7.2.2).
    private func endFrame(at now: Timestamp, _ content: (RawSpan) -> Void) {
        guard isData, isFinal, isCompressed else { return }
        let end: [UInt8] = [0, 0, 0xFF, 0xFF]
        inflater?.append(end.span.bytes, at: now, output: content)
    }

    private mutating func unmasked(_ bytes: RawSpan) -> [UInt8] {
        var plain = bytes.withUnsafeBytes { Array($0) }
        if !mask.isEmpty {
            for index in plain.indices { plain[index] ^= mask[(maskOffset + index) & 3] }
        }
        maskOffset += plain.count
        return plain
    }
}

/// What goes through a WebSocket: frames of both sides, and the stream in them, which may be a tunnel.
///
/// A class: few HTTP connections become one, and the others should not be larger for it.
final class WebSocketTunnel: BytesHolding {
    /// Records that the stream inside may have beyond one for each byte that came: of a few bytes thousands of
    /// requests unfold.
    private static let freeRecords = 64
    /// What is given at once of content that could be more records than are left.
    private static let pieceLength = 256

    private var frames = PerSide(originator: WebSocketFrames(), responder: WebSocketFrames())
    private var inner = InnerStream()
    private var recordsLeft = WebSocketTunnel.freeRecords

    var heldBytes: Int { frames.heldBytes + inner.heldBytes }

    /// - Returns: whether more of it is wanted.
    func consume(_ payload: RawSpan, from side: Side, into sink: inout RecordSink) throws(DecodeError) -> Bool {
        recordsLeft += payload.byteCount
        try frames[side].append(payload, at: sink.now, sink.unfolding) { content in
            var rest = content
            while rest.byteCount > 0, !inner.isOver {
                let count = rest.byteCount <= recordsLeft ? rest.byteCount : Self.pieceLength
                give(rest.extracting(first: count), from: side, into: &sink)
                rest = rest.extracting(droppingFirst: Swift.min(count, rest.byteCount))
            }
        }
        return !inner.isOver
    }

    func skip(_ byteCount: Int, from side: Side, into sink: inout RecordSink) -> Bool {
        guard let content = frames[side].lose(byteCount) else { return false }
        if content > 0 { inner.skip(content, from: side, into: &sink) }
        return !inner.isOver
    }

    func finish(into sink: inout RecordSink) { inner.finish(into: &sink) }

    private func give(_ content: RawSpan, from side: Side, into sink: inout RecordSink) {
        let before = sink.batch.recordCount
        inner.consume(content, from: side, into: &sink)
        recordsLeft -= sink.batch.recordCount - before
        guard recordsLeft < 0, !inner.isOver else { return }
        sink.weird("content_unfolds_too_far", source: "websocket")
        inner.finish(into: &sink)
    }
}
