import Foundation
import Testing

@testable import Master

/// Both languages say everything that templates, code and models ask for.
@Suite("String catalogs")
struct CatalogTests {
    private static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources/Master")
    private let catalogs: [Language: Catalog]

    init() throws {
        var catalogs: [Language: Catalog] = [:]
        for language in Language.allCases {
            let file = Self.sources.appendingPathComponent("Console/Strings/\(language.rawValue).yaml")
            catalogs[language] = try Catalog(language: language, yaml: String(contentsOf: file, encoding: .utf8))
        }
        self.catalogs = catalogs
    }

    /// What the first group of `pattern` finds in the files below `folder`, leaving out lines with `except`.
    private func found(_ pattern: String, in folder: String, suffix: String, except: String? = nil) throws -> Set<
        String
    > {
        let base = Self.sources.appendingPathComponent(folder)
        let files = try FileManager.default.subpathsOfDirectory(atPath: base.path).filter { $0.hasSuffix(suffix) }
        try #require(!files.isEmpty)
        let regex = try Regex(pattern)
        var result: Set<String> = []
        for file in files {
            let text = try String(contentsOf: base.appendingPathComponent(file), encoding: .utf8)
            let lines = text.split(separator: "\n").filter { line in except.map { !line.contains($0) } ?? true }
            for match in lines.joined(separator: "\n").matches(of: regex) {
                if let group = match[1].substring { result.insert(String(group)) }
            }
        }
        return result
    }

    private func requireTexts(_ keys: Set<String>, atLeast: Int) {
        #expect(keys.count >= atLeast, "the search for keys finds too few: \(keys.sorted())")
        for (language, catalog) in catalogs {
            let missing = keys.filter { catalog.texts[$0, default: ""].isEmpty }
            #expect(missing.isEmpty, "\(language.rawValue).yaml lacks \(missing.sorted())")
        }
    }

    @Test func bothLanguagesHaveTheSameKeys() throws {
        let (english, japanese) = (try #require(catalogs[.en]), try #require(catalogs[.ja]))
        #expect(Set(english.texts.keys).symmetricDifference(japanese.texts.keys).isEmpty)
        #expect(english.texts.count > 200)
    }

    @Test func bothLanguagesFillInTheSameValues() throws {
        let (english, japanese) = (try #require(catalogs[.en]), try #require(catalogs[.ja]))
        let regex = try Regex("\\{[a-z_]+\\}")
        func values(_ text: String) -> Set<String> { Set(text.matches(of: regex).map { String(text[$0.range]) }) }
        for (key, text) in english.texts where !key.hasSuffix(".one") {
            #expect(values(text) == values(japanese.texts[key] ?? ""), "\(key)")
        }
    }

    @Test func templatesAndCodeAskForNothingUnknown() throws {
        requireTexts(try found("\\{\\{\\{?t\\.([a-z_.]+)", in: "Console/Templates", suffix: ".mustache"), atLeast: 30)
        // `piece.text("id.resp_h")` reads a field of a record.
        let plain = try found("\\.text\\(\\s*\"([a-z_]+\\.[a-z_.]+)\"", in: "Console", suffix: ".swift")
            .filter { !$0.hasPrefix("id.") }
        let plural = try found("\\.plural\\(\\s*\"([a-z_]+\\.[a-z_.]+)\"", in: "Console", suffix: ".swift")
        requireTexts(plain.union(plural.flatMap { ["\($0).one", "\($0).other"] }), atLeast: 12)
        requireTexts(
            Set(try found("Column\\(\\s*key: \"([a-z_]+)\"", in: "Console", suffix: ".swift").map { "column.\($0)" }),
            atLeast: 20)
    }

    @Test func everythingThatObserversSayHasAName() throws {
        let folder = "Learning/Observers"
        let names = try found("\"([a-z]+\\.[a-z_]+)\"", in: folder, suffix: ".swift", except: "archive.")
            .filter { !$0.hasPrefix("id.") }
        let amounts = try found(
            "case \\.\\w+: \"([a-z_]+)\"", in: folder, suffix: "AmountObserver.swift")
        requireTexts(Set(names.map { "observer.\($0)" } + amounts.map { "observer.amount.\($0)" }), atLeast: 20)
        requireTexts(
            Set(try found("values\\[\"([a-z_]+)\"\\]", in: folder, suffix: ".swift").map { "value.\($0)" }), atLeast: 25
        )
        requireTexts(
            Set(try found("kind: \"([a-z]+)\"", in: folder, suffix: ".swift").map { "evidence.\($0)" }), atLeast: 5)
    }

    @Test func everyTechniqueOfAModelHasAName() throws {
        let lines = try found("(?m)^attack: \\[(.*)\\]", in: "Detection/Models", suffix: ".yaml")
        let techniques = lines.flatMap { $0.split(separator: ",").map { $0.replacing(" ", with: "") } }
        requireTexts(Set(techniques.map { "technique.\($0)" }), atLeast: 20)
    }

    @Test func everyRoleOfADeviceHasAName() throws {
        let roles = try found("[:n?] \"([a-z ]+)\"", in: "Inventory", suffix: "DeviceFacts.swift")
        requireTexts(Set(roles.map { "role.\($0.replacing(" ", with: "_"))" }), atLeast: 4)
    }
}
