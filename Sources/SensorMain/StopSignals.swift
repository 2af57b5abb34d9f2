internal import Foundation

/// Calls back at the first SIGTERM, SIGINT or SIGHUP, for as long as it lives.
final class StopSignals {
    private let sources: [any DispatchSourceSignal]

    init(_ stop: @escaping @Sendable () -> Void) {
        sources = [SIGTERM, SIGINT, SIGHUP].compactMap { number in
            let isIgnored = Self.isIgnored(signal(number, SIG_IGN))
            // As nohup(1) wants it.
            if number == SIGHUP, isIgnored { return nil }
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler(handler: stop)
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
