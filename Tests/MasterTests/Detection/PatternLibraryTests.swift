import Foundation
import Testing

@testable import Master

@Suite struct PatternLibraryTests {
    static let ten = [
        "Anomalous Connection / Data Sent to Rare Domain", "Anomalous Connection / Download and Upload",
        "User / Multiple Failed Logins", "User / New Admin Credentials on Client",
        "Compromise / Beaconing Activity To External Rare", "Anomalous File / EXE from Rare External Location",
        "Unusual Activity / Unusual Hours", "Device / New Device on Network", "Device / Network Scan",
        "Compromise / DNS Tunnelling",
    ]

    @Test(arguments: ten) func everyModelOfTheFirstTenIsThereAndCites(name: String) throws {
        let pattern = try #require(try PatternLibrary.load().pattern(named: name))
        #expect(pattern.attack.allSatisfy { $0.hasPrefix("T1") })
        #expect(!pattern.sentence.ja.isEmpty && !pattern.sentence.en.isEmpty)
    }

    @Test func aWrongFileIsNamedWithItsProblem() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("models-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { _ = try? FileManager.default.removeItem(at: folder) }
        try Data("name: only a name".utf8).write(to: folder.appendingPathComponent("own.yaml"))
        #expect {
            try PatternLibrary.load(folder: folder.path)
        } throws: { error in
            (error as? PatternError)?.file.hasSuffix("own.yaml") == true
        }
    }
}
