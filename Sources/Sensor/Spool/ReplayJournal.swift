internal import Foundation
internal import Protocol
internal import Shared

/// What a replay remembers, so that one that was killed goes on exactly where it was.
///
/// Sources give the same batches each time; so the number of a batch is the first one's number and its place. A replay
/// that begins again makes all batches anew and drops those whose numbers the spool has given out.
public struct ReplayJournal: Codable, Sendable, Equatable {
    /// Tells inputs apart: paths, sizes, times of change.
    public let input: String
    /// Number of the first batch.
    public let firstSequence: UInt64
    /// Number of the closing batch; nil while the replay is not finished.
    public var lastSequence: UInt64?

    static func path(_ directory: String) -> String { directory + "/replay.json" }

    /// The journal of the last replay; nil when there was none.
    public static func load(_ directory: String) throws -> ReplayJournal? {
        guard PrivateFile.exists(path(directory)) else { return nil }
        return try JSONDecoder().decode(ReplayJournal.self, from: Data(PrivateFile.read(path(directory)).utf8))
    }

    func save(_ directory: String) throws {
        try PrivateFile.write(
            String(decoding: try JSONEncoder().encode(self), as: UTF8.self), to: Self.path(directory))
    }

    /// Names the inputs as they are now: a file that has changed since is another input.
    public static func identity(ofPaths paths: [String]) -> String {
        var text = ""
        for path in paths {
            text += describe(path)
            let inside = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
            for name in inside.sorted() { text += describe(path + "/" + name) }
        }
        return TokenText.fingerprint(ofDER: Array(text.utf8)).map { String($0, radix: 16) }.joined(separator: ".")
    }

    private static func describe(_ path: String) -> String {
        // A directory's own size and time tell nothing that its files do not.
        guard let facts = FileFacts(path: path), !facts.isDirectory else { return "\(path)\n" }
        return "\(path)\t\(facts.size)\t\(facts.modified)\n"
    }
}
