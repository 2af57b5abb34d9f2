internal import Foundation
internal import Synchronization

/// Calls back at the first SIGTERM, SIGINT or SIGHUP, for as long as it lives. What then takes too long for somebody
/// is ended at once by another one.
final class StopSignals {
    /// A signal right behind the first is of the same wish: a terminal that closes sends one to all, and so do those
    /// who started us.
    private static let leastPause = Duration.seconds(1)

    private let sources: [any DispatchSourceSignal]

    /// When the first signal came.
    private final class First: Sendable {
        private let time = Mutex<ContinuousClock.Instant?>(nil)

        /// - Returns: nil when this is the first.
        func take(_ now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
            time.withLock { time in
                defer { time = time ?? now }
                return time
            }
        }
    }

    init(_ stop: @escaping @Sendable () -> Void) {
        // One of its own, whose thread nobody else can block.
        let queue = DispatchQueue(label: "stop signals")
        let first = First()
        sources = [SIGTERM, SIGINT, SIGHUP].compactMap { number in
            let isIgnored = Self.isIgnored(signal(number, SIG_IGN))
            // As nohup(1) wants it.
            if number == SIGHUP, isIgnored { return nil }
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                let now = ContinuousClock.now
                guard let before = first.take(now) else { return stop() }
                // The exit status that shells give a program that a signal ended.
                if now - before >= Self.leastPause { _exit(128 + number) }
            }
            source.resume()
            return source
        }
    }

    /// Handlers are compared as numbers: they are no functions that could be called (signal(2)).
    private static func isIgnored(_ handler: sighandler_t?) -> Bool {
        unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    deinit { for source in sources { source.cancel() } }
}
