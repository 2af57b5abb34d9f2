internal import Shared

/// A protocol of which both sides send messages that tell their own length.
protocol FramedAnalyzer: ProtocolAnalyzer {
    var streams: PerSide<FramedStream> { get set }
}

extension FramedAnalyzer {
    var heldBytes: Int { streams.heldBytes }

    /// Inside of a message that was handed on already, bytes may be lacking; elsewhere the next one is to be found
    /// again: ``FramedStream/append(_:limit:resumingWhere:length:take:)``.
    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if !streams[side].lose(byteCount) { streams[side].loseMessage() }
        return .wantMore
    }
}
