internal import Shared

/// A protocol of which both sides speak in lines.
protocol LineAnalyzer: ProtocolAnalyzer {
    /// Lines that are not whole.
    var lines: PerSide<StreamLines> { get set }
    /// Takes a whole line, without its end.
    /// - Returns: false when what follows it in the same piece of the stream is not to be taken.
    mutating func takeLine(_ line: RawSpan, from side: Side, into sink: inout RecordSink) -> Bool
}

extension LineAnalyzer {
    var heldBytes: Int { lines.heldBytes }

    /// Takes the lines that the next bytes of one side complete.
    /// - Throws: ``DecodeError/limit(_:)`` for a line that is too long; it is forgotten.
    mutating func readLines(
        _ bytes: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        var reader = lines.take(side, leaving: StreamLines())
        defer { lines[side] = reader }
        do throws(DecodeError) {
            try reader.append(bytes) { line throws(DecodeError) -> Bool in
                takeLine(line, from: side, into: &sink)
            }
        } catch {
            reader.reset()
            throw error
        }
    }

    /// Hands on the next bytes of one side in lines, and what is too long for one in pieces.
    mutating func readPieces(
        _ bytes: RawSpan, from side: Side, _ take: (inout Self, RawSpan, LinePiece) -> Void
    ) {
        var reader = lines.take(side, leaving: StreamLines())
        reader.appendPieces(bytes) { line, piece in take(&self, line, piece) }
        lines[side] = reader
    }

    /// As ``readLines(_:from:into:)``, of a protocol that carries content with longer lines than its own words have: a
    /// line that is too long is none of those that are told of.
    mutating func readShortLines(_ bytes: RawSpan, from side: Side, into sink: inout RecordSink) {
        do throws(DecodeError) {
            try readLines(bytes, from: side, into: &sink)
        } catch {
            // Forgotten already.
        }
    }
}
