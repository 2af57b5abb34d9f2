import Foundation
import Logging
import Master
import Protocol
import Sensor
import Shared

/// A listening master on loopback, with its state in a folder of its own, for the length of `body`.
struct TestMaster: Sendable {
    let fleet: MemoryFleet
    let enrolment: Enrolment
    let address: MasterAddress
    let folder: String

    static var now: Timestamp { Timestamp(seconds: Date().timeIntervalSince1970) }

    static func folder() throws -> String {
        let path = NSTemporaryDirectory() + "/meneki-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    static func run(fleet: MemoryFleet = MemoryFleet(), _ body: @Sendable @escaping (TestMaster) async throws -> Void)
        async throws
    {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let authority = try CertificateAuthority(directory: folder + "/master", now: Date())
        let enrolment = Enrolment(authority: authority, directory: fleet)
        var settings = IngestSettings()
        (settings.host, settings.port, settings.revocationSeconds) = ("127.0.0.1", 0, 1)
        let (ports, bound) = AsyncStream<Int>.makeStream()
        let server = try IngestServer(
            settings: settings, enrolment: enrolment, directory: fleet, store: fleet,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: { Self.now },
            whenBound: { bound.yield($0) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            group.addTask {
                for await port in ports {
                    let address = MasterAddress(host: "127.0.0.1", port: port)
                    try await body(
                        TestMaster(fleet: fleet, enrolment: enrolment, address: address, folder: folder))
                    return
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// A state directory with an enrolment.
    func sensor(_ name: String, site: String = "tokyo") async throws -> String {
        let token = try await enrolment.createToken(site: site, now: Self.now)
        let directory = folder + "/" + name
        try await Enroller.enrol(
            master: address, token: token.description, site: site, name: name, directory: directory)
        return directory
    }

    /// Runs an uplink of `directory` until `condition` holds.
    func uplink(_ directory: String, until condition: @Sendable @escaping (UplinkProgress.State) -> Bool)
        async throws
    {
        let uplink = Uplink(
            state: try SensorState(directory: directory), spool: try Spool(directory: directory + "/spool"),
            version: "test", startedAt: 1, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await uplink.run() }
            group.addTask { try await uplink.progress.wait(until: condition) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}

/// Batches of one weird each.
enum TestBatch {
    static func encoded(_ number: Int) throws -> EncodedBatch {
        var batch = RecordBatch()
        batch.begin(WeirdRecord.kind)
        batch.set(Records.weird.ts, Timestamp(nanoseconds: Int64(number)))
        batch.set(Records.weird.name, "number_\(number)")
        batch.end()
        batch.watermark = Timestamp(nanoseconds: Int64(number))
        return try BatchEncoder.encode(batch)
    }
}
