internal import Foundation

/// What the file system tells about a path, links followed.
///
/// Not read from `struct stat`: which module owns the structures of C depends on the order in which the compiler loads
/// them, and so does whether their members are visible.
public struct FileFacts: Sendable, Equatable {
    public let isDirectory: Bool
    /// The path without links.
    public let resolvedPath: String
    /// Size in bytes.
    public let size: UInt64
    /// Time of the last change of the content, in seconds since 1970.
    public let modified: Double

    /// Nil when there is nothing at `path`, or it may not be looked at; `errno` then holds the reason.
    public init?(path: String) {
        guard access(path, F_OK) == 0 else { return nil }
        resolvedPath = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let facts = try? FileManager.default.attributesOfItem(atPath: resolvedPath) else { return nil }
        isDirectory = facts[.type] as? FileAttributeType == .typeDirectory
        size = (facts[.size] as? NSNumber)?.uint64Value ?? 0
        modified = (facts[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
    }

    /// Names in a directory, sorted, without hidden ones; nil when it cannot be read.
    public static func names(in directory: String) -> [String]? {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else { return nil }
        return names.filter { !$0.hasPrefix(".") }.sorted()
    }
}
