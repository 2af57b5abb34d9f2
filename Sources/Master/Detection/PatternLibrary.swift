import Foundation
import Yams

/// All models of a site: those that come with the program and those of the site's own.
public struct PatternLibrary: Sendable {
    /// In the order of their names.
    public let patterns: [Pattern]
    private let positions: [String: Int]

    init(patterns: [Pattern]) {
        self.patterns = patterns.sorted { $0.name < $1.name }
        positions = Dictionary(
            self.patterns.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
    }

    public func pattern(named name: String) -> Pattern? { positions[name].map { patterns[$0] } }

    /// Reads the models that come with the program and those in `folder`.
    /// - Throws: which file cannot be read or is wrong, and why.
    public static func load(folder: String? = nil) throws(PatternError) -> PatternLibrary {
        guard let own = builtInFolder() else {
            throw PatternError(file: "Models", reason: "not found beside the program; reinstall it")
        }
        var patterns = try read(folder: own)
        if let folder { patterns += try read(folder: folder) }
        return PatternLibrary(patterns: patterns)
    }

    /// `Models` beside the program when installed, else in the bundle of the build.
    private static func builtInFolder() -> String? {
        let program = URL(fileURLWithPath: CommandLine.arguments.first ?? "").resolvingSymlinksInPath()
        let beside = program.deletingLastPathComponent()
        let candidates = [
            beside.appendingPathComponent("Models").path,
            beside.appendingPathComponent("../share/meneki/Models").path,
        ]
        for path in candidates where FileManager.default.fileExists(atPath: path) { return path }
        return Bundle.module.url(forResource: "Models", withExtension: nil)?.path
    }

    private static func read(folder: String) throws(PatternError) -> [Pattern] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
                .filter { $0.hasSuffix(".yaml") }.sorted()
        } catch {
            throw PatternError(file: folder, reason: "cannot be listed: \(error.localizedDescription)")
        }
        var patterns: [Pattern] = []
        for name in names { patterns.append(try read(file: folder + "/" + name)) }
        return patterns
    }

    private static func read(file: String) throws(PatternError) -> Pattern {
        let pattern: Pattern
        do {
            let text = try String(contentsOfFile: file, encoding: .utf8)
            pattern = try YAMLDecoder().decode(Pattern.self, from: text)
        } catch {
            throw PatternError(file: file, reason: "\(error)")
        }
        if let problem = problem(of: pattern) { throw PatternError(file: file, reason: problem) }
        return pattern
    }

    private static func problem(of pattern: Pattern) -> String? {
        if !["device", "user"].contains(pattern.entity) { return "entity '\(pattern.entity)': use device or user" }
        if pattern.observations.allSatisfy({ $0.optional == true }) { return "no observation is required" }
        if !(0.1...168).contains(pattern.window) { return "window \(pattern.window): use 0.1 to 168 hours" }
        if pattern.line < pattern.minimum { return "line \(pattern.line) is below minimum \(pattern.minimum)" }
        return nil
    }
}

/// Why a model cannot be used.
public struct PatternError: Error, Equatable, Sendable, CustomStringConvertible {
    public var file: String
    public var reason: String
    public var description: String { "model file \(file): \(reason)" }
}
