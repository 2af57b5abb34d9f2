internal import Logging
internal import Metrics
internal import Protocol
internal import Shared

/// The operational facts of ingest: log line and metric together.
struct IngestTelemetry: Sendable {
    let logger: Logger
    private let batches = Counter(label: "master_ingest_batches_total")
    private let records = Counter(label: "master_ingest_records_total")
    private let bytes = Counter(label: "master_ingest_bytes_total")
    private let duplicates = Counter(label: "master_ingest_duplicate_batches_total")
    private let connects = Counter(label: "master_ingest_connects_total")
    private let enrolments = Counter(label: "master_ingest_enrolments_total")
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
        count(refusal: "\(refusal.code)")
        logger.warning("Refused \(peer): \(refusal.message)", metadata: ["code": "\(refusal.code)"])
    }

    private func count(refusal code: String) {
        Counter(label: "master_ingest_refused_total", dimensions: [("code", code)]).increment()
    }

    func skipped(_ decoded: DecodedBatch, from sensor: SensorIdentity) {
        guard !decoded.unknownKinds.isEmpty || decoded.unknownFields > 0 else { return }
        unknown.increment(by: decoded.unknownKinds.values.reduce(0, +))
        logger.debug(
            "A sensor sent kinds or fields that this version does not know",
            metadata: ["sensor": "\(sensor)", "kinds": "\(decoded.unknownKinds)", "fields": "\(decoded.unknownFields)"])
    }

    func connected(_ sensor: SensorIdentity, version: String, lastSequence: UInt64, peer: String) {
        connects.increment()
        logger.info(
            "Sensor connected",
            metadata: [
                "sensor": "\(sensor)", "peer": "\(peer)", "version": "\(version)", "last_sequence": "\(lastSequence)",
            ])
    }

    /// - Parameters:
    ///   - sensor: who it was, when it had come so far.
    ///   - error: what ended the connection; nil when it was closed in order.
    func disconnected(_ peer: String, sensor: SensorIdentity?, error: (any Error)?) {
        switch error {
        case let failure as TLSFailure where failure.isRefusal:
            count(refusal: "tls")
            logger.warning("Refused \(peer): \(failure).")
        case .some(let error): logger.info("The connection of \(sensor.map { "\($0), " } ?? "")\(peer) broke: \(error)")
        case nil:
            guard let sensor else { return logger.debug("\(peer) has closed its connection") }
            logger.info("Sensor disconnected", metadata: ["sensor": "\(sensor)", "peer": "\(peer)"])
        }
    }

    /// What a sensor tells of itself, for those who watch many sites in one place.
    func reported(_ health: SensorHealth, by sensor: SensorIdentity) {
        let labels = [("site", sensor.site), ("sensor", sensor.sensor)]
        let values: [(name: String, value: Double)] = [
            ("packets", Double(health.packets)), ("packet_bytes", Double(health.packetBytes)),
            ("dropped_packets", Double(health.dropped)),
            ("interface_dropped_packets", Double(health.interfaceDropped)),
            ("lost_records", Double(health.recordsLost)), ("cpu_cores", Double(health.cpuPermille) / 1000),
            ("memory_bytes", Double(health.memoryBytes)), ("spool_bytes", Double(health.spoolBytes)),
            ("spool_batches", Double(health.spoolBatches)),
            ("clock_offset_seconds", Double(health.clockOffset.nanoseconds) / 1e9),
            ("reported_at_seconds", Double(health.at.nanoseconds) / 1e9),
        ]
        for (name, value) in values { Gauge(label: "sensor_\(name)", dimensions: labels).record(value) }
    }

    func directoryFailed(_ error: any Error) {
        failures.increment()
        logger.error("The database did not answer about a sensor", metadata: ["error": "\(error)"])
    }

    func crowded() {
        count(refusal: "crowded")
        logger.warning("Too many connections; one was closed")
    }

    func enrolled(_ sensor: SensorIdentity, peer: String) {
        enrolments.increment()
        logger.info("Sensor enrolled", metadata: ["sensor": "\(sensor)", "peer": "\(peer)"])
    }
}
