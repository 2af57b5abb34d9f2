/// Zip and what is packed with it, told by the names of its first entries (PKWARE APPNOTE §4.3.7).
///
/// The first entry decides, as in Zeek: what stands in the files, also in zip files among them, says nothing of the
/// archive.
enum ZipType {
    /// Local file header without its name and extra field.
    private static let headerLength = 30
    /// Entries that are looked at.
    private static let entryLimit = 64

    /// The type of a file that begins with `bytes`, or nil.
    static func of(_ bytes: [UInt8]) -> String? {
        guard bytes.starts(with: [0x50, 0x4B]), bytes.count >= 4 else { return nil }
        switch (bytes[2], bytes[3]) {
        case (3, 4): return openDocument(bytes) ?? packaged(entryNames(bytes)) ?? "application/zip"
        case (5, 6), (7, 8): return "application/zip"
        default: return nil
        }
    }

    /// Java's archives begin with their manifest (JAR File Specification), documents of Office Open XML with their
    /// types or relations (ECMA-376 part 2), or with what only another entry tells to be of such a document.
    private static func packaged(_ names: [ArraySlice<UInt8>]) -> String? {
        guard let first = names.first else { return nil }
        func begins(_ name: ArraySlice<UInt8>, _ folder: String) -> Bool { name.starts(with: folder.utf8) }
        func isPackage(_ name: ArraySlice<UInt8>) -> Bool {
            name.elementsEqual("[Content_Types].xml".utf8) || name.elementsEqual("_rels/.rels".utf8)
        }
        if begins(first, "META-INF/") {
            let manifest = names.prefix { begins($0, "META-INF/") }
                .first { $0.elementsEqual("META-INF/MANIFEST.MF".utf8) }
            return manifest == nil ? nil : "application/java-archive"
        }
        guard isPackage(first) || ["docProps/", "word/", "xl/", "ppt/"].contains(where: { begins(first, $0) }) else {
            return nil
        }
        let base = "application/vnd.openxmlformats-officedocument"
        for (folder, kind) in kinds where names.dropFirst().contains(where: { begins($0, folder) }) {
            return base + kind
        }
        return names.contains(where: isPackage) ? base : nil
    }

    private static let kinds = [
        ("word/", ".wordprocessingml.document"), ("xl/", ".spreadsheetml.sheet"),
        ("ppt/", ".presentationml.presentation"),
    ]

    /// Documents of OpenDocument begin with their type, stored (OpenDocument 1.3 part 2 §3.3).
    private static func openDocument(_ bytes: [UInt8]) -> String? {
        let base = "application/vnd.oasis.opendocument."
        let start = headerLength + number(bytes, 28, 2)
        guard bytes.dropFirst(headerLength).starts(with: "mimetype".utf8),
            bytes.dropFirst(start + 8).starts(with: base.utf8)
        else { return nil }
        let kind = bytes.dropFirst(start + 8 + base.utf8.count).prefix { (0x61...0x7A).contains($0) || $0 == 0x2D }
        let type = base + String(decoding: kind.prefix(32), as: UTF8.self)
        return openDocumentKinds.contains { base + $0 == type } ? type : nil
    }

    private static let openDocumentKinds = [
        "text", "text-template", "text-web", "text-master", "graphics", "graphics-template", "presentation",
        "presentation-template", "spreadsheet", "spreadsheet-template", "chart", "chart-template", "formula",
        "formula-template", "database", "image", "image-template",
    ]

    /// Names of the first entries, as far as they lie in `bytes`. Behind one whose length follows it (§4.3.9) the next
    /// header is looked for.
    private static func entryNames(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var names: [ArraySlice<UInt8>] = []
        var start = 0
        while names.count < entryLimit, start + headerLength <= bytes.count, isHeader(bytes, start) {
            let nameEnd = start + headerLength + number(bytes, start + 26, 2)
            guard nameEnd <= bytes.count else { break }
            names.append(bytes[(start + headerLength)..<nameEnd])
            let content = nameEnd + number(bytes, start + 28, 2)
            if number(bytes, start + 6, 2) & 8 == 0 {
                start = content + number(bytes, start + 18, 4)
            } else {
                start = (content..<Swift.max(content, bytes.count)).first { isHeader(bytes, $0) } ?? bytes.count
            }
        }
        return names
    }

    private static func isHeader(_ bytes: [UInt8], _ start: Int) -> Bool {
        bytes.dropFirst(start).starts(with: [0x50, 0x4B, 3, 4])
    }

    /// A number of `count` bytes, the lowest first; what is not there counts as zero.
    private static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> Int {
        bytes.dropFirst(offset).prefix(count).reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
