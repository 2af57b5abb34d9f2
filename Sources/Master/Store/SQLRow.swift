public import Shared

/// One row of an answer. Columns go by name; a name or type that the statement does not give is our own mistake.
public struct SQLRow: Sendable {
    /// Names of the answer's columns, shared by its rows.
    let columns: [String: Int]
    public let values: [SQLValue]

    /// The column's value, whatever its type.
    public subscript(_ column: String) -> SQLValue {
        guard let index = columns[column] else { preconditionFailure("The answer has no column \(column)") }
        return values[index]
    }

    public func isNull(_ column: String) -> Bool { self[column] == .null }

    /// Text, also of `jsonb` and `inet` columns; nil for NULL.
    public func optionalText(_ column: String) -> String? {
        switch self[column] {
        case .null: return nil
        case .text(let value): return value
        default: preconditionFailure("Column \(column) is not text")
        }
    }
    /// Text; empty for NULL.
    public func text(_ column: String) -> String { optionalText(column) ?? "" }

    public func optionalInt(_ column: String) -> Int64? {
        switch self[column] {
        case .null: return nil
        case .int(let value): return value
        default: preconditionFailure("Column \(column) is not a whole number")
        }
    }
    /// Whole number; 0 for NULL.
    public func int(_ column: String) -> Int64 { optionalInt(column) ?? 0 }

    public func optionalDouble(_ column: String) -> Double? {
        switch self[column] {
        case .null: return nil
        case .double(let value): return value
        case .int(let value): return Double(value)
        default: preconditionFailure("Column \(column) is not a number")
        }
    }
    /// Number; 0 for NULL.
    public func double(_ column: String) -> Double { optionalDouble(column) ?? 0 }

    /// Truth; false for NULL.
    public func bool(_ column: String) -> Bool {
        switch self[column] {
        case .null: return false
        case .bool(let value): return value
        default: preconditionFailure("Column \(column) is not boolean")
        }
    }

    public func time(_ column: String) -> Timestamp? {
        switch self[column] {
        case .null: return nil
        case .time(let value): return value
        default: preconditionFailure("Column \(column) is not a time")
        }
    }

    /// Bytes; empty for NULL.
    public func bytes(_ column: String) -> [UInt8] {
        switch self[column] {
        case .null: return []
        case .bytes(let value): return value
        default: preconditionFailure("Column \(column) is not bytea")
        }
    }

    /// Texts without NULL elements; empty for NULL.
    public func texts(_ column: String) -> [String] {
        switch self[column] {
        case .null: return []
        case .texts(let values): return values
        case .optionalTexts(let values): return values.compactMap(\.self)
        default: preconditionFailure("Column \(column) is not text[]")
        }
    }

    /// Whole numbers; empty for NULL.
    public func ints(_ column: String) -> [Int64] {
        switch self[column] {
        case .null: return []
        case .ints(let values): return values
        default: preconditionFailure("Column \(column) is not bigint[]")
        }
    }
}
