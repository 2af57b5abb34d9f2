internal import Protocol

/// Gathers batches of all sensors into one transaction after another: while one is being written, the next fills.
actor GroupCommitter {
    typealias Done = @Sendable (IncomingBatch) -> Void

    private let store: any BatchStore
    private let telemetry: IngestTelemetry
    private let limitBytes: Int
    private var queue: [(batch: IncomingBatch, done: Done)] = []
    private var queuedBytes = 0
    private var room: [CheckedContinuation<Void, Never>] = []
    private let wake: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation

    /// Most batches in one transaction.
    private static let groupBatches = 256
    /// Payload after which a transaction is full.
    private static let groupBytes = 16 << 20

    init(store: any BatchStore, limitBytes: Int, telemetry: IngestTelemetry) {
        (self.store, self.limitBytes, self.telemetry) = (store, limitBytes, telemetry)
        (wake, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Takes a batch; waits while too much is queued, so that its connection is not read on.
    /// - Parameter done: called once, when the batch is durable.
    func submit(_ batch: IncomingBatch, done: @escaping Done) async {
        while queuedBytes > limitBytes {
            await withCheckedContinuation { room.append($0) }
        }
        queue.append((batch, done))
        queuedBytes += batch.content.payload.count
        waker.yield()
    }

    /// Writes until its task is cancelled. What the database refuses is tried again, ever more slowly.
    func run() async {
        for await _ in wake {
            while !queue.isEmpty {
                let group = takeGroup()
                guard await commit(group.map(\.batch)) else { return }
                for (batch, done) in group {
                    queuedBytes -= batch.content.payload.count
                    done(batch)
                }
                for waiter in room { waiter.resume() }
                room = []
            }
        }
        for waiter in room { waiter.resume() }
        room = []
    }

    private func takeGroup() -> [(batch: IncomingBatch, done: Done)] {
        var bytes = 0
        var count = 0
        while count < min(queue.count, Self.groupBatches), bytes < Self.groupBytes {
            bytes += queue[count].batch.content.payload.count
            count += 1
        }
        defer { queue.removeFirst(count) }
        return Array(queue[..<count])
    }

    /// - Returns: false when the task was cancelled before the group was stored.
    private func commit(_ group: [IncomingBatch]) async -> Bool {
        var pause = Duration.milliseconds(100)
        while true {
            do {
                try await store.commit(group)
                telemetry.stored(group)
                return true
            } catch {
                if Task.isCancelled { return false }
                telemetry.storeRefused(error, batches: group.count, retryIn: pause)
            }
            do { try await Task.sleep(for: pause) } catch { return false }
            pause = min(pause * 2, .seconds(5))
        }
    }
}
