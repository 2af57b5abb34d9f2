internal import Glibc
internal import Shared

/// Finds the logs below the paths that were given.
struct LogDiscovery {
    struct Log: Equatable {
        var path: String
        /// Position in `Records.kinds`, nil when the name says nothing.
        var kindIndex: Int?
    }

    /// Directories within directories.
    private static let depthLimit = 16

    private(set) var logs: [Log] = []
    /// Directories, without links: a link may lead back, and each log is read once.
    private var entered: Set<String> = []
    /// Names that look like logs but are of no kind that is known.
    private(set) var unknown: [String] = []

    /// - Throws: ``SourceError`` when a path given is not there.
    init(paths: [String]) throws(SourceError) {
        for path in paths {
            guard let facts = FileFacts(path: path) else {
                throw .unreadable(path: path, reason: String(cString: strerror(errno)))
            }
            if facts.isDirectory {
                walk(path, facts, depth: 0)
            } else {
                add(path, isGiven: true)
            }
        }
    }

    private mutating func walk(_ directory: String, _ facts: FileFacts, depth: Int) {
        guard entered.insert(facts.resolvedPath).inserted else { return }
        guard depth < Self.depthLimit, let names = FileFacts.names(in: directory) else {
            unknown.append(directory)
            return
        }
        // Names sort by date; the order decides only between records of the same moment.
        for name in names {
            let path = directory.hasSuffix("/") ? directory + name : directory + "/" + name
            guard let facts = FileFacts(path: path) else { continue }
            if facts.isDirectory {
                walk(path, facts, depth: depth + 1)
            } else if name.contains(".log") {
                add(path, isGiven: false)
            }
        }
    }

    private mutating func add(_ path: String, isGiven: Bool) {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        if let kind = Self.kind(ofName: name) {
            logs.append(Log(path: path, kindIndex: kind.index))
        } else if isGiven || Self.mayTell(name) {
            logs.append(Log(path: path, kindIndex: nil))
        } else {
            unknown.append(path)
        }
    }

    /// A name that is no log type of Zeek's; the file's own `#path` may tell.
    private static func mayTell(_ name: String) -> Bool { !name.hasPrefix("std") }

    /// `conn.log`, `conn.01:00:00-02:00:00.log.gz`, `conn.log.labeled.gz`, `conn_20251103.log`,
    /// `json_streaming_conn.log`.
    static func kind(ofName name: String) -> RecordKind? {
        var stem = name.prefix { $0 != "." }
        if stem.hasPrefix("json_streaming_") { stem = stem.dropFirst("json_streaming_".count) }
        if let kind = Records.kind(named: String(stem)) { return kind }
        // A date may be behind it; `x509` and others have digits of their own.
        let dated = Records.kinds.filter { stem.hasPrefix($0.name) && isDate(stem.dropFirst($0.name.count)) }
        return dated.max { $0.name.count < $1.name.count }
    }

    private static func isDate(_ text: Substring) -> Bool {
        guard let first = text.first, !first.isNumber, !first.isLetter, text.count > 1 else { return false }
        return text.allSatisfy { !$0.isLetter }
    }
}
