internal import Logging
internal import Metrics
internal import Protocol

/// The operational facts of ingest: log line and metric together.
struct IngestTelemetry: Sendable {
    let logger: Logger
    private let batches = Counter(label: "master_ingest_batches_total")
    private let records = Counter(label: "master_ingest_records_total")
    private let bytes = Counter(label: "master_ingest_bytes_total")
    private let duplicates = Counter(label: "master_ingest_duplicate_batches_total")
    private let refusals = Counter(label: "master_ingest_refused_total")
    private let failures = Counter(label: "master_ingest_store_failures_total")
    private let unknown = Counter(label: "master_ingest_unknown_records_total")

    init(logger: Logger) { self.logger = logger }

    func stored(_ group: [IncomingBatch]) {
        batches.increment(by: group.count)
        records.increment(by: group.reduce(0) { $0 + $1.content.recordCount })
        bytes.increment(by: group.reduce(0) { $0 + $1.content.payload.count })
    }

    func duplicate() { duplicates.increment() }

    func storeRefused(_ error: any Error, batches: Int, retryIn pause: Duration) {
        failures.increment()
        logger.error(
            "The database did not take batches; trying again",
            metadata: ["error": "\(error)", "batches": "\(batches)", "retry_in": "\(pause)"])
    }

    func refused(_ refusal: Refusal, peer: String) {
        refusals.increment()
        logger.warning(
            "Refused a sensor",
            metadata: ["peer": "\(peer)", "code": "\(refusal.code)", "reason": "\(refusal.message)"])
    }

    func skipped(_ decoded: DecodedBatch, from sensor: SensorIdentity) {
        guard !decoded.unknownKinds.isEmpty || decoded.unknownFields > 0 else { return }
        unknown.increment(by: decoded.unknownKinds.values.reduce(0, +))
        logger.debug(
            "A sensor sent kinds or fields that this version does not know",
            metadata: ["sensor": "\(sensor)", "kinds": "\(decoded.unknownKinds)", "fields": "\(decoded.unknownFields)"])
    }

    func connected(_ sensor: SensorIdentity, version: String, lastSequence: UInt64) {
        logger.info(
            "Sensor connected",
            metadata: ["sensor": "\(sensor)", "version": "\(version)", "last_sequence": "\(lastSequence)"])
    }

    func disconnected(_ peer: String, error: (any Error)?) {
        logger.info(
            "Connection ended", metadata: ["peer": "\(peer)", "error": "\(error.map { "\($0)" } ?? "none")"])
    }

    func directoryFailed(_ error: any Error) {
        failures.increment()
        logger.error("The database did not answer about a sensor", metadata: ["error": "\(error)"])
    }

    func crowded() {
        refusals.increment()
        logger.warning("Too many connections; one was closed")
    }

    func enrolled(_ sensor: SensorIdentity) { logger.info("Sensor enrolled", metadata: ["sensor": "\(sensor)"]) }
}
