/// One field of all records of a table: dense values and, where some are absent, which are there.
///
/// In memory absent rows hold a zero (or an empty list), so that a row's value is one index away; on the wire they
/// take no place.
public struct Column: Sendable, Equatable {
    public let storage: ColumnStorage
    /// Rows so far, absent ones included.
    public private(set) var count = 0
    /// Rows that have a value.
    public private(set) var presentCount = 0
    /// One bit a row, lowest bit first.
    public private(set) var presence: [UInt64] = []
    /// `.numbers`, or the elements of `.numberLists`.
    public private(set) var numbers: [UInt64] = []
    public private(set) var doubles: [Double] = []
    /// Dictionary indices of `.strings`, or of the elements of `.stringLists`.
    public private(set) var strings: [UInt32] = []
    /// For lists: where each row's elements end.
    public private(set) var listEnds: [UInt32] = []

    public init(storage: ColumnStorage) { self.storage = storage }

    @inlinable public func isPresent(_ row: Int) -> Bool { presence[row >> 6] >> UInt64(row & 63) & 1 == 1 }

    /// Where the elements of a list row lie in ``numbers`` or ``strings``.
    public func listRange(_ row: Int) -> Range<Int> {
        (row == 0 ? 0 : Int(listEnds[row - 1]))..<Int(listEnds[row])
    }

    private mutating func addRow(present: Bool) {
        if count & 63 == 0 { presence.append(0) }
        if present {
            presence[count >> 6] |= 1 << UInt64(count & 63)
            presentCount += 1
        }
        count += 1
    }

    public mutating func append(number: UInt64) {
        numbers.append(number)
        addRow(present: true)
    }

    public mutating func append(double: Double) {
        doubles.append(double)
        addRow(present: true)
    }

    public mutating func append(string: UInt32) {
        strings.append(string)
        addRow(present: true)
    }

    public mutating func append(stringList: some Sequence<UInt32>) {
        strings.append(contentsOf: stringList)
        listEnds.append(UInt32(strings.count))
        addRow(present: true)
    }

    public mutating func append(numberList: some Sequence<UInt64>) {
        numbers.append(contentsOf: numberList)
        listEnds.append(UInt32(numbers.count))
        addRow(present: true)
    }

    /// Adds absent rows until the column has `rows`.
    public mutating func pad(to rows: Int) {
        while count < rows {
            switch storage {
            case .numbers: numbers.append(0)
            case .doubles: doubles.append(0)
            case .strings: strings.append(0)
            case .stringLists: listEnds.append(UInt32(strings.count))
            case .numberLists: listEnds.append(UInt32(numbers.count))
            }
            addRow(present: false)
        }
    }
}
