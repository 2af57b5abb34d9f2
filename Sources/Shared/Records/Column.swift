/// One field of all records of a table: dense values and, where some are absent, which are there.
///
/// In memory absent rows hold a zero (or an empty list), so that a row's value is one index away; on the wire they
/// take no place. Absent rows at the end may be left out.
public struct Column: Sendable, Equatable {
    public let storage: ColumnStorage
    /// Rows so far, absent ones included.
    public private(set) var count = 0
    /// Rows that have a value.
    public private(set) var presentCount = 0
    /// One bit a row, lowest bit first; empty while every row has a value.
    public private(set) var presence: [UInt64] = []
    /// `.numbers`, or the elements of `.numberLists`.
    public private(set) var numbers: [UInt64] = []
    public private(set) var doubles: [Double] = []
    /// Dictionary indices of `.strings`, or of the elements of `.stringLists`.
    public private(set) var strings: [UInt32] = []
    /// For lists: where each row's elements end.
    public private(set) var listEnds: [UInt32] = []

    public init(storage: ColumnStorage) { self.storage = storage }

    /// Whether the row has a value; rows that the column has not come to yet have none.
    @inlinable public func isPresent(_ row: Int) -> Bool {
        row < count && (presence.isEmpty || presence[row >> 6] >> UInt64(row & 63) & 1 == 1)
    }

    /// Presence of the rows from `index * 64` on, as bits, the first row's lowest.
    public func presenceWord(_ index: Int) -> UInt64 {
        guard presence.isEmpty else { return index < presence.count ? presence[index] : 0 }
        let rows = count - index << 6
        return rows >= 64 ? .max : rows > 0 ? 1 << UInt64(rows) - 1 : 0
    }

    /// Where the elements of a list row lie in ``numbers`` or ``strings``.
    public func listRange(_ row: Int) -> Range<Int> {
        (row == 0 ? 0 : Int(listEnds[row - 1]))..<Int(listEnds[row])
    }

    /// Counts a row that has a value.
    @inline(__always)
    private mutating func addRow() {
        if !presence.isEmpty {
            if count & 63 == 0 { presence.append(0) }
            presence[count >> 6] |= 1 << UInt64(count & 63)
        }
        presentCount += 1
        count += 1
    }

    public mutating func append(number: UInt64) {
        numbers.append(number)
        addRow()
    }

    public mutating func append(double: Double) {
        doubles.append(double)
        addRow()
    }

    public mutating func append(string: UInt32) {
        strings.append(string)
        addRow()
    }

    public mutating func append(stringList: some Sequence<UInt32>) {
        strings.append(contentsOf: stringList)
        listEnds.append(UInt32(strings.count))
        addRow()
    }

    public mutating func append(numberList: some Sequence<UInt64>) {
        numbers.append(contentsOf: numberList)
        listEnds.append(UInt32(numbers.count))
        addRow()
    }

    /// Adds absent rows until the column has `rows`.
    public mutating func pad(to rows: Int) {
        guard count < rows else { return }
        let missing = rows - count
        switch storage {
        case .numbers: numbers.append(contentsOf: repeatElement(0, count: missing))
        case .doubles: doubles.append(contentsOf: repeatElement(0, count: missing))
        case .strings: strings.append(contentsOf: repeatElement(0, count: missing))
        case .stringLists: listEnds.append(contentsOf: repeatElement(UInt32(strings.count), count: missing))
        case .numberLists: listEnds.append(contentsOf: repeatElement(UInt32(numbers.count), count: missing))
        }
        if presence.isEmpty { presence = (0..<(count + 63) / 64).map(presenceWord) }
        let words = (rows + 63) / 64 - presence.count
        if words > 0 { presence.append(contentsOf: repeatElement(0, count: words)) }
        count = rows
    }

    /// Lets `body` append the value of `row`, unless the row has one.
    @inline(__always)
    mutating func set(row: Int, _ body: (inout Column) -> Void) {
        guard count <= row else { return }
        if count < row { pad(to: row) }
        body(&self)
    }

    func padded(to rows: Int) -> Column {
        var copy = self
        copy.pad(to: rows)
        return copy
    }
}
