/// The page that documents every kind of record, written from the registry.
public enum RecordDocs {
    /// docs/records.md as Markdown.
    public static func markdown() -> String {
        var page = """
            # Records

            What a sensor writes, by kind. Names are Zeek's where Zeek has the field. Written from \
            `Sources/Shared/Records/Kinds`
            by the tests (`MENEKI_WRITE_DOCS=1 swift test --filter RecordDocsTests`); do not edit.

            Types: `time` is a moment in UTC, `interval` seconds, `count` a whole number, `strings`, `counts` and
            `intervals` are lists. A field that is not known is left out.

            """
        for kind in Records.kinds {
            page += "\n## \(kind.name)\n\(kind.meaning).\n\n| field | type | unit | meaning |\n|---|---|---|---|\n"
            for field in kind.fields {
                page += "| `\(field.name)` | \(field.type.rawValue) | \(field.unit.rawValue) | \(field.meaning) |\n"
            }
        }
        return page
    }
}
