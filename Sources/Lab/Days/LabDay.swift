public import Shared

/// All records of one simulated day.
public struct LabDay: Sendable {
    /// `2026-10-05`, in the company's time zone.
    public let name: String
    /// In no order; ``rows(of:)`` and ``ordered()`` give it.
    public let batch: RecordBatch
    /// What stories did on this day.
    public let truths: [Truth]

    /// Rows of a table in order of `ts`, equal ones as they were made.
    public func rows(of tableIndex: Int) -> [Int] {
        let table = batch.tables[tableIndex]
        // `ts` is the first field of every kind.
        let times = table.columns[0].numbers.map { Int64(bitPattern: $0) }
        return (0..<table.rowCount).sorted { (times[$0], $0) < (times[$1], $1) }
    }

    /// All records of the day in order of `ts`: table and row.
    public func ordered() -> [(table: Int, row: Int)] {
        var all: [(time: Int64, table: Int, row: Int)] = []
        for (index, table) in batch.tables.enumerated() {
            for (row, bits) in table.columns[0].numbers.enumerated() {
                all.append((Int64(bitPattern: bits), index, row))
            }
        }
        all.sort { ($0.time, $0.table, $0.row) < ($1.time, $1.table, $1.row) }
        return all.map { ($0.table, $0.row) }
    }
}
