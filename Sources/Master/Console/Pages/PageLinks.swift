/// Addresses of pages, with every value escaped.
enum PageLinks {
    static func incident(site: String, id: String) -> String { link("/incident", site: site, id: id) }
    static func device(site: String, id: String) -> String { link("/device", site: site, id: id) }
    static func search(_ text: String) -> String { "/search?q=\(PageRenderer.escape(text))" }

    private static func link(_ path: String, site: String, id: String) -> String {
        "\(path)?site=\(PageRenderer.escape(site))&id=\(PageRenderer.escape(id))"
    }

    /// A query string of what is set, in the order given.
    static func query(_ path: String, _ pairs: [(String, String)]) -> String {
        let set = pairs.filter { !$0.1.isEmpty }
        return path + (set.isEmpty ? "" : "?")
            + set.map { "\($0.0)=\(PageRenderer.escape($0.1))" }.joined(separator: "&")
    }
}
