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

    private struct Partial {
        var bytes: [UInt8] = []
        /// What was received, by start, without overlaps.
        var ranges: [Range<Int>] = []
        var total: Int?
        var first: DecodedPacket?
        var began: Timestamp
    }

    let limitBytes: Int
    private var partials: [Key: Partial] = [:]
    private var order: [Key] = []
    private var oldest = 0
    private var heldBytes = 0

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
        heldBytes -= partial.bytes.count
        let isGood = partial.ranges.count < Self.maximumFragments && insert(bytes, packet, start..<end, &partial)
        if isGood, let whole = complete(partial) {
            heldBytes -= Self.overheadBytes
            return .complete(partial.bytes, whole)
        }
        heldBytes += partial.bytes.count
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
        if partial.bytes.count < range.upperBound {
            partial.bytes.append(contentsOf: repeatElement(0, count: range.upperBound - partial.bytes.count))
        }
        let base = packet.payloadOffset - range.lowerBound
        var position = range.lowerBound
        for known in partial.ranges where known.upperBound > position {
            if known.lowerBound >= range.upperBound { break }
            if known.lowerBound > position { copy(bytes, base, position..<known.lowerBound, &partial) }
            position = max(position, known.upperBound)
        }
        if position < range.upperBound { copy(bytes, base, position..<range.upperBound, &partial) }
        join(range, &partial.ranges)
        return true
    }

    private func copy(_ bytes: RawSpan, _ base: Int, _ range: Range<Int>, _ partial: inout Partial) {
        bytes.extracting((base + range.lowerBound)..<(base + range.upperBound)).withUnsafeBytes {
            partial.bytes.replaceSubrange(range, with: $0)
        }
    }

    private func join(_ range: Range<Int>, _ ranges: inout [Range<Int>]) {
        var joined = range
        var kept: [Range<Int>] = []
        for known in ranges {
            if known.upperBound < joined.lowerBound || known.lowerBound > joined.upperBound {
                kept.append(known)
            } else {
                joined = min(known.lowerBound, joined.lowerBound)..<max(known.upperBound, joined.upperBound)
            }
        }
        kept.append(joined)
        ranges = kept.sorted { $0.lowerBound < $1.lowerBound }
    }

    private func complete(_ partial: Partial) -> DecodedPacket? {
        guard let total = partial.total, let first = partial.first, partial.ranges == [0..<total] else { return nil }
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

    /// Forgets packets that wait too long, and the oldest while there are too many bytes.
    private mutating func forgetOld(_ time: Timestamp) {
        while oldest < order.count {
            let key = order[oldest]
            if let partial = partials[key] {
                guard time - partial.began > Self.timeout || heldBytes > limitBytes else { break }
                heldBytes -= partial.bytes.count + Self.overheadBytes
                partials[key] = nil
            }
            oldest += 1
        }
        if oldest > 1024, oldest * 2 > order.count {
            order.removeFirst(oldest)
            oldest = 0
        }
    }
}
