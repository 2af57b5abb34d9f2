import Foundation
import Testing

/// The checkout's files, as the tidy tests see them.
enum SourceTree {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    struct File: Sendable, CustomTestStringConvertible {
        /// Relative to the root of the checkout.
        let path: String
        let lines: [Substring]

        var testDescription: String { path }
        var isGenerated: Bool { path.hasSuffix(".pb.swift") || lines.first?.contains("Generated") == true }
        /// Files that hold nothing but constants say so in their first line.
        var isConstantTable: Bool { lines.first?.hasPrefix("// Constant table") == true }
    }

    /// Swift files below `folders`.
    static func swiftFiles(_ folders: String...) -> [File] { folders.flatMap { files(below: $0, suffix: ".swift") } }

    static func files(below folder: String, suffix: String) -> [File] {
        let base = root.appendingPathComponent(folder)
        guard let paths = FileManager.default.enumerator(atPath: base.path) else { return [] }
        return paths.compactMap { $0 as? String }.filter { $0.hasSuffix(suffix) && !$0.contains(".build") }.sorted()
            .compactMap { path in
                guard let text = try? String(contentsOf: base.appendingPathComponent(path), encoding: .utf8) else {
                    return nil
                }
                return File(
                    path: folder + "/" + path, lines: text.split(separator: "\n", omittingEmptySubsequences: false))
            }
    }
}
