import Foundation

/// A thread that runs one actor's jobs, since libpq blocks and the shared pool of threads must not.
final class DatabaseThread: SerialExecutor {
    /// Jobs in order; guarded by its own lock.
    private let queue = JobQueue()

    init(name: String) {
        let queue = queue
        let thread = Thread { queue.work() }
        thread.name = name
        thread.start()
    }

    deinit { queue.stop() }

    func enqueue(_ job: consuming ExecutorJob) {
        queue.add(UnownedJob(job), for: asUnownedSerialExecutor())
    }
}

/// `@unchecked Sendable`: everything mutable is touched with `condition` held only.
private final class JobQueue: @unchecked Sendable {
    private let condition = NSCondition()
    private var jobs: [(UnownedJob, UnownedSerialExecutor)] = []
    private var isStopped = false

    func add(_ job: UnownedJob, for executor: UnownedSerialExecutor) {
        condition.withLock { jobs.append((job, executor)) }
        condition.signal()
    }

    func stop() {
        condition.withLock { isStopped = true }
        condition.signal()
    }

    func work() {
        while let batch = next() {
            for (job, executor) in batch { unsafe job.runSynchronously(on: executor) }
        }
    }

    private func next() -> [(UnownedJob, UnownedSerialExecutor)]? {
        condition.lock()
        defer { condition.unlock() }
        while jobs.isEmpty, !isStopped { condition.wait() }
        defer { jobs.removeAll() }
        return jobs.isEmpty ? nil : jobs
    }
}
