import Foundation
import Yams

/// The console's words in one language, from `Strings/<language>.yaml`: nested keys, joined by dots.
public struct Catalog: Sendable {
    public let language: Language
    /// Key (`incidents.title`) to text with `{name}` where a value goes.
    public let texts: [String: String]

    public init(language: Language, texts: [String: String]) {
        (self.language, self.texts) = (language, texts)
    }

    /// - Throws: ``CatalogError`` when the file is no mapping of mappings and texts.
    public init(language: Language, yaml: String) throws {
        var texts: [String: String] = [:]
        guard let root = try Yams.load(yaml: yaml) as? [String: Any] else { throw CatalogError.notAMapping("") }
        try Self.flatten(root, prefix: "", into: &texts)
        self.init(language: language, texts: texts)
    }

    private static func flatten(_ node: [String: Any], prefix: String, into texts: inout [String: String]) throws {
        for (key, value) in node {
            let path = prefix.isEmpty ? key : "\(prefix).\(key)"
            switch value {
            case let text as String: texts[path] = text
            case let child as [String: Any]: try flatten(child, prefix: path, into: &texts)
            default: throw CatalogError.notAMapping(path)
            }
        }
    }

    /// The text of `key` with its values put in. An unknown key shows itself, which a test rules out.
    public func text(_ key: String, _ values: [String: String] = [:]) -> String {
        Self.fill(texts[key] ?? key, values)
    }

    /// `key.one` or `key.other` by the count; `{n}` is the count as the format writes it.
    public func plural(_ key: String, _ count: Int, _ values: [String: String] = [:]) -> String {
        var values = values
        values["n"] = Format.grouped(count)
        return text(count == 1 ? "\(key).one" : "\(key).other", values)
    }

    /// The word for a value that code or data made (`role`, `client`), or nil where the catalog has none.
    public func named(_ prefix: String, _ name: String) -> String? {
        texts["\(prefix).\(name.replacing(" ", with: "_"))"]
    }

    /// Replaces every `{name}` that `values` has in one pass, so that a value's own braces stay as they are.
    public static func fill(_ template: String, _ values: [String: String]) -> String {
        var result = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{") {
            result += rest[..<open]
            rest = rest[open...]
            guard let close = rest.firstIndex(of: "}") else { break }
            let name = String(rest[rest.index(after: open)..<close])
            result += values[name] ?? String(rest[open...close])
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    /// The texts as nested dictionaries, for `{{t.incidents.title}}` in templates.
    public var tree: [String: Any] {
        var root = Branch()
        for (key, text) in texts { root.insert(key.split(separator: ".")[...], text) }
        return root.dictionary
    }

    private struct Branch {
        var texts: [String: String] = [:]
        var branches: [String: Branch] = [:]

        mutating func insert(_ path: ArraySlice<Substring>, _ text: String) {
            guard let first = path.first.map(String.init) else { return }
            if path.count == 1 {
                texts[first] = text
            } else {
                branches[first, default: Branch()].insert(path.dropFirst(), text)
            }
        }

        var dictionary: [String: Any] {
            var result: [String: Any] = texts
            for (key, branch) in branches { result[key] = branch.dictionary }
            return result
        }
    }
}

/// Why a string catalog cannot be used.
public enum CatalogError: Error, CustomStringConvertible {
    /// The key whose value is neither text nor a mapping.
    case notAMapping(String)
    case missing(String)

    public var description: String {
        switch self {
        case .notAMapping(let key): "string catalog: \(key.isEmpty ? "the file" : key) must be a mapping or a text"
        case .missing(let file): "string catalog \(file) is missing; reinstall Meneki's resources"
        }
    }
}
