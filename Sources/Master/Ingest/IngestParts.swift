internal import Foundation
internal import NIOSSL
internal import Protocol
internal import Shared

/// What every connection of the server shares.
struct IngestParts: Sendable {
    let settings: IngestSettings
    let enrolment: Enrolment
    let directory: any SensorDirectory
    let store: any BatchStore
    let telemetry: IngestTelemetry
    let committer: GroupCommitter
    let live = LiveSensors()
    let now: @Sendable () -> Timestamp

    func tls() throws -> TLSConfiguration {
        let date = Date(timeIntervalSince1970: now().seconds)
        let authority = enrolment.authority
        let own = try authority.masterCertificate(names: settings.names, now: date)
        return try MutualTLS.server(key: own.key, chain: own.certificate, ca: authority.pem)
    }

    /// Cuts connections whose certificate was revoked after they began.
    func watchRevocations() async throws {
        while true {
            try await Task.sleep(for: .seconds(settings.revocationSeconds))
            do {
                await live.cut(serials: try await directory.revokedSerials(now: now()))
            } catch { telemetry.directoryFailed(error) }
        }
    }
}
