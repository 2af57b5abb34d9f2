/// All records of one kind in a batch, by column.
///
/// A column that a row does not set is filled up when a later row sets it, so that absent fields cost nothing.
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
    public mutating func endRow() { rowCount += 1 }

    // A field set twice in one row keeps its first value.
    public mutating func set(_ position: Int, number: UInt64) {
        columns[position].set(row: rowCount) { $0.append(number: number) }
    }
    public mutating func set(_ position: Int, double: Double) {
        columns[position].set(row: rowCount) { $0.append(double: double) }
    }
    public mutating func set(_ position: Int, string: UInt32) {
        columns[position].set(row: rowCount) { $0.append(string: string) }
    }
    public mutating func set(_ position: Int, stringList: some Collection<UInt32>) {
        columns[position].set(row: rowCount) { $0.append(stringList: stringList) }
    }
    public mutating func set(_ position: Int, numberList: [UInt64]) {
        columns[position].set(row: rowCount) { $0.append(numberList: numberList) }
    }

    /// Puts another column in a field's place; rows that it has not come to are absent.
    mutating func replace(column position: Int, by column: Column) { columns[position] = column }

    public static func == (a: RecordTable, b: RecordTable) -> Bool {
        a.kindIndex == b.kindIndex && a.rowCount == b.rowCount
            && zip(a.columns, b.columns).allSatisfy { $0.padded(to: a.rowCount) == $1.padded(to: a.rowCount) }
    }
}
