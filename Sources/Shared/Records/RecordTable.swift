/// All records of one kind in a batch, by column.
public struct RecordTable: Sendable, Equatable {
    /// Position of the kind in ``Records/kinds``.
    public let kindIndex: Int
    public private(set) var rowCount = 0
    public private(set) var columns: [Column]

    public init(kindIndex: Int) {
        self.kindIndex = kindIndex
        columns = Records.kinds[kindIndex].fields.map { Column(storage: $0.type.storage) }
    }

    /// Builds a table from columns that came from the wire: each either empty or `rowCount` long.
    public init(kindIndex: Int, rowCount: Int, columns: [Column]) {
        self.kindIndex = kindIndex
        self.rowCount = rowCount
        self.columns = columns
        for index in self.columns.indices { self.columns[index].pad(to: rowCount) }
    }

    public var kind: RecordKind { Records.kinds[kindIndex] }

    /// Ends the row that was being written: what was not set is absent.
    public mutating func endRow() {
        rowCount += 1
        for index in columns.indices where columns[index].count < rowCount { columns[index].pad(to: rowCount) }
    }

    // A field set twice in one row keeps its first value.
    private func isOpen(_ position: Int) -> Bool { columns[position].count == rowCount }

    public mutating func set(_ position: Int, number: UInt64) {
        if isOpen(position) { columns[position].append(number: number) }
    }
    public mutating func set(_ position: Int, double: Double) {
        if isOpen(position) { columns[position].append(double: double) }
    }
    public mutating func set(_ position: Int, string: UInt32) {
        if isOpen(position) { columns[position].append(string: string) }
    }
    public mutating func set(_ position: Int, stringList: [UInt32]) {
        if isOpen(position) { columns[position].append(stringList: stringList) }
    }
    public mutating func set(_ position: Int, numberList: [UInt64]) {
        if isOpen(position) { columns[position].append(numberList: numberList) }
    }
}
