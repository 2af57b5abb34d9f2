@testable import Sensor
import Shared

/// Packets of a hostile network, through all of decoding, fragments, tunnels, flows and analyzers.
///
/// Input: a byte for the link type, then packets, each behind two bytes of length and one of time.
struct PacketsTarget: FuzzTarget {
    let name = "packets"

    static let links: [LinkType] = [
        .ethernet, .raw, .null, .linuxCooked, .linuxCooked2, .ppp, .nflog, .pppoE, .ipv4, .ipv6, .loop,
    ]
    /// Longest packet that is made.
    static let packetLimit = 0x7FF

    func run(_ input: UnsafeRawBufferPointer) {
        guard input.count > 4 else { return }
        var settings = FlowSettings()
        settings.flowLimit = 32
        settings.reassemblyLimitBytes = 1 << 16
        settings.reassemblyLimitPerSideBytes = 1 << 14
        settings.fragmentLimitBytes = 1 << 16
        var engine = FlowEngine(settings: settings)
        var time = Timestamp(nanoseconds: 1_700_000_000_000_000_000)
        let link = Self.links[Int(input[0]) % Self.links.count]
        var offset = 1
        var packets: UInt64 = 0
        while offset + 3 <= input.count {
            let length = Int(input[offset]) << 8 | Int(input[offset + 1])
            time = time + .milliseconds(Int64(input[offset + 2]) * 97)
            offset += 3
            let taken = min(length & Self.packetLimit, input.count - offset)
            let piece = UnsafeRawBufferPointer(rebasing: input[offset..<(offset + taken)])
            engine.process(CapturedPacket(time: time, linkType: link, bytes: piece, wireLength: max(taken, length)))
            offset += taken
            packets += 1
        }
        engine.finish()
        Promises.hold(&engine, packets: packets)
    }

    func seeds(of fixture: Fixture) -> [[UInt8]] {
        guard let first = fixture.packets.first, let link = Self.links.firstIndex(of: first.linkType) else { return [] }
        var seeds: [[UInt8]] = []
        var seed = [UInt8(link)]
        for packet in fixture.packets.prefix(600) where packet.bytes.count <= Self.packetLimit {
            seed += [UInt8(packet.bytes.count >> 8), UInt8(packet.bytes.count & 255), 1] + packet.bytes
            if seed.count > 6000 {
                seeds.append(seed)
                seed = [UInt8(link)]
            }
        }
        return seeds + [seed]
    }
}
