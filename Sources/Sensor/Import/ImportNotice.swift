public import Shared

/// One thing an operator may want to know about an import; the caller logs it.
public enum ImportNotice: Sendable, Equatable, CustomStringConvertible {
    /// A log of a kind that has no record here; skipped whole.
    case unknownLog(path: String)
    /// Named once per file and field.
    case unknownField(path: String, field: String)
    /// A line that cannot be read; skipped.
    case badLine(path: String, line: Int, reason: String)
    /// A value that cannot be read; its record is kept without it.
    case badValue(path: String, line: Int, field: String, reason: String)
    /// The file's compressed data end early or are damaged; the lines before are imported.
    case damaged(path: String, line: Int, reason: String)
    /// A record observed before a moment that was promised to be over; imported all the same, named once per file.
    case late(path: String, line: Int, by: Interval)
    /// No more lines of this file are named, but all are counted.
    case silenced(path: String)

    public var description: String {
        switch self {
        case .unknownLog(let path): "\(path): not a kind of log that is known; skipped"
        case .unknownField(let path, let field): "\(path): field \(field) is not known; skipped"
        case .badLine(let path, let line, let reason): "\(path):\(line): \(reason); line skipped"
        case .badValue(let path, let line, let field, let reason): "\(path):\(line): \(field) \(reason); value skipped"
        case .damaged(let path, let line, let reason): "\(path): \(reason) after line \(line); what came before is kept"
        case .late(let path, let line, let by):
            "\(path):\(line): observed \(Int(by.seconds)) s before what was told already; the file is out of order"
        case .silenced(let path): "\(path): further problems are counted, not named"
        }
    }
}

/// What an import has read, in numbers. Lines read = records + bad lines.
public struct ImportCounters: Sendable, Equatable {
    public var files: UInt64 = 0
    public var unknownLogs: UInt64 = 0
    /// Bytes after decompression.
    public var bytes: UInt64 = 0
    /// Data lines of known logs (headers and empty lines are none).
    public var lines: UInt64 = 0
    public var records: UInt64 = 0
    public var badLines: UInt64 = 0
    public var badValues: UInt64 = 0
    /// Distinct fields without a place, summed over files.
    public var unknownFields: UInt64 = 0
    public var damagedFiles: UInt64 = 0
    /// Records that broke the promise of a watermark.
    public var late: UInt64 = 0
    /// By name of the kind.
    public var recordsByKind: [String: UInt64] = [:]

    public init() {}
}

/// Where an import stops naming and how it cuts.
public struct ImportSettings: Sendable {
    /// Problems named per file; the rest is counted only.
    public var namedProblemsPerFile = 20
    /// Records of a batch.
    public var batchRecords = 4096
    /// UTF-8 bytes of a batch's dictionary.
    public var batchDictionaryBytes = 1 << 20
    /// How far a log whose lines are not sorted may lag: Zeek writes a line when a thing ends, and waits up to five
    /// minutes for TCP connections that fell silent.
    public var slack = Interval.minutes(15)
    /// Lines read ahead of a file to find its order. A file that is no longer keeps its promise exactly.
    public var probeLines = 4096
    /// The same for all files together, so that thousands of hourly logs are not read twice.
    public var probeLinesOfAll = 200_000

    public init() {}
}
