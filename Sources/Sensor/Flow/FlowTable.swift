import Shared

/// The connections of one capture worker: open addressing over flows in slabs, in memory that has a limit.
///
/// Each slot of the index holds 32 bits of the hash and the number of a flow; linear probing, deletion by shifting
/// back. Flows are linked by number into lists by expiry, oldest first.
struct FlowTable: ~Copyable {
    static let none = UInt32.max
    private static let slabShift = 16
    private static let slabSize = 1 << FlowTable.slabShift
    private static let slabMask = FlowTable.slabSize - 1

    /// Flows held at most.
    let limit: Int
    private(set) var count = 0
    private let slots: UnsafeMutablePointer<UInt64>
    private let slotMask: Int
    private let slabs: UnsafeMutablePointer<UnsafeMutablePointer<Flow>?>
    private let slabCount: Int
    private var used: UInt32 = 0
    private var firstFree = FlowTable.none
    let seed: UInt64

    /// - Parameters:
    ///   - limit: flows at most; the index takes 16 to 32 bytes for each, a flow itself 320 when used.
    ///   - seed: of the hash; nobody outside may know it, for who does can send keys that all have the same hash.
    init(limit: Int, seed: UInt64 = .random(in: .min ... .max)) {
        self.limit = max(1, min(limit, 1 << 26))
        self.seed = seed
        var size = 1024
        while size < self.limit * 2 { size *= 2 }
        slots = PageMemory.allocate(byteCount: size * 8).bindMemory(to: UInt64.self, capacity: size)
        slots.initialize(repeating: 0, count: size)
        slotMask = size - 1
        slabCount = (self.limit + Self.slabSize - 1) / Self.slabSize
        slabs = .allocate(capacity: slabCount)
        slabs.initialize(repeating: nil, count: slabCount)
    }

    deinit {
        for index in 0..<slabCount { if let slab = slabs[index] { UnsafeMutableRawPointer(slab).deallocate() } }
        slabs.deallocate()
        slots.deallocate()
    }

    /// The flow with this number, which must be in use.
    @inline(__always)
    func flow(_ number: UInt32) -> UnsafeMutablePointer<Flow> {
        let index = Int(number)
        return slabs[index >> Self.slabShift].unsafelyUnwrapped + (index & Self.slabMask)
    }

    /// Place of a key in this table: nobody outside can tell it.
    @inline(__always)
    func hash(of key: FlowKey) -> UInt64 { key.hash(seed: seed, secret: seed.byteSwapped) }

    @inline(__always)
    private static func entry(_ hash: UInt64, _ number: UInt32) -> UInt64 {
        hash & 0xFFFF_FFFF_0000_0000 | UInt64(number &+ 1)
    }

    /// Number of the flow with this key, or ``none``.
    @inline(__always)
    func find(_ key: FlowKey, _ hash: UInt64) -> UInt32 {
        var slot = Int(truncatingIfNeeded: hash) & slotMask
        while true {
            let entry = slots[slot]
            if entry == 0 { return Self.none }
            if (entry ^ hash) >> 32 == 0 {
                let number = UInt32(truncatingIfNeeded: entry) &- 1
                if flow(number).pointee.key == key { return number }
            }
            slot = (slot &+ 1) & slotMask
        }
    }

    /// Memory taken so far, the whole index counted.
    var byteCount: Int {
        Int(used) * MemoryLayout<Flow>.stride + (slotMask + 1) * 8
    }

    var isFull: Bool { count >= limit }

    /// Adds a flow; there must be room.
    /// - Parameter hash: of its key.
    mutating func insert(_ new: Flow, _ hash: UInt64) -> UInt32 {
        let number = allocate()
        flow(number).initialize(to: new)
        var slot = Int(truncatingIfNeeded: hash) & slotMask
        while slots[slot] != 0 { slot = (slot + 1) & slotMask }
        slots[slot] = Self.entry(hash, number)
        count += 1
        return number
    }

    private mutating func allocate() -> UInt32 {
        if firstFree != Self.none {
            let number = firstFree
            firstFree = flow(number).pointee.following
            return number
        }
        let number = used
        used += 1
        let slab = Int(number) >> Self.slabShift
        if slabs[slab] == nil { slabs[slab] = newSlab() }
        return number
    }

    /// Room for flows, each of which begins with a line of the processor's cache.
    private func newSlab() -> UnsafeMutablePointer<Flow> {
        let size = min(Self.slabSize, limit)
        return PageMemory.allocate(byteCount: size * MemoryLayout<Flow>.stride)
            .bindMemory(to: Flow.self, capacity: size)
    }

    /// Takes a flow out; it must be out of all lists.
    mutating func remove(_ number: UInt32) {
        let hash = hash(of: flow(number).pointee.key)
        let wanted = Self.entry(hash, number)
        var hole = Int(truncatingIfNeeded: hash) & slotMask
        while slots[hole] != wanted { hole = (hole + 1) & slotMask }
        closeGap(hole)
        flow(number).pointee.following = firstFree
        firstFree = number
        count -= 1
    }

    /// Moves later entries of the same run into the hole, where that brings them nearer to their home.
    private func closeGap(_ start: Int) {
        var hole = start
        var slot = (hole + 1) & slotMask
        while slots[slot] != 0 {
            let home = Int(truncatingIfNeeded: homeHash(slots[slot])) & slotMask
            if (slot &- home) & slotMask >= (slot &- hole) & slotMask {
                slots[hole] = slots[slot]
                hole = slot
            }
            slot = (slot + 1) & slotMask
        }
        slots[hole] = 0
    }

    private func homeHash(_ entry: UInt64) -> UInt64 {
        hash(of: flow(UInt32(truncatingIfNeeded: entry) &- 1).pointee.key)
    }
}
