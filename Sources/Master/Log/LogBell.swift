/// Tells the consumers of a site that its log has grown, so that they need not ask the database all the time.
public actor LogBell {
    private var rings: [String: UInt64] = [:]
    private var waiters: [UInt64: (site: String, continuation: CheckedContinuation<Void, Never>)] = [:]
    private var nextWaiter: UInt64 = 0

    public init() {}

    /// How often the bell of `site` has rung: read it before the log, then wait for more.
    func count(_ site: String) -> UInt64 { rings[site, default: 0] }

    /// Sites that ever rang.
    var sites: Set<String> { Set(rings.keys) }

    public func ring(_ site: String) {
        rings[site, default: 0] += 1
        for (id, waiter) in waiters where waiter.site == site {
            waiters[id] = nil
            waiter.continuation.resume()
        }
    }

    /// Returns when the bell has rung more often than `count`, after `limit`, or when the task is cancelled.
    func wait(_ site: String, beyond count: UInt64, atMost limit: Duration) async {
        guard rings[site, default: 0] == count, !Task.isCancelled else { return }
        let id = nextWaiter
        nextWaiter += 1
        let timer = Task {
            try? await Task.sleep(for: limit)
            wake(id)
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiters[id] = (site, $0) }
        } onCancel: {
            timer.cancel()
        }
        timer.cancel()
    }

    private func wake(_ id: UInt64) { waiters.removeValue(forKey: id)?.continuation.resume() }
}
