internal import Shared

/// A protocol of which both sides send frames that tell their own length: they are put together, handed on one by
/// one, and found again behind a loss.
protocol FramedAnalyzer: ProtocolAnalyzer {
    /// Longest frame that is put together, in bytes; of a longer one, the beginning is handed on.
    static var frameLimit: Int { get }
    var streams: PerSide<FramedStream> { get set }
    /// What the frames have led to; behind one that leads to more than `.wantMore`, none is handed on.
    var verdict: Progress { get }
    /// Whether a frame begins with this segment: asked of those behind a loss. By default, where the probe matches.
    func beginsFrame(_ segment: RawSpan, from side: Side) -> Bool
    /// Bytes of the frame that begins here, header included; 0 when that cannot be told yet.
    func frameLength(_ bytes: RawSpan, from side: Side) throws(DecodeError) -> Int
    mutating func takeFrame(_ frame: RawSpan, from side: Side, into sink: inout RecordSink) throws(DecodeError)
}

extension FramedAnalyzer {
    var heldBytes: Int { streams.heldBytes }
    var verdict: Progress { .wantMore }

    func beginsFrame(_ segment: RawSpan, from side: Side) -> Bool { Self.probe(segment, from: side) == .match }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        try takeFrames(of: payload, from: side, into: &sink)
        return verdict
    }

    /// Hands on the frames that end in a piece of one side.
    mutating func takeFrames(of payload: RawSpan, from side: Side, into sink: inout RecordSink) throws(DecodeError) {
        var stream = streams.take(side, leaving: FramedStream())
        try stream.append(payload, limit: Self.frameLimit) { segment in
            beginsFrame(segment, from: side)
        } length: { bytes throws(DecodeError) -> Int in
            try frameLength(bytes, from: side)
        } take: { frame throws(DecodeError) -> Bool in
            try takeFrame(frame, from: side, into: &sink)
            if case .wantMore = verdict { return true }
            return false
        }
        streams[side] = stream
    }

    /// Inside of a frame that was handed on already, bytes may be lacking; elsewhere the next one is to be found again.
    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if !streams[side].lose(byteCount) { streams[side].loseMessage() }
        return .wantMore
    }
}
