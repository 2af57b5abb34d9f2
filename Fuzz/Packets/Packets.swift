import Shared

/// Packets of a hostile network: link type, then packets each behind two bytes of length and one of time.
///
/// What must hold: no crash, and the numbers add up.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPackets(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let links: [LinkType] = [.ethernet, .raw, .null, .linuxCooked, .linuxCooked2, .ppp, .nflog, .pppoE]
    let bytes = UnsafeRawBufferPointer(start: start, count: count)
    guard count > 4 else { return 0 }
    var settings = FlowSettings()
    settings.flowLimit = 32
    settings.reassemblyLimitBytes = 1 << 16
    settings.reassemblyLimitPerSideBytes = 1 << 14
    settings.fragmentLimitBytes = 1 << 16
    var engine = FlowEngine(settings: settings)
    var time = Timestamp(nanoseconds: 1_700_000_000_000_000_000)
    let link = links[Int(bytes[0]) % links.count]
    var offset = 1
    var packets: UInt64 = 0
    while offset + 3 <= count {
        let length = Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
        time = time + .milliseconds(Int64(bytes[offset + 2]) * 97)
        offset += 3
        let taken = min(length & 0x7FF, count - offset)
        let piece = UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + taken)])
        engine.process(CapturedPacket(time: time, linkType: link, bytes: piece, wireLength: max(taken, length)))
        offset += taken
        packets += 1
    }
    engine.finish()
    precondition(engine.flowCount == 0, "connections are left")
    precondition(engine.counters.packets == packets, "packets are not all counted")
    let conns = engine.takeBatch().table(ConnRecord.kind)?.rowCount ?? 0
    precondition(UInt64(conns) == engine.counters.flows, "connections without a record")
    return 0
}
