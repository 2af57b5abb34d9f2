public import Shared

/// The records of a simulated company in order of time, in batches, as a sensor would hand them on.
public struct CompanyBatches: Sendable {
    private var generator: CompanyGenerator
    private var day: LabDay?
    private var order: [(table: Int, row: Int)] = []
    private var position = 0
    private let recordsPerBatch: Int
    public private(set) var truths: [Truth] = []

    public init(_ generator: CompanyGenerator, recordsPerBatch: Int = 4096) {
        (self.generator, self.recordsPerBatch) = (generator, recordsPerBatch)
    }

    /// The next batch, nil at the end. Its watermark is the `ts` of its last record: all that follows begins later.
    public mutating func nextBatch() -> RecordBatch? {
        while day == nil || position == order.count {
            guard let next = generator.nextDay() else { return nil }
            day = next
            truths += next.truths
            order = next.ordered()
            position = 0
        }
        guard let day else { return nil }
        var batch = RecordBatch()
        let end = min(position + recordsPerBatch, order.count)
        for (table, row) in order[position..<end] { Self.copy(day.batch, table, row, into: &batch) }
        if end > position {
            let (table, row) = order[end - 1]
            let last = Timestamp(columnBits: day.batch.tables[table].columns[0].numbers[row])
            batch.watermark = max(watermark, last)
            watermark = batch.watermark
        }
        position = end
        return batch
    }

    private var watermark = Timestamp.distantPast

    private static func copy(_ source: RecordBatch, _ tableIndex: Int, _ row: Int, into batch: inout RecordBatch) {
        let table = source.tables[tableIndex]
        batch.begin(kindIndex: table.kindIndex)
        for (position, column) in table.columns.enumerated() where column.isPresent(row) {
            switch column.storage {
            case .numbers: batch.set(position: position, number: column.numbers[row])
            case .doubles: batch.set(position: position, double: column.doubles[row])
            case .strings: batch.set(position: position, text: source.strings[column.strings[row]])
            case .stringLists:
                batch.set(position: position, texts: column.strings[column.listRange(row)].map { source.strings[$0] })
            case .numberLists: batch.set(position: position, numbers: Array(column.numbers[column.listRange(row)]))
            }
        }
        batch.end()
    }
}
