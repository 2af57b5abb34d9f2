internal import Shared

/// One log that is being read: its next record, and the clock by which it takes its turn in the merge.
final class LogCursor {
    /// By what the file's lines are sorted.
    enum Order { case start, end }

    let path: String
    let kindIndex: Int
    private let order: Order
    private let reader: LineReader
    private var json: JSONLine
    private var tsv: TSVLine
    private var isTSV: Bool?
    private var line = UnsafeRawBufferPointer(start: nil, count: 0)
    private(set) var row = ParsedRow()
    private(set) var lineNumber = 0
    /// Highest order time so far, nanoseconds: the file's own clock.
    private(set) var clock = Int64.min
    /// How far this record lies behind the clock.
    private(set) var lag: Int64 = 0
    /// When the record was observed: its `ts`, of a connection its end.
    private(set) var observed = Int64.min
    private var named = 0
    private(set) var counters = ImportCounters()
    private let settings: ImportSettings
    private let report: (ImportNotice) -> Void

    init(
        path: String, kindIndex: Int, order: Order, settings: ImportSettings, report: @escaping (ImportNotice) -> Void
    ) throws(SourceError) {
        (self.path, self.kindIndex, self.order) = (path, kindIndex, order)
        (self.settings, self.report) = (settings, report)
        reader = try LineReader(path: path)
        let map = FieldMap(kind: Records.kinds[kindIndex])
        json = JSONLine(map: map)
        tsv = TSVLine(map: map)
    }

    var byteCount: UInt64 { reader.byteCount }
    /// What the log says of itself, where it is TSV.
    var headerPath: String? { tsv.path }

    /// Reads until the next good record is in ``row``; false at the end.
    func advance() -> Bool {
        while true {
            switch reader.next() {
            case .end:
                return false
            case .damaged(let reason):
                counters.damagedFiles += 1
                report(.damaged(path: path, line: lineNumber, reason: reason))
                return false
            case .tooLong:
                lineNumber += 1
                counters.lines += 1
                bad("is longer than \(LineReader.longestLine >> 20) MiB")
            case .line(let bytes):
                lineNumber += 1
                if take(bytes) { return true }
            }
        }
    }

    private func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var bytes = bytes
        if lineNumber == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = .init(rebasing: bytes[3...]) }
        guard let start = bytes.firstIndex(where: { $0 != 0x20 }) else { return false }
        let first = bytes[start]
        if first == 0x23 {
            isTSV = true
            tsv.header(.init(rebasing: bytes[start...]))
            nameUnknown()
            return false
        }
        line = bytes
        counters.lines += 1
        do throws(LineError) {
            let isTSV = self.isTSV ?? (first != 0x7B && first != 0x22)
            self.isTSV = self.isTSV ?? isTSV
            if isTSV, first != 0x7B || tsv.hasFields {
                try tsv.parse(bytes, into: &row)
            } else {
                try json.parse(bytes, into: &row)
                nameUnknown()
            }
            guard let ts = row.ts else {
                bad(row.badField.map { "ts \($0.reason)" } ?? "has no ts")
                return false
            }
            tick(ts)
            counters.records += 1
            nameBadValue()
            return true
        } catch {
            switch error {
            case .reason(let reason): bad(reason)
            }
            return false
        }
    }

    private func tick(_ ts: Int64) {
        let end = ts.addingReportingOverflow(row.duration)
        observed = end.overflow ? ts : max(ts, end.partialValue)
        let own = order == .end ? observed : ts
        clock = max(clock, own)
        lag = clock &- own
    }

    private func nameUnknown() {
        guard !json.unknownNames.isEmpty || !tsv.unknownNames.isEmpty else { return }
        for name in json.unknownNames + tsv.unknownNames {
            counters.unknownFields += 1
            report(.unknownField(path: path, field: name))
        }
        json.unknownNames = []
        tsv.unknownNames = []
    }

    private func nameBadValue() {
        guard row.badValues > 0, let bad = row.badField else { return }
        counters.badValues += UInt64(row.badValues)
        let field = Records.kinds[kindIndex].fields[bad.position].name
        name(.badValue(path: path, line: lineNumber, field: field, reason: bad.reason))
    }

    private func bad(_ reason: String) {
        counters.badLines += 1
        name(.badLine(path: path, line: lineNumber, reason: reason))
    }

    private func name(_ notice: ImportNotice) {
        named += 1
        if named <= settings.namedProblemsPerFile { report(notice) }
        if named == settings.namedProblemsPerFile + 1 { report(.silenced(path: path)) }
    }

    /// The record's promise was broken by this much.
    func noteLate(by lag: Interval) {
        counters.late += 1
        if counters.late == 1 { report(.late(path: path, line: lineNumber, by: lag)) }
    }

    /// Writes the record in ``row`` into a batch.
    func write(into batch: inout RecordBatch, _ dictionary: inout ByteDictionary) {
        batch.begin(kindIndex: kindIndex)
        row.scratch.withUnsafeBytes { scratch in
            RowWriter(line: line, scratch: scratch).write(row.values, into: &batch, &dictionary)
        }
        batch.end()
    }
}
