import Foundation
import Testing

/// Where things are and what may use what.
@Suite struct LayoutTests {
    static let stages: [String: Set<String>] = [
        "Sensor": ["Capture", "Decode", "Flow", "Analyzers", "Import", "Batch", "Spool", "Uplink", "Health"],
        "Master": [
            "Ingest", "Log", "Store", "Inventory", "Learning", "Detection", "Incidents", "Notification", "Desk",
            "Console", "API", "Fleet",
        ],
    ]

    /// What each library may import of ours.
    static let ours = ["Shared", "Protocol", "Sensor", "Master", "Lab"]
    static let allowed: [String: Set<String>] = [
        "Shared": [], "Protocol": ["Shared"], "Sensor": ["Shared", "Protocol"], "Master": ["Shared", "Protocol"],
        "Lab": ["Shared", "Sensor"],
    ]

    @Test(arguments: ["Sensor", "Master"])
    func everyFolderOfALibraryIsAStage(target: String) throws {
        let stages = try #require(Self.stages[target])
        let folders = Set(
            SourceTree.swiftFiles("Sources/\(target)").compactMap { file -> String? in
                let parts = file.path.split(separator: "/")
                return parts.count > 3 ? String(parts[2]) : nil
            })
        #expect(folders.subtracting(stages) == [])
    }

    @Test(arguments: ["Shared", "Protocol", "Sensor", "Master", "Lab"])
    func librariesImportOnlyWhatIsUpstream(target: String) throws {
        let allowed = try #require(Self.allowed[target])
        let files = SourceTree.swiftFiles("Sources/\(target)")
        #expect(!files.isEmpty)
        for file in files {
            let imports = file.lines.filter { $0.hasPrefix("import ") || $0.hasPrefix("public import ") }
                .compactMap { $0.split(separator: " ").last.map(String.init) }
            let forbidden = Set(imports).intersection(Self.ours).subtracting(allowed).subtracting([target])
            #expect(forbidden == [], "\(file.path) imports \(forbidden.sorted())")
        }
    }

    @Test func noFolderIsADrawerForAnything() {
        let drawers: Set<String> = ["Utils", "Utilities", "Helpers", "Common", "Misc"]
        let paths = SourceTree.swiftFiles("Sources", "Tests").map(\.path)
        #expect(paths.filter { !drawers.isDisjoint(with: $0.split(separator: "/").map(String.init)) } == [])
    }

    @Test func wireFacingCodeNeverTraps() {
        let traps = ["try!", "as!", "fatalError("]
        let found = SourceTree.swiftFiles("Sources/Sensor", "Sources/Protocol").filter { !$0.isGenerated }.flatMap {
            file in
            file.lines.enumerated().filter { line in
                !line.element.drop { $0 == " " }.hasPrefix("//") && traps.contains { line.element.contains($0) }
            }.map { "\(file.path):\($0.offset + 1)" }
        }
        #expect(found == [])
    }

    @Test func theHouseIsComplete() {
        let expected = [
            "README.md", "LICENSE", "CONTRIBUTING.md", "CHANGELOG.md", "meneki", ".ci/run", "docs/ARCHITECTURE.md",
            "docs/records.md", "docs/protocol.md", "docs/dependencies.md", "docs/decisions",
        ]
        let missing = expected.filter {
            !FileManager.default.fileExists(atPath: SourceTree.root.appendingPathComponent($0).path)
        }
        #expect(missing == [])
    }

    @Test func everyDependencyIsExplained() throws {
        let manifest = try String(
            contentsOf: SourceTree.root.appendingPathComponent("Package.swift"), encoding: .utf8)
        let explained = try String(
            contentsOf: SourceTree.root.appendingPathComponent("docs/dependencies.md"), encoding: .utf8)
        let names = manifest.matches(of: /url: "https:\/\/github.com\/[^\/]+\/([^"]+)"/).map { String($0.1) }
        #expect(names.count > 5)
        #expect(names.filter { !explained.contains("`\($0)`") } == [])
    }
}
