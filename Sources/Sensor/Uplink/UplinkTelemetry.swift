internal import Foundation
internal import Logging
internal import Protocol

/// The operational facts of the uplink: one log line for each.
struct UplinkTelemetry: Sendable {
    let logger: Logger

    init(logger: Logger) { self.logger = logger }

    func connected(lastSequence: UInt64) {
        logger.info("Connected to the master", metadata: ["last_sequence": "\(lastSequence)"])
    }

    /// A certificate that ends takes the sensor with it: somebody is told a month before.
    func certificateEnds(_ end: Date, now: Date) {
        let days = Int(end.timeIntervalSince(now) / 86_400)
        guard days < 30 else { return }
        logger.warning(
            "The sensor's certificate ends soon: enrol it again with a new token, with another --state",
            metadata: ["ends": "\(end.formatted(.iso8601))", "days": "\(days)"])
    }

    /// - Parameter pause: until the next attempt; nil when there is none.
    func ended(_ error: UplinkError, retryIn pause: Duration?) {
        guard let pause else { return }
        logger.warning(
            "Not connected to the master, trying again", metadata: ["error": "\(error)", "retry_in": "\(pause)"])
    }
}
