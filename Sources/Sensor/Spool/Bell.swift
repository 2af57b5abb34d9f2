internal import Synchronization

/// Tells whoever waits that something has changed; what it is now, they look up themselves.
public final class Bell: Sendable {
    private struct Listeners {
        var next = 0
        var streams: [Int: AsyncStream<Void>.Continuation] = [:]
    }

    private let listeners = Mutex(Listeners())

    public init() {}

    public func ring() {
        let streams = listeners.withLock { Array($0.streams.values) }
        for stream in streams { stream.yield() }
    }

    /// Rings of any of these bells from now on; those that come faster than they are taken become one.
    static func rings(of bells: [Bell]) -> AsyncStream<Void> {
        let (rings, stream) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let places = bells.map { ($0, $0.enter(stream)) }
        stream.onTermination = { _ in
            for (bell, place) in places { bell.leave(place) }
        }
        return rings
    }

    private func enter(_ stream: AsyncStream<Void>.Continuation) -> Int {
        listeners.withLock {
            $0.next += 1
            $0.streams[$0.next] = stream
            return $0.next
        }
    }

    private func leave(_ place: Int) {
        // The last reference goes outside of the lock: what ends with it may come back here.
        let stream = listeners.withLock { $0.streams.removeValue(forKey: place) }
        withExtendedLifetime(stream) {}
    }

    /// Returns when `condition` holds; it is looked at now and after each ring.
    /// - Throws: `CancellationError`.
    func wait(until condition: () async -> Bool) async throws {
        let rings = Self.rings(of: [self])
        if await condition() { return }
        for await _ in rings where await condition() { return }
        throw CancellationError()
    }
}
