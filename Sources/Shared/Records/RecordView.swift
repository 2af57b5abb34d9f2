/// One record of a batch, read in place.
public struct RecordView: Sendable {
    public let batch: RecordBatch
    public let tableIndex: Int
    public let row: Int

    public init(batch: RecordBatch, tableIndex: Int, row: Int) {
        (self.batch, self.tableIndex, self.row) = (batch, tableIndex, row)
    }

    public var kindIndex: Int { batch.tables[tableIndex].kindIndex }
    public var kind: RecordKind { batch.tables[tableIndex].kind }

    private func column(_ position: Int) -> Column { batch.tables[tableIndex].columns[position] }

    public subscript<Value>(field: NumberField<Value>) -> Value? {
        let column = column(field.position)
        return column.isPresent(row) ? Value(columnBits: column.numbers[row]) : nil
    }
    public subscript(field: DoubleField) -> Double? {
        let column = column(field.position)
        return column.isPresent(row) ? column.doubles[row] : nil
    }
    public subscript(field: TextField) -> String? {
        let column = column(field.position)
        return column.isPresent(row) ? batch.strings[column.strings[row]] : nil
    }
    /// The number of a text in the batch's dictionary: cheaper than the text, valid within this batch.
    public func stringIndex(_ field: TextField) -> UInt32? {
        let column = column(field.position)
        return column.isPresent(row) ? column.strings[row] : nil
    }
    public subscript(field: TextListField) -> [String]? {
        let column = column(field.position)
        guard column.isPresent(row) else { return nil }
        return column.strings[column.listRange(row)].map { batch.strings[$0] }
    }
    public subscript(field: NumberListField) -> [UInt64]? {
        let column = column(field.position)
        return column.isPresent(row) ? Array(column.numbers[column.listRange(row)]) : nil
    }
}
