internal import Shared

/// What the first lines of a log tell: its kind, by what it is sorted, and when it begins.
struct LogProbe {
    var path: String
    var kindIndex: Int
    var order = LogCursor.Order.start
    /// Order time of the first record.
    var first = Int64.max
    /// How far a record may lie behind the file's clock: 0 where all lines are seen to be sorted.
    var slack: Int64 = 0
    /// The log has a record.
    var isEmpty: Bool { first == .max }

    /// Nil when the log is of no known kind.
    /// - Parameter limit: lines to look at.
    /// - Throws: ``SourceError`` when it cannot be opened.
    init?(_ log: LogDiscovery.Log, lines limit: Int, settings: ImportSettings) throws(SourceError) {
        var known = log.kindIndex
        if known == nil { known = try Self.kindInside(log.path) }
        guard let kind = known else { return nil }
        (path, kindIndex) = (log.path, kind)
        let cursor = try LogCursor(path: path, kindIndex: kind, order: .start, settings: settings) { _ in }
        var byStart = Sortedness()
        var byEnd = Sortedness()
        var lines = 0
        var isWhole = false
        while lines < limit {
            guard cursor.advance(), let ts = cursor.row.ts else {
                isWhole = true
                break
            }
            lines += 1
            byStart.note(ts)
            byEnd.note(cursor.observed)
        }
        let usesEnd = kind == Records.conn.kindIndex && byEnd.inversions < byStart.inversions
        order = usesEnd ? .end : .start
        let own = usesEnd ? byEnd : byStart
        first = own.first
        // A whole file is known exactly; of a longer one only its beginning.
        slack = isWhole ? own.deepest : max(settings.slack.nanoseconds, own.deepest)
    }

    /// The kind that a TSV log names in its `#path` header.
    private static func kindInside(_ path: String) throws(SourceError) -> Int? {
        let reader = try LineReader(path: path)
        // Zeek's header has eight lines.
        for _ in 0..<16 {
            guard case .line(let line) = reader.next(), line.first == 0x23 else { return nil }
            let text = String(decoding: line, as: UTF8.self)
            if text.hasPrefix("#path") {
                return Records.kind(named: String(text.dropFirst(6)))?.index
            }
        }
        return nil
    }

    /// How well a sequence of moments is sorted.
    private struct Sortedness {
        var first = Int64.max
        var highest = Int64.min
        var inversions = 0
        var deepest: Int64 = 0

        mutating func note(_ time: Int64) {
            if first == .max { first = time }
            if time < highest {
                inversions += 1
                deepest = max(deepest, highest.subtractingReportingOverflow(time).overflow ? .max : highest - time)
            }
            highest = max(highest, time)
        }
    }
}

extension RecordSchema {
    fileprivate var kindIndex: Int { Self.kind.index }
}
