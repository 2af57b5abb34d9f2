import Protocol
import Shared
import Testing

@testable import Master

@Suite(.serialized) struct SensorStoreTests {
    static let now = Timestamp(nanoseconds: 1_762_000_000_000_000_000)
    static let sensor = SensorIdentity(site: "tokyo", sensor: "floor-1")

    private static func token(_ byte: UInt8, site: String = "tokyo", lives hours: Int64 = 1) -> EnrolmentToken {
        EnrolmentToken(hash: [byte], site: site, createdAt: now, expiresAt: now + .hours(hours))
    }

    private static func certificate(_ serial: String, of sensor: SensorIdentity = sensor) -> SensorCertificate {
        SensorCertificate(serial: serial, sensor: sensor, notBefore: now, notAfter: now + .days(90))
    }

    private static func refusal(_ body: () async throws -> Void) async -> EnrolmentRefusal? {
        do {
            try await body()
            return nil
        } catch {
            return error as? EnrolmentRefusal
        }
    }

    @Test func aTokenIsGoodForOneSensorOfItsSiteUntilItExpires() async throws {
        try await TestDatabase.migrated { database, _ in
            let store = SensorStore(database: database)
            try await store.add(Self.token(1))
            try await store.add(Self.token(2))
            try await store.add(Self.token(3, lives: -1))
            let unknown = await Self.refusal {
                try await store.redeem(tokenHash: [9], for: Self.certificate("0"), now: Self.now)
            }
            let other = await Self.refusal {
                let elsewhere = SensorIdentity(site: "osaka", sensor: "x")
                try await store.redeem(tokenHash: [1], for: Self.certificate("0", of: elsewhere), now: Self.now)
            }
            let expired = await Self.refusal {
                try await store.redeem(tokenHash: [3], for: Self.certificate("0"), now: Self.now)
            }
            try await store.redeem(tokenHash: [1], for: Self.certificate("a1"), now: Self.now)
            let used = await Self.refusal {
                try await store.redeem(tokenHash: [1], for: Self.certificate("0"), now: Self.now)
            }
            let taken = await Self.refusal {
                try await store.redeem(tokenHash: [2], for: Self.certificate("0"), now: Self.now)
            }
            #expect(unknown == .tokenUnknown)
            #expect(other == .otherSite("tokyo"))
            #expect(expired == .tokenExpired(at: Self.now + .hours(-1)))
            #expect(used == .tokenUsed)
            #expect(taken == .nameTaken(Self.sensor))
            // The refusal has not used up the token: revoked, the machine may be replaced with it.
            #expect(try await store.revoke(Self.sensor, now: Self.now) == ["a1"])
            #expect(try await store.revokedSerials(now: Self.now) == ["a1"])
            try await store.redeem(tokenHash: [2], for: Self.certificate("b2"), now: Self.now)
            #expect(try await store.certificate(serial: "b2") == Self.certificate("b2"))
            #expect(try await store.certificate(serial: "a1")?.revokedAt == Self.now)
            #expect(try await store.certificate(serial: "0") == nil)
        }
    }

    @Test func ofTwoSensorsWithOneTokenExactlyOneEnrols() async throws {
        try await TestDatabase.migrated { database, _ in
            let store = SensorStore(database: database)
            try await store.add(Self.token(1))
            let refusals = await withTaskGroup(of: EnrolmentRefusal?.self) { group in
                for index in 0..<4 {
                    group.addTask {
                        await Self.refusal {
                            let sensor = SensorIdentity(site: "tokyo", sensor: "s\(index)")
                            try await store.redeem(
                                tokenHash: [1], for: Self.certificate("c\(index)", of: sensor), now: Self.now)
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(refusals.count { $0 == nil } == 1)
            #expect(refusals.count { $0 == .tokenUsed } == 3)
        }
    }
}
