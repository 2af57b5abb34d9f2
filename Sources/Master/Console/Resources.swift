import Foundation
import Mustache

/// Templates, strings and assets of the console, read once at the start.
public struct ConsoleResources: Sendable {
    let templates: MustacheLibrary
    let catalogs: [Language: Catalog]
    let assets: StaticAssets

    /// - Parameter directory: holds `Templates`, `Strings` and `Assets`; nil for those that came with the program.
    /// - Throws: when a file is missing or cannot be read.
    public init(directory: String? = nil, dygraphsDirectory: String) async throws {
        let root = directory ?? Bundle.module.resourcePath ?? "."
        templates = try await MustacheLibrary(directory: root + "/Templates")
        var catalogs: [Language: Catalog] = [:]
        for language in Language.allCases {
            let path = "\(root)/Strings/\(language.rawValue).yaml"
            guard let data = FileManager.default.contents(atPath: path) else { throw CatalogError.missing(path) }
            catalogs[language] = try Catalog(language: language, yaml: String(decoding: data, as: UTF8.self))
        }
        self.catalogs = catalogs
        assets = try StaticAssets(own: root + "/Assets", dygraphs: dygraphsDirectory)
    }

    func catalog(_ language: Language) -> Catalog {
        catalogs[language] ?? Catalog(language: language, texts: [:])
    }
}
