internal import Shared

/// A file that goes over TFTP in numbered blocks (RFC 1350 §5), from whichever end sends them.
struct TFTPTransfer {
    private enum Operation {
        static let data: UInt16 = 3
        static let acknowledgement: UInt16 = 4
        static let error: UInt16 = 5
        static let options: UInt16 = 6
    }

    /// Of the request.
    let number: DataChannels.Number
    private var file: FileStream?
    /// Bytes of each block but the last: 512, unless another size was agreed upon (RFC 2348).
    private var blockSize = 512
    /// Number of the last block that was taken.
    private var block: UInt16 = 0
    /// What the last block lacked of ``blockSize``: the end of the file, unless more comes.
    private var lack = 0

    init(_ number: DataChannels.Number) { self.number = number }

    /// Whether the file has begun to come.
    var hasBegun: Bool { file != nil }

    var heldBytes: Int { file?.heldBytes ?? 0 }

    /// Whether a transfer may begin so: with the first block, the permission to write, options or a refusal.
    static func begins(_ datagram: RawSpan) -> Bool {
        guard let operation: UInt16 = try? datagram.readBE(at: 0) else { return false }
        let block: UInt16? = try? datagram.readBE(at: 2)
        return switch operation {
        case Operation.data: block == 1
        case Operation.acknowledgement: block == 0 && datagram.byteCount == 4
        case Operation.error: block.map { $0 <= 8 } == true && (try? datagram.byte(at: datagram.byteCount - 1)) == 0
        case Operation.options: datagram.byteCount > 4 && (try? datagram.byte(at: datagram.byteCount - 1)) == 0
        default: false
        }
    }

    /// Takes one datagram.
    mutating func take(
        _ datagram: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        switch try datagram.readBE(at: 0, as: UInt16.self) {
        case Operation.data:
            let next: UInt16 = try datagram.readBE(at: 2)
            take(next, datagram.extracting(droppingFirst: 4), from: side, into: &sink)
        case Operation.options: takeOptions(datagram.extracting(droppingFirst: 2))
        case Operation.acknowledgement, Operation.error: return
        default: throw .invalid(.magic)
        }
    }

    private mutating func take(
        _ next: UInt16, _ content: RawSpan, from side: Side, into sink: inout RecordSink
    ) {
        // Blocks are numbered from 1, and from 0 again when the numbers are used up. One that comes again is behind
        // the last.
        let ahead = next &- block
        guard ahead > 0, ahead < 0x8000 else { return }
        if file == nil {
            let name = sink.memories.tftpDataChannels[number]?.filename
            file = FileStream(source: "TFTP", filename: name, isOriginator: side == .originator, into: &sink)
        }
        guard file?.isOriginator == (side == .originator) else { return }
        // More comes behind a block that was short: the capture has cut it.
        let missing = lack + Int(ahead - 1) * blockSize
        if missing > 0 { file?.gap(missing) }
        file?.append(content, at: sink.now)
        lack = Swift.max(0, blockSize - content.byteCount)
        block = next
    }

    /// Names and values, each ended by a zero (RFC 2347).
    private mutating func takeOptions(_ options: RawSpan) {
        var offset = 0
        while let name = options.firstIndex(of: 0, from: offset),
            let value = options.firstIndex(of: 0, from: name + 1)
        {
            if HTTPText.equals(options.extracting(offset..<name), "blksize"),
                let size = HTTPText.decimal(options.extracting((name + 1)..<value)), (8...65464).contains(size)
            {
                blockSize = Int(size)
            }
            offset = value + 1
        }
    }

    /// The connection has ended, and the file with it.
    mutating func finish(into sink: inout RecordSink) {
        // A file of whole blocks ends with an empty one.
        file?.isCutOff = lack == 0
        file?.finish(into: &sink)
        file = nil
    }
}
