internal import Shared

/// A file that goes over TFTP in numbered blocks (RFC 1350 §5), from whichever end sends them.
///
/// In a window (RFC 7440) blocks go out without waiting; behind one that was lost, the sender begins anew. Those ahead
/// of a hole wait until it is filled, or until the receiver acknowledges what is missing: then the capture lacks it.
/// Where the receiver acknowledges less, it has thrown them away, and they are sent again.
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
    /// Blocks ahead of a hole, the nearest first.
    private var ahead: [(block: UInt16, content: [UInt8])] = []
    private var aheadBytes = 0

    /// Blocks that wait, and their bytes: usual windows have 4 to 64 blocks that fit packets.
    private static let aheadLimit = 64
    private static let aheadByteLimit = 131_072
    /// Memory of one that waits beside its content, about.
    private static let blockCost = 64

    init(_ number: DataChannels.Number) { self.number = number }

    /// Whether the file has begun to come.
    var hasBegun: Bool { file != nil }

    var heldBytes: Int { (file?.heldBytes ?? 0) + aheadBytes + ahead.count * Self.blockCost }

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
        case Operation.acknowledgement:
            guard let isSender = file?.isOriginator, isSender != (side == .originator) else { return }
            takeAhead(through: try datagram.readBE(at: 2), at: sink.now)
        case Operation.error: return
        default: throw .invalid(.magic)
        }
    }

    private mutating func take(
        _ next: UInt16, _ content: RawSpan, from side: Side, into sink: inout RecordSink
    ) {
        // Blocks are numbered from 1, and from 0 again when the numbers are used up. One that comes again is behind
        // the last.
        guard isAhead(next) else { return }
        if file == nil {
            let name = sink.memories.tftpDataChannels[number]?.filename
            file = FileStream(source: "TFTP", filename: name, isOriginator: side == .originator, into: &sink)
        }
        guard file?.isOriginator == (side == .originator) else { return }
        if next == block &+ 1 {
            add(next, content, at: sink.now)
            takeAdjoining(at: sink.now)
        } else {
            keep(next, content)
            while ahead.count > Self.aheadLimit || aheadBytes > Self.aheadByteLimit { takeNearest(at: sink.now) }
        }
    }

    /// Whether a block comes behind the last that was taken.
    private func isAhead(_ next: UInt16) -> Bool { next != block && next &- block < 0x8000 }

    /// Adds a block to the file.
    private mutating func add(_ next: UInt16, _ content: RawSpan, at now: Timestamp) {
        // More comes behind a block that was short: the capture has cut it.
        let missing = lack + Int(next &- block &- 1) * blockSize
        if missing > 0 { file?.gap(missing) }
        file?.append(content, at: now)
        lack = Swift.max(0, blockSize - content.byteCount)
        block = next
    }

    /// Lets a block wait in its place. Mostly that is behind all others.
    private mutating func keep(_ next: UInt16, _ content: RawSpan) {
        let distance = next &- block
        let place = ahead.lastIndex { $0.block &- block <= distance }.map { $0 + 1 } ?? 0
        if place > 0, ahead[place - 1].block == next { return }
        ahead.insert((next, content.withUnsafeBytes { Array($0) }), at: place)
        aheadBytes += content.byteCount
    }

    /// Takes the nearest block that waits, and those that follow it: what is before it does not come any more.
    private mutating func takeNearest(at now: Timestamp) {
        guard let first = ahead.first else { return }
        add(first.block, first.content.span.bytes, at: now)
        forget(1)
        takeAdjoining(at: now)
    }

    private mutating func takeAdjoining(at now: Timestamp) {
        var count = 0
        while count < ahead.count, ahead[count].block == block &+ 1 {
            let next = ahead[count]
            add(next.block, next.content.span.bytes, at: now)
            count += 1
        }
        forget(count)
    }

    private mutating func forget(_ count: Int) {
        for index in 0..<count { aheadBytes -= ahead[index].content.count }
        ahead.removeFirst(count)
    }

    /// Takes what waits up to a block that the receiver has. It takes nothing behind a hole (RFC 7440 section 4): what
    /// waits beyond is not in its file.
    private mutating func takeAhead(through last: UInt16, at now: Timestamp) {
        while let first = ahead.first, isAhead(last), first.block &- block <= last &- block { takeNearest(at: now) }
        forget(ahead.count)
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
        while !ahead.isEmpty { takeNearest(at: sink.now) }
        // A file of whole blocks ends with an empty one.
        file?.isCutOff = lack == 0
        file?.finish(into: &sink)
        file = nil
    }
}
