import Shared

/// IP packets whose fragments have not all come (RFC 791 §3.2, RFC 8200 §4.5), in memory that has a limit.
///
/// Where fragments overlap, the first bytes seen stay. A packet that is not complete in time is forgotten.
struct FragmentTable {
    /// RFC 8200 §4.5 gives 60 s, systems in use wait 15 to 60.
    static let timeout = Interval.seconds(30)
    /// Fragments of one packet: 65,535 bytes in pieces of a usual size make 45.
    private static let maximumFragments = 256
    private static let maximumPacket = 65_535
    /// Extension header of IPv6 that tells of a fragment.
    private static let fragmentHeaderLength = 8
    /// Bookkeeping that a waiting packet costs besides its bytes.
    private static let overheadBytes = 512

    enum Outcome {
        case waiting, refused
        /// The payload, and headers that describe it as one packet.
        case complete([UInt8], DecodedPacket)
    }

    private struct Key: Hashable {
        var source: IPAddress
        var destination: IPAddress
        var identification: UInt32
        var ipProtocol: UInt8
    }

    /// Bytes of a packet that nobody sent before.
    private struct Piece {
        let start: Int
        let bytes: [UInt8]
        var end: Int { start + bytes.count }
        /// What a piece takes beside its bytes.
        static let overheadBytes = 64
        var cost: Int { bytes.count + Self.overheadBytes }
    }

    private struct Partial {
        /// What was received, by start, without overlaps. Kept apart until all is there: the last eight bytes of a long
        /// packet would else take room for all before them.
        var pieces: [Piece] = []
        /// Bytes of memory of the pieces.
        var cost = 0
        var total: Int?
        var first: DecodedPacket?
        var began: Timestamp
    }

    let limitBytes: Int
    private var partials: [Key: Partial] = [:]
    private var order: [Key] = []
    /// Packets that have a place in the order in which they are forgotten; some may be gone already.
    var placeCount: Int { order.count }
    private var oldest = 0
    private(set) var heldBytes = 0

    init(limitBytes: Int) { self.limitBytes = limitBytes }

    mutating func add(_ bytes: RawSpan, _ packet: DecodedPacket, _ time: Timestamp) -> Outcome {
        forgetOld(time)
        let start = packet.fragmentOffset
        let end = start + packet.payloadLength
        guard packet.payloadCaptured == packet.payloadLength, packet.payloadLength > 0, end <= Self.maximumPacket else {
            return .refused
        }
        let key = Key(
            source: packet.source, destination: packet.destination, identification: packet.fragmentID,
            ipProtocol: packet.ipProtocol)
        var partial = partials[key] ?? begin(key, time)
        partials[key] = nil
        heldBytes -= partial.cost
        let isGood = partial.pieces.count < Self.maximumFragments && insert(bytes, packet, start..<end, &partial)
        if isGood, let whole = complete(partial) {
            heldBytes -= Self.overheadBytes
            return .complete(partial.pieces.flatMap(\.bytes), whole)
        }
        heldBytes += partial.cost
        partials[key] = partial
        return isGood ? .waiting : .refused
    }

    private mutating func begin(_ key: Key, _ time: Timestamp) -> Partial {
        order.append(key)
        heldBytes += Self.overheadBytes
        return Partial(began: time)
    }

    /// Copies what is new of a fragment.
    private func insert(
        _ bytes: RawSpan, _ packet: DecodedPacket, _ range: Range<Int>, _ partial: inout Partial
    ) -> Bool {
        if let total = partial.total, range.upperBound > total { return false }
        if !packet.moreFragments { partial.total = range.upperBound }
        if range.lowerBound == 0, partial.first == nil { partial.first = packet }
        let base = packet.payloadOffset - range.lowerBound
        var position = range.lowerBound
        var index = partial.pieces.firstIndex { $0.end > position } ?? partial.pieces.count
        while position < range.upperBound {
            let next = index < partial.pieces.count ? partial.pieces[index] : nil
            let end = min(range.upperBound, next?.start ?? range.upperBound)
            if position < end {
                let new = bytes.extracting((base + position)..<(base + end)).withUnsafeBytes { Array($0) }
                let piece = Piece(start: position, bytes: new)
                partial.pieces.insert(piece, at: index)
                partial.cost += piece.cost
                index += 1
            }
            position = max(end, next?.end ?? end)
            index += 1
        }
        return true
    }

    private func complete(_ partial: Partial) -> DecodedPacket? {
        guard let total = partial.total, let first = partial.first, let last = partial.pieces.last, last.end == total
        else { return nil }
        var end = 0
        for piece in partial.pieces {
            guard piece.start == end else { return nil }
            end = piece.end
        }
        var whole = first
        whole.isFragment = false
        // The header that told of the fragment goes (RFC 8200 section 4.5): IPv4 has none of its own for that.
        let fragmentHeader = first.source.isIPv4 ? 0 : Self.fragmentHeaderLength
        whole.ipLength = first.ipLength - first.payloadLength - fragmentHeader + total
        whole.payloadOffset = 0
        whole.payloadLength = total
        whole.payloadCaptured = total
        return whole
    }

    /// Forgets packets that wait too long, also by a time that went back since, and the oldest while there are too many
    /// bytes.
    private mutating func forgetOld(_ time: Timestamp) {
        while oldest < order.count {
            let key = order[oldest]
            if let partial = partials[key] {
                let isOld = time - partial.began > Self.timeout || partial.began - time > Self.timeout
                guard isOld || heldBytes > limitBytes else { break }
                heldBytes -= partial.cost + Self.overheadBytes
                partials[key] = nil
            }
            oldest += 1
        }
        guard order.count > 1024, oldest * 2 > order.count || order.count > 4 * partials.count else { return }
        // Packets that became complete leave their place behind: behind one that never does, they would pile up.
        var seen: Set<Key> = []
        order = order[oldest...].filter { partials[$0] != nil && seen.insert($0).inserted }
        oldest = 0
    }
}
