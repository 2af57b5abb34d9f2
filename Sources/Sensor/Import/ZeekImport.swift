public import Shared

/// Logs of Zeek as a source of records: files, directories, directories of dated directories.
///
/// All logs are merged by time: each by its own order (`conn.log` by its start or by its end, whichever it is sorted
/// by), so that a connection that was open for a day does not hold up the others. Files are opened when their time
/// comes and read in pieces, so that memory does not grow with them.
public struct ZeekImport: BatchSource {
    private let settings: ImportSettings
    private let report: (ImportNotice) -> Void
    /// Not opened yet, the next one last.
    private var waiting: [LogProbe] = []
    private var open: [Input] = []
    private var batch = RecordBatch()
    private var dictionary = ByteDictionary()
    private var watermark = Timestamp.distantPast
    private var latest = Timestamp.distantPast
    private var finished = ImportCounters()

    private struct Input {
        var cursor: LogCursor
        var slack: Int64
        /// Position in the order of the files, between equal times.
        var rank: Int
        var clock: Int64
    }

    private static let hour: Int64 = 3600 * Timestamp.nanosecondsPerSecond

    /// Finds the logs and looks at the beginning of each.
    /// - Parameter report: is told what an operator should know, in the order of finding it.
    /// - Throws: ``SourceError`` when a path is not there, or no log at all lies under it.
    public init(
        paths: [String], settings: ImportSettings = ImportSettings(),
        report: @escaping (ImportNotice) -> Void = { _ in }
    ) throws(SourceError) {
        (self.settings, self.report) = (settings, report)
        let found = try LogDiscovery(paths: paths)
        for path in found.unknown {
            finished.unknownLogs += 1
            report(.unknownLog(path: path))
        }
        let lines = max(256, min(settings.probeLines, settings.probeLinesOfAll / max(1, found.logs.count)))
        for log in found.logs {
            guard let probe = try LogProbe(log, lines: lines, settings: settings) else {
                finished.unknownLogs += 1
                report(.unknownLog(path: log.path))
                continue
            }
            waiting.append(probe)
        }
        guard !found.logs.isEmpty || !found.unknown.isEmpty else {
            throw .unknownFormat(
                path: paths.joined(separator: ", "),
                reason: "no Zeek log is there; expected names like conn.log or dns.log.gz")
        }
        ranked(&waiting)
    }

    // Stable: equal beginnings keep the order of their names. Empty logs go last, and are read for their bad lines.
    private func ranked(_ probes: inout [LogProbe]) {
        probes = probes.enumerated().sorted { ($0.element.first, $0.offset) > ($1.element.first, $1.offset) }
            .map(\.element)
    }

    /// What was read so far.
    public var counters: ImportCounters {
        var sum = finished
        for input in open { sum.add(input.cursor) }
        return sum
    }

    /// The logs that this import reads or will read.
    public var logCount: Int { waiting.count + open.count }

    public mutating func nextBatch() throws(SourceError) -> RecordBatch? {
        while true {
            try openDue()
            guard let index = earliest() else { return last() }
            let turn = untilOther(than: index)
            if let ready = try drain(index, until: turn) { return ready }
        }
    }

    /// Opens every log whose first record is due before all that is open.
    private mutating func openDue() throws(SourceError) {
        while let next = waiting.last, open.isEmpty || next.first <= open.map(\.clock).min() ?? .max {
            waiting.removeLast()
            let cursor = try LogCursor(
                path: next.path, kindIndex: next.kindIndex, order: next.order, settings: settings, report: report)
            let rank = Int.max - waiting.count
            finished.files += 1
            let input = Input(cursor: cursor, slack: next.slack, rank: rank, clock: .min)
            if cursor.advance() {
                open.append(input)
                open[open.count - 1].clock = cursor.clock
            } else {
                finished.add(cursor)
            }
        }
    }

    private func earliest() -> Int? {
        open.indices.min { (open[$0].clock, open[$0].rank) < (open[$1].clock, open[$1].rank) }
    }

    /// The moment at which another log than `index` has its turn.
    private func untilOther(than index: Int) -> Int64 {
        var turn = waiting.last?.first ?? .max
        for other in open.indices where other != index { turn = min(turn, open[other].clock) }
        return turn
    }

    /// Moves records of one log into the batch until another log has its turn or the batch is full.
    private mutating func drain(_ index: Int, until turn: Int64) throws(SourceError) -> RecordBatch? {
        let cursor = open[index].cursor
        repeat {
            let hour = cursor.clock / Self.hour
            if pending > 0, hour != batchHour { return cut() }
            batchHour = hour
            let observed = Timestamp(nanoseconds: cursor.observed)
            if observed < watermark { cursor.noteLate(by: watermark - observed) }
            latest = max(latest, observed)
            cursor.write(into: &batch, &dictionary)
            pending += 1
            guard cursor.advance() else {
                finished.add(cursor)
                open.remove(at: index)
                return isFull ? cut() : nil
            }
            open[index].clock = cursor.clock
            if isFull { return cut() }
        } while cursor.clock <= turn
        return nil
    }

    private var pending = 0
    /// Elements of lists in one batch.
    private static let batchElements = 1 << 19
    /// Hour of the clock that the batch belongs to.
    private var batchHour: Int64 = 0
    private var isFull: Bool {
        pending >= settings.batchRecords || batch.strings.byteCount >= settings.batchDictionaryBytes
            || batch.elementCount >= Self.batchElements
    }

    /// Hands the batch out with the promise that holds for what is left.
    private mutating func cut() -> RecordBatch {
        var promise = Int64.max
        for input in open { promise = min(promise, input.clock.clampedSubtracting(input.slack)) }
        for probe in waiting where !probe.isEmpty {
            promise = min(promise, probe.first.clampedSubtracting(probe.slack))
        }
        if promise == .max { promise = latest.nanoseconds }
        watermark = max(watermark, Timestamp(nanoseconds: promise))
        batch.watermark = watermark
        let ready = batch
        batch = RecordBatch()
        dictionary.reset()
        pending = 0
        return ready
    }

    private mutating func last() -> RecordBatch? { pending == 0 ? nil : cut() }
}

extension Int64 {
    fileprivate func clampedSubtracting(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? .min : difference
    }
}

extension ImportCounters {
    /// Takes over what one log has counted.
    mutating func add(_ cursor: LogCursor) {
        let own = cursor.counters
        bytes += cursor.byteCount
        lines += own.lines
        records += own.records
        badLines += own.badLines
        badValues += own.badValues
        unknownFields += own.unknownFields
        damagedFiles += own.damagedFiles
        late += own.late
        recordsByKind[Records.kinds[cursor.kindIndex].name, default: 0] += own.records
    }
}
