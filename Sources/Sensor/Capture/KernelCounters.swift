import CPcap

/// What the kernel counted for one capture worker since it began. Used on the worker's thread only, also in the middle
/// of a round.
final class KernelCounters {
    private let pcap: OpaquePointer
    private var last = pcap_stat()
    /// Packets, and those that the kernel had to drop.
    private(set) var received: UInt64 = 0
    private(set) var dropped: UInt64 = 0
    /// Packets that the interface itself dropped.
    private(set) var droppedByInterface: UInt64 = 0

    /// - Parameter pcap: an active handle, which outlives this.
    init(_ pcap: OpaquePointer) { self.pcap = pcap }

    /// Adds what was counted since the last call: libpcap's numbers have 32 bits and begin anew.
    func update() {
        var now = pcap_stat()
        guard pcap_stats(pcap, &now) == 0 else { return }
        received &+= UInt64(now.ps_recv &- last.ps_recv)
        dropped &+= UInt64(now.ps_drop &- last.ps_drop)
        droppedByInterface &+= UInt64(now.ps_ifdrop &- last.ps_ifdrop)
        last = now
    }
}
