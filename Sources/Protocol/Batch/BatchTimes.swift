internal import Shared

/// Earliest and latest `ts` of the records of a batch; both 0 when it holds none.
struct BatchTimes: Equatable {
    private(set) var first = Timestamp(nanoseconds: 0)
    private(set) var last = Timestamp(nanoseconds: 0)

    init(of batch: RecordBatch) {
        var (low, high) = (Int64.max, Int64.min)
        for table in batch.tables {
            guard let position = table.kind.position(ofField: "ts"),
                table.kind.fields[position].type == .time
            else { continue }
            let column = table.columns[position]
            for row in 0..<column.count where column.isPresent(row) {
                let time = Int64(bitPattern: column.numbers[row])
                (low, high) = (min(low, time), max(high, time))
            }
        }
        guard low <= high else { return }
        (first, last) = (Timestamp(nanoseconds: low), Timestamp(nanoseconds: high))
    }
}
