/// What a field holds; decides its column on the wire, its SQL type and its spelling in JSON and TSV.
public enum FieldType: String, Sendable, CaseIterable {
    /// ``Timestamp``; `timestamptz`.
    case time
    /// ``Interval``; seconds as `double precision`.
    case interval
    /// Unsigned number; `bigint`.
    case count
    /// TCP or UDP port, or ICMP type and code as Zeek puts them; `integer`.
    case port
    case bool
    case double
    /// Text, in the batch's dictionary.
    case string
    /// IP address as canonical text in the batch's dictionary; `inet`.
    case address
    /// Set or vector of text.
    case strings
    /// Vector of numbers.
    case counts
    /// Vector of intervals (seconds).
    case intervals

    /// The shape of the column that stores this type.
    public var storage: ColumnStorage {
        switch self {
        case .time, .interval, .count, .port, .bool: .numbers
        case .double: .doubles
        case .string, .address: .strings
        case .strings: .stringLists
        case .counts, .intervals: .numberLists
        }
    }
}

/// The five shapes of columns; docs/protocol.md says how each travels.
public enum ColumnStorage: Sendable { case numbers, doubles, strings, stringLists, numberLists }

/// What a number counts, for the console and the docs.
public enum Unit: String, Sendable { case none = "", bytes, packets, seconds, nanoseconds, items }

/// A value that fits into 64 bits of a number column.
public protocol NumberFieldValue: Sendable {
    static var fieldType: FieldType { get }
    var columnBits: UInt64 { get }
    init(columnBits: UInt64)
}

extension UInt64: NumberFieldValue {
    public static var fieldType: FieldType { .count }
    @inlinable public var columnBits: UInt64 { self }
    @inlinable public init(columnBits: UInt64) { self = columnBits }
}
extension UInt16: NumberFieldValue {
    public static var fieldType: FieldType { .port }
    @inlinable public var columnBits: UInt64 { UInt64(self) }
    @inlinable public init(columnBits: UInt64) { self = UInt16(truncatingIfNeeded: columnBits) }
}
extension Bool: NumberFieldValue {
    public static var fieldType: FieldType { .bool }
    @inlinable public var columnBits: UInt64 { self ? 1 : 0 }
    @inlinable public init(columnBits: UInt64) { self = columnBits != 0 }
}
extension Timestamp: NumberFieldValue {
    public static var fieldType: FieldType { .time }
    @inlinable public var columnBits: UInt64 { UInt64(bitPattern: nanoseconds) }
    @inlinable public init(columnBits: UInt64) { self.init(nanoseconds: Int64(bitPattern: columnBits)) }
}
extension Interval: NumberFieldValue {
    public static var fieldType: FieldType { .interval }
    @inlinable public var columnBits: UInt64 { UInt64(bitPattern: nanoseconds) }
    @inlinable public init(columnBits: UInt64) { self.init(nanoseconds: Int64(bitPattern: columnBits)) }
}
