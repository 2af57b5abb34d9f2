import Foundation
import Master
import Protocol
import Shared

/// What the database keeps of sensors and batches, for tests of the network side.
actor MemoryFleet: BatchStore, SensorDirectory {
    private(set) var batches: [SensorIdentity: [UInt64: EncodedBatch]] = [:]
    private(set) var health: [SensorIdentity: SensorHealth] = [:]
    private var tokens: [[UInt8]: EnrolmentToken] = [:]
    private var certificates: [String: SensorCertificate] = [:]
    private(set) var commits = 0
    private var failuresLeft = 0

    struct Down: Error {}

    func failNext(_ count: Int) { failuresLeft = count }

    func commit(_ batches: [IncomingBatch]) async throws {
        if failuresLeft > 0 {
            failuresLeft -= 1
            throw Down()
        }
        commits += 1
        for batch in batches where self.batches[batch.sensor]?[batch.sequence] == nil {
            self.batches[batch.sensor, default: [:]][batch.sequence] = batch.content
        }
    }

    func lastSequence(of sensor: SensorIdentity) -> UInt64 { batches[sensor]?.keys.max() ?? 0 }

    func waitUntilLearned(_ sensor: SensorIdentity, through sequence: UInt64) async throws {
        while lastSequence(of: sensor) < sequence { try await Task.sleep(for: .milliseconds(5)) }
    }

    func add(_ token: EnrolmentToken) { tokens[token.hash] = token }

    func redeem(tokenHash: [UInt8], for certificate: SensorCertificate, now: Timestamp) throws {
        guard let token = tokens[tokenHash] else { throw EnrolmentRefusal.tokenUnknown }
        try token.check(for: certificate.sensor, now: now)
        guard !certificates.values.contains(where: { $0.sensor == certificate.sensor && $0.revokedAt == nil }) else {
            throw EnrolmentRefusal.nameTaken(certificate.sensor)
        }
        tokens[tokenHash]?.usedAt = now
        certificates[certificate.serial] = certificate
    }

    func add(_ certificate: SensorCertificate) { certificates[certificate.serial] = certificate }
    func certificate(serial: String) -> SensorCertificate? { certificates[serial] }

    func revoke(_ sensor: SensorIdentity, now: Timestamp) -> [String] {
        let serials = certificates.values.filter { $0.sensor == sensor && $0.revokedAt == nil }.map(\.serial)
        for serial in serials { certificates[serial]?.revokedAt = now }
        return serials
    }

    func revokedSerials(now: Timestamp) -> Set<String> {
        Set(certificates.values.filter { $0.revokedAt != nil }.map(\.serial))
    }

    func saw(_ sensor: SensorIdentity, version: String, at now: Timestamp) {}
    func report(_ health: SensorHealth, of sensor: SensorIdentity, at now: Timestamp) { self.health[sensor] = health }
}
