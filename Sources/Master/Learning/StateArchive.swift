import Shared

/// The way of states between memory and checkpoint: collects what changed, or hands out what was stored.
struct StateArchive {
    /// What was stored, when restoring.
    let stored: [StateKey: [UInt8]]
    let isRestoring: Bool
    /// What changed, when saving.
    var changed: [StateKey: [UInt8]] = [:]
    /// States that could not be read.
    var broken: [StateKey] = []

    init() {
        stored = [:]
        isRestoring = false
    }

    init(restoring stored: [StateKey: [UInt8]]) {
        self.stored = stored
        isRestoring = true
    }

    /// One state that is written at every checkpoint in which `isChanged`.
    mutating func single(_ part: String, _ value: inout some StateCoded, isChanged: Bool = true) {
        let key = StateKey(part: part, key: "")
        if isRestoring {
            read(key, into: &value)
        } else if isChanged {
            changed[key] = StateCoder.encode(&value)
        }
    }

    /// Many states of one kind, in shards of neighbours.
    mutating func memory<State: StateCoded>(_ part: String, _ memory: inout EntityMemory<State>) {
        if isRestoring {
            var shard = 0
            while stored[StateKey(part: part, key: String(shard))] != nil {
                var states: [State] = []
                readList(StateKey(part: part, key: String(shard)), into: &states)
                memory.restore(shard: shard, states)
                shard += 1
            }
        } else {
            memory.encodeChanged { shard, bytes in changed[StateKey(part: part, key: String(shard))] = bytes }
        }
    }

    private mutating func read(_ key: StateKey, into value: inout some StateCoded) {
        guard let bytes = stored[key] else { return }
        var coder = StateCoder(reading: bytes)
        value.code(&coder)
        if coder.isBroken { broken.append(key) }
    }

    private mutating func readList<State: StateCoded>(_ key: StateKey, into states: inout [State]) {
        guard let bytes = stored[key] else { return }
        var coder = StateCoder(reading: bytes)
        coder.code(&states)
        if coder.isBroken { broken.append(key) }
    }
}
