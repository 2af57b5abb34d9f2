import Foundation
import Protocol
import Sensor
import Shared
import Testing

@testable import Master

@Suite(.serialized) struct IngestServerTests {
    static func refusal(_ body: () async throws -> Void) async -> WireRefused.Code? {
        do { try await body() } catch UplinkError.refused(let refusal) { return refusal.code } catch { return nil }
        return nil
    }

    @Test(.timeLimit(.minutes(10))) func batchesReachTheStoreOverTLS() async throws {
        try await TestMaster.run { master in
            let directory = try await master.sensor("edge")
            let spool = try Spool(directory: directory + "/spool")
            for number in 1...300 { try await spool.append(TestBatch.encoded(number)) }
            try await spool.sync()
            try await master.uplink(directory) { $0.stored == 300 }
            let stored = await master.fleet.batches[SensorIdentity(site: "tokyo", sensor: "edge")] ?? [:]
            #expect(stored.count == 300)
            #expect(try stored[77] == TestBatch.encoded(77))
            let keyMode = try FileManager.default.attributesOfItem(atPath: directory + "/sensor.key")[.posixPermissions]
            #expect(keyMode as? Int == 0o600)
        }
    }

    @Test(.timeLimit(.minutes(10))) func aStoreThatFailsForAWhileLosesNothing() async throws {
        try await TestMaster.run { master in
            let directory = try await master.sensor("edge")
            let spool = try Spool(directory: directory + "/spool")
            for number in 1...5 { try await spool.append(TestBatch.encoded(number)) }
            try await spool.sync()
            await master.fleet.failNext(3)
            try await master.uplink(directory) { $0.stored == 5 }
            #expect(await master.fleet.batches.values.first?.count == 5)
        }
    }

    @Test(.timeLimit(.minutes(10))) func aTokenIsGoodOnce() async throws {
        try await TestMaster.run { master in
            let token = try await master.enrolment.createToken(site: "tokyo", now: TestMaster.now).description
            func enrol(_ name: String, site: String = "tokyo") async throws {
                try await Enroller.enrol(
                    master: master.address, token: token, site: site, name: name,
                    directory: master.folder + "/" + name)
            }
            #expect(await Self.refusal { try await enrol("a", site: "osaka") } == .tokenSite)
            try await enrol("b")
            #expect(await Self.refusal { try await enrol("c") } == .tokenUsed)
            #expect(!FileManager.default.fileExists(atPath: master.folder + "/c"))
        }
    }

    @Test(.timeLimit(.minutes(10))) func anExpiredTokenAndATakenNameAreRefused() async throws {
        try await TestMaster.run { master in
            let old = try await master.enrolment.createToken(
                site: "tokyo", lifetime: .seconds(1), now: TestMaster.now - .seconds(2))
            let code = await Self.refusal {
                try await Enroller.enrol(
                    master: master.address, token: old.description, site: "tokyo", name: "a",
                    directory: master.folder + "/a")
            }
            #expect(code == .tokenExpired)
            _ = try await master.sensor("edge")
            let taken = await Self.refusal {
                let token = try await master.enrolment.createToken(site: "tokyo", now: TestMaster.now)
                try await Enroller.enrol(
                    master: master.address, token: token.description, site: "tokyo", name: "edge",
                    directory: master.folder + "/other")
            }
            #expect(taken == .nameTaken)
        }
    }

    @Test(.timeLimit(.minutes(10))) func aSensorDoesNotEnrolAtAStranger() async throws {
        try await TestMaster.run { master in
            let strangers = TokenText(caFingerprint: [UInt8](repeating: 7, count: 32))
            await #expect {
                try await Enroller.enrol(
                    master: master.address, token: strangers.description, site: "tokyo", name: "a",
                    directory: master.folder + "/a")
            } throws: { error in
                if case UplinkError.notTheMaster = error { true } else { false }
            }
        }
    }

    @Test(.timeLimit(.minutes(10))) func revocationCutsALiveConnectionAndTheNextOnes() async throws {
        try await TestMaster.run { master in
            let directory = try await master.sensor("edge")
            let sensor = SensorIdentity(site: "tokyo", sensor: "edge")
            let first = await Self.refusal {
                try await master.uplink(directory) { state in
                    if state.isConnected {
                        Task { _ = await master.fleet.revoke(sensor, now: TestMaster.now) }
                    }
                    return false
                }
            }
            #expect(first == .revoked)
            #expect(await Self.refusal { try await master.uplink(directory) { _ in false } } == .revoked)
        }
    }

    @Test(.timeLimit(.minutes(10))) func certificatesOfAnotherAuthorityOrOfThePastAreRefused() async throws {
        try await TestMaster.run { master in
            let directory = try await master.sensor("edge")
            let key = try SensorKey(pem: PrivateFile.read(directory + "/sensor.key"))
            let identity = SensorIdentity(site: "tokyo", sensor: "edge")
            let request = try key.request(for: identity)
            let stranger = try CertificateAuthority(directory: master.folder + "/stranger", now: Date())
            let past = Date(timeIntervalSinceNow: -400 * 86_400)
            let wrong = [
                try stranger.sensorCertificate(request: request, identity: identity, now: Date()).der,
                try master.enrolment.authority.sensorCertificate(request: request, identity: identity, now: past).der,
            ]
            for der in wrong {
                try PrivateFile.write(PEM.certificate(der: der), to: directory + "/sensor.crt")
                await #expect {
                    try await master.uplink(directory) { _ in false }
                } throws: { error in
                    if case UplinkError.certificate = error { true } else { false }
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(10))) func anAlteredBatchIsRefusedAndNotStored() async throws {
        try await TestMaster.run { master in
            let directory = try await master.sensor("edge")
            let spool = try Spool(directory: directory + "/spool")
            var bad = try TestBatch.encoded(1)
            bad.payload[bad.payload.count / 2] ^= 1
            try await spool.append(bad)
            try await spool.sync()
            #expect(await Self.refusal { try await master.uplink(directory) { _ in false } } == .altered)
            #expect(await master.fleet.batches.isEmpty)
        }
    }
}
