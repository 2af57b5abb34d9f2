import Testing

@testable import Sensor

/// What is packed with zip, told by its first entries.
@Suite struct ZipTypeTests {
    private static let ooxml = "application/vnd.openxmlformats-officedocument"
    private static let program = Array("MZ".utf8) + [UInt8](repeating: 0, count: 300)

    /// - Parameter isStreamed: the lengths follow the content (PKWARE APPNOTE §4.3.9).
    private static func archive(_ entries: [(String, [UInt8])], isStreamed: Bool = false) -> [UInt8] {
        entries.flatMap { name, content in
            var entry = HostileTraffic.zipEntry(name, packed: content, byteCount: content.count, method: 0)
            if isStreamed {
                entry[6] = 8
                let lengths = entry[18..<26]
                entry.replaceSubrange(18..<26, with: [UInt8](repeating: 0, count: 8))
                entry += [0x50, 0x4B, 7, 8, 1, 2, 3, 4] + lengths
            }
            return entry
        }
    }

    private static func archive(_ names: [String], isStreamed: Bool = false) -> [UInt8] {
        archive(names.map { ($0, Array("<x/> of \($0)".utf8)) }, isStreamed: isStreamed)
    }

    /// JAR File Specification, ECMA-376 part 2, and the anchors of Zeek's signatures.
    @Test(arguments: [
        (["META-INF/MANIFEST.MF", "a/B.class"], "application/java-archive"),
        (["META-INF/", "META-INF/MANIFEST.MF", "a/B.class"], "application/java-archive"),
        (["META-INF/", "setup.exe", "META-INF/MANIFEST.MF"], "application/zip"),
        (["setup.exe", "META-INF/MANIFEST.MF"], "application/zip"),
        (["[Content_Types].xml", "_rels/.rels", "word/document.xml"], ooxml + ".wordprocessingml.document"),
        (["_rels/.rels", "docProps/app.xml", "xl/workbook.xml"], ooxml + ".spreadsheetml.sheet"),
        (["docProps/app.xml", "ppt/presentation.xml"], ooxml + ".presentationml.presentation"),
        (["word/numbering.xml", "word/document.xml", "[Content_Types].xml"], ooxml + ".wordprocessingml.document"),
        (["_rels/.rels", "package.nuspec", "[Content_Types].xml"], ooxml), (["word/setup.exe"], "application/zip"),
        (["setup.exe", "[Content_Types].xml", "word/document.xml"], "application/zip"), (["a.txt"], "application/zip"),
    ])
    func theFirstEntriesDecide(names: [String], type: String) {
        #expect(MIMEType.of(Self.archive(names)) == type)
        #expect(MIMEType.of(Self.archive(names, isStreamed: true)) == type)
    }

    /// An archive or a document within hides nothing of what lies beside it.
    @Test(arguments: [
        ("lib.jar", ["META-INF/MANIFEST.MF", "a/B.class"], "application/java-archive"),
        ("letter.docx", ["[Content_Types].xml", "_rels/.rels", "word/a.xml"], ooxml + ".wordprocessingml.document"),
        ("names.txt", ["META-INF/MANIFEST.MF [Content_Types].xml word/"], "application/zip"),
    ])
    func whatLiesInAFileDoesNot(name: String, inner: [String], type: String) {
        let bytes = Self.archive([(name, Self.archive(inner)), ("setup.exe", Self.program)])
        for piece in [1, 100, 4096] {
            let records = ZipContentsTests.records(bytes, piece: piece)
            #expect(records.map { $0["type"] } == ["application/zip", type, "application/x-dosexec"])
            #expect(records.map { $0["name"] } == ["", name, "setup.exe"])
        }
    }

    /// OpenDocument 1.3 part 2 §3.3, with the kinds of its part 3 appendix C.
    @Test(arguments: [
        "text", "text-template", "text-master", "graphics", "graphics-template", "presentation-template",
        "spreadsheet", "chart", "formula", "image",
    ])
    func documentsOfOpenDocument(kind: String) {
        let type = "application/vnd.oasis.opendocument.\(kind)"
        let bytes = Self.archive([("mimetype", Array(type.utf8)), ("content.xml", Array("<x/>".utf8))])
        #expect(MIMEType.of(bytes) == type)
        let other = Self.archive([("a", []), ("mimetype", Array(type.utf8))])
        #expect(MIMEType.of(other) == "application/zip")
        #expect(MIMEType.of(Self.archive([("mimetype", Array((type + "x").utf8))])) == "application/zip")
    }

    @Test func everyCutAndLengthIsSurvived() {
        let bytes = Self.archive(["META-INF/", "META-INF/MANIFEST.MF", "[Content_Types].xml", "word/a"])
        for length in 4...bytes.count { #expect(MIMEType.of(Array(bytes[..<length])) != nil) }
        for place in 4..<bytes.count {
            var other = bytes
            other[place] = 0xFF
            #expect(MIMEType.of(other) != nil)
        }
    }
}
