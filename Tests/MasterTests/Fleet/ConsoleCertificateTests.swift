import Foundation
import Testing

@testable import Master

/// What a browser was told to accept stays so, as long as it is good.
@Suite struct ConsoleCertificateTests {
    private let folder = NSTemporaryDirectory() + "meneki-console-\(UUID().uuidString)"
    private let now = Date(timeIntervalSince1970: 1_790_000_000)

    @Test func aRestartKeepsItAndNeedsDoNot() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let authority = try CertificateAuthority(directory: folder, now: now)
        func made(_ names: [String], days: Double = 0) throws -> String {
            try CertificateAuthority(directory: folder, now: now).consoleCertificate(
                directory: folder, names: names, now: now.addingTimeInterval(days * 86_400)
            ).certificate
        }
        let first = try authority.consoleCertificate(directory: folder, names: ["a.example"], now: now).certificate
        #expect(try made(["a.example"], days: 600) == first)
        let otherName = try made(["b.example"])
        #expect(otherName != first)
        #expect(try made(["b.example"], days: 729) != otherName)
        try "not a certificate".write(toFile: folder + "/console.crt", atomically: true, encoding: .utf8)
        #expect(try made(["b.example"]).contains("BEGIN CERTIFICATE"))
    }
}
