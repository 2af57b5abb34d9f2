import Foundation
@testable import Sensor
import Shared
import Testing

/// A temporary directory of logs for one test, and what comes of importing it.
final class LogFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "import-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { _ = try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ lines: [String]) throws {
        try write(name, Data((lines.joined(separator: "\n") + "\n").utf8))
    }

    func write(_ name: String, _ data: Data) throws {
        let file = path + "/" + name
        let parent = (file as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        try data.write(to: URL(fileURLWithPath: file))
    }

    static func fixture(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Fixtures/zeek-logs/" + name).path
    }
}

/// Everything an import gave.
struct Imported {
    var batches: [RecordBatch] = []
    var notices: [ImportNotice] = []
    var counters = ImportCounters()

    init(_ paths: [String], settings: ImportSettings = ImportSettings()) throws {
        var told: [ImportNotice] = []
        var source = try ZeekImport(paths: paths, settings: settings) { told.append($0) }
        while let batch = try source.nextBatch() { batches.append(batch) }
        counters = source.counters
        notices = told
    }

    /// Records of a kind in the order of their leaving.
    func records(_ kind: RecordKind) -> [RecordView] {
        batches.flatMap { batch in
            batch.tables.enumerated().filter { $0.element.kindIndex == kind.index }.flatMap { index, table in
                (0..<table.rowCount).map { RecordView(batch: batch, tableIndex: index, row: $0) }
            }
        }
    }

    /// How many records were observed before the watermark of an earlier batch.
    var brokenPromises: Int {
        var promised = Timestamp.distantPast
        var broken = 0
        for batch in batches {
            for (index, table) in batch.tables.enumerated() {
                for row in 0..<table.rowCount where observed(batch, index, table, row) < promised { broken += 1 }
            }
            promised = max(promised, batch.watermark)
        }
        return broken
    }

    private func observed(_ batch: RecordBatch, _ index: Int, _ table: RecordTable, _ row: Int) -> Timestamp {
        let view = RecordView(batch: batch, tableIndex: index, row: row)
        let ts = Timestamp(columnBits: table.columns[0].numbers[row])
        guard table.kind.name == "conn", let duration = view[Records.conn.duration] else { return ts }
        return ts + duration
    }
}
