internal import Logging
internal import Protocol

/// The operational facts of the uplink: one log line for each.
struct UplinkTelemetry: Sendable {
    let logger: Logger

    init(logger: Logger) { self.logger = logger }

    func connected(lastSequence: UInt64) {
        logger.info("Connected to the master", metadata: ["last_sequence": "\(lastSequence)"])
    }

    /// - Parameter pause: until the next attempt; nil when there is none.
    func ended(_ error: UplinkError, retryIn pause: Duration?) {
        guard let pause else { return }
        logger.warning(
            "Not connected to the master, trying again", metadata: ["error": "\(error)", "retry_in": "\(pause)"])
    }
}
