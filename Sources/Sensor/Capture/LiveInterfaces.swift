public import Shared

/// The interfaces that a sensor captures at once.
public struct LiveInterfaces: Sendable {
    let captures: [LiveCapture]

    /// Opens all; packets are kept by the kernel from here on.
    /// - Parameter tell: called when an interface goes away and when it is back.
    /// - Throws: ``CaptureError`` when one cannot be opened or the filter is not valid.
    public init(
        _ interfaces: [LiveSettings], flowSettings: FlowSettings,
        tell: @escaping @Sendable (InterfaceEvent) -> Void
    ) throws(CaptureError) {
        let watch = InterfaceWatch()
        captures = try interfaces.map { settings throws(CaptureError) in
            try LiveCapture(settings, flowSettings: flowSettings, watch: watch, tell: tell)
        }
    }

    /// Captures until ``stop()``, and then until `take` has all that was captured.
    /// - Parameter take: called with each batch, for each interface with one after the other. It is not hurried: what
    ///   it has no time for is lost and counted, and never fills the memory.
    /// - Throws: what `take` throws, which ends the captures, and ``CaptureError`` when no interface is left.
    public func run(_ take: @escaping @Sendable (RecordBatch) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for capture in captures {
                group.addTask { try await capture.run() }
                group.addTask {
                    do {
                        for await batch in capture.channel.batches { try await take(batch) }
                    } catch {
                        stop()
                        throw error
                    }
                }
            }
            // All of them, also behind an error of one: what others captured is not lost by it.
            try await group.waitForAll()
        }
    }

    /// Asks all captures to end; may be called from any thread, and more than once.
    public func stop() {
        for capture in captures { capture.stop() }
    }

    /// Of each worker.
    public var counters: [LiveCounters] { captures.flatMap(\.counters) }

    /// Names of those that are captured now.
    var working: [String] { captures.filter(\.isWorking).map(\.settings.interface) }
}
