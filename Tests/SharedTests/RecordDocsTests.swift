import Foundation
import Shared
import Testing

/// docs/records.md is derived from the registry of kinds.
@Suite struct RecordDocsTests {
    static let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("docs/records.md")

    /// Run the tests with MENEKI_WRITE_DOCS=1 to write the page anew.
    @Test func thePageTellsEveryFieldOfEveryKind() throws {
        let expected = RecordDocs.markdown()
        if ProcessInfo.processInfo.environment["MENEKI_WRITE_DOCS"] == "1" {
            try expected.write(to: Self.page, atomically: true, encoding: .utf8)
        }
        let page = try String(contentsOf: Self.page, encoding: .utf8)
        #expect(
            page == expected, "docs/records.md is not what the registry says; MENEKI_WRITE_DOCS=1 swift test writes it")
    }

    @Test(arguments: Records.kinds.map(\.name))
    func everyKindHasDistinctFieldNamesAndMeanings(name: String) throws {
        let kind = try #require(Records.kind(named: name))
        #expect(Set(kind.fields.map(\.name)).count == kind.fields.count)
        #expect(kind.fields.allSatisfy { $0.meaning.count > 5 })
        #expect(kind.fields.first?.name == "ts" || ["x509", "files", "dhcp"].contains(name))
    }
}
