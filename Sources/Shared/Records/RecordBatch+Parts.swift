extension RecordBatch {
    /// About how many bytes its records take before they are packed.
    public var weight: Int { strings.byteCount + elementCount * 10 + recordCount * 80 }

    /// The same records in batches that are not larger than asked for, in order within each kind.
    ///
    /// Only the last keeps the promise of ``watermark``. A batch that is small enough, as nearly all are, stays as it
    /// is.
    /// - Parameters:
    ///   - records: records of one batch, at least one.
    ///   - weight: ``weight`` above which a batch takes no further record.
    public func parts(records: Int, weight: Int) -> [RecordBatch] {
        guard recordCount > records || self.weight > weight else { return [self] }
        var parts: [RecordBatch] = []
        var part = RecordBatch()
        var count = 0
        for table in tables {
            for row in 0..<table.rowCount {
                if count >= records || part.strings.byteCount + part.elementCount * 10 + count * 80 > weight {
                    parts.append(part)
                    (part, count) = (RecordBatch(), 0)
                }
                part.copy(row, of: table, strings)
                count += 1
            }
        }
        part.watermark = watermark
        return parts + [part]
    }

    private mutating func copy(_ row: Int, of table: RecordTable, _ strings: StringTable) {
        begin(kindIndex: table.kindIndex)
        for (position, column) in table.columns.enumerated() where column.isPresent(row) {
            switch column.storage {
            case .numbers: set(position: position, number: column.numbers[row])
            case .doubles: set(position: position, double: column.doubles[row])
            case .strings: set(position: position, text: strings[column.strings[row]])
            case .stringLists:
                set(position: position, texts: column.strings[column.listRange(row)].map { strings[$0] })
            case .numberLists: set(position: position, numbers: Array(column.numbers[column.listRange(row)]))
            }
        }
        end()
    }
}
