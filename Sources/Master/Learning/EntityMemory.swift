/// What is remembered about each of many entities, by their number; knows which of them changed since the last
/// checkpoint, by shards of neighbours.
struct EntityMemory<State: StateCoded>: Sendable {
    private(set) var states: [State] = []
    private var changed: [Bool] = []
    let shardSize: Int

    /// - Parameter shardSize: entities that share a stored state.
    init(shardSize: Int = 1) { self.shardSize = shardSize }

    var count: Int { states.count }

    /// Reads do not mark an entity as changed; entities that were never touched are as new.
    func peek(_ index: Int) -> State { index < states.count ? states[index] : State() }

    subscript(index: Int) -> State {
        _read { yield states[index] }
        _modify {
            grow(to: index)
            changed[index / shardSize] = true
            yield &states[index]
        }
    }

    private mutating func grow(to index: Int) {
        guard index >= states.count else { return }
        while states.count <= index { states.append(State()) }
        // Shards in between are written too, so that reading back finds them without a gap.
        while changed.count <= index / shardSize { changed.append(true) }
    }

    mutating func encodeChanged(_ body: (Int, [UInt8]) -> Void) {
        for shard in changed.indices where changed[shard] {
            changed[shard] = false
            var coder = StateCoder()
            let range = shard * shardSize..<min(states.count, (shard + 1) * shardSize)
            _ = coder.code(count: range.count)
            for index in range { states[index].code(&coder) }
            body(shard, coder.bytes)
        }
    }

    mutating func restore(shard: Int, _ restored: [State]) {
        while states.count < shard * shardSize { states.append(State()) }
        states.append(contentsOf: restored)
        while changed.count <= shard { changed.append(false) }
    }
}
