import Shared

/// Copies of packets on their way from the thread that reads to a worker.
struct PacketChunk: Sendable {
    /// About what the second level of a core's cache holds.
    private static let capacityBytes = 256 << 10

    private struct Entry: Sendable {
        var time: Timestamp
        var linkType: LinkType
        var end: Int
        var wireLength: Int
    }

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []

    /// Adds a packet.
    /// - Returns: false when it is full; an empty one takes any packet.
    mutating func append(_ packet: CapturedPacket) -> Bool {
        if bytes.count + packet.bytes.count > Self.capacityBytes, !entries.isEmpty { return false }
        if bytes.capacity == 0 { bytes.reserveCapacity(Self.capacityBytes) }
        bytes.append(contentsOf: packet.bytes)
        entries.append(
            Entry(
                time: packet.time, linkType: packet.linkType, end: bytes.count, wireLength: packet.wireLength))
        return true
    }

    func forEach(_ body: (CapturedPacket) -> Void) {
        bytes.withUnsafeBytes { bytes in
            var start = 0
            for entry in entries {
                body(
                    CapturedPacket(
                        time: entry.time, linkType: entry.linkType,
                        bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<entry.end]),
                        wireLength: entry.wireLength))
                start = entry.end
            }
        }
    }
}
