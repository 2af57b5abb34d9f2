/// How a network interface is captured.
public struct LiveSettings: Sendable {
    public var interface: String
    /// Kernel ring of each worker, in bytes.
    public var bufferBytes = 64 << 20
    /// Bytes kept of each packet. Loopback and cards that put segments together have packets beyond 64 KiB; the ring
    /// takes of each what it is long.
    public var snapLength = 262_144
    public var promiscuous = true
    /// A filter in tcpdump's language, applied by the kernel.
    public var filter: String?
    /// Threads that share the interface; the kernel gives both directions of a flow to the same one.
    public var workers = 1
    /// How long records wait at most to become a batch, in milliseconds.
    public var batchIntervalMs = 1000

    public init(interface: String) { self.interface = interface }
}

/// What live capture did, since its start.
public struct LiveCounters: Sendable {
    /// Packets that the kernel counted for us, and those that it had to drop because we were too slow.
    public var received: UInt64 = 0
    public var droppedByKernel: UInt64 = 0
    /// Packets that the interface itself dropped.
    public var droppedByInterface: UInt64 = 0
    public var flow = FlowCounters()
    public var openFlows = 0
    public var batches: UInt64 = 0
    /// Batches and records that the next stage had no room for.
    public var lostBatches: UInt64 = 0
    public var lostRecords: UInt64 = 0

    public init() {}

    /// What several workers counted together.
    init(sum counters: [LiveCounters]) {
        for one in counters {
            received &+= one.received
            droppedByKernel &+= one.droppedByKernel
            droppedByInterface &+= one.droppedByInterface
            flow.add(one.flow)
            openFlows += one.openFlows
            batches &+= one.batches
            lostBatches &+= one.lostBatches
            lostRecords &+= one.lostRecords
        }
    }
}
