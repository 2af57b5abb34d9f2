public import Shared

/// A value on its way to or from PostgreSQL. Travels in binary; never pasted into a statement.
public enum SQLValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case text(String)
    case bytes([UInt8])
    /// Rounded down to microseconds, PostgreSQL's resolution.
    case time(Timestamp)
    case texts([String])
    case optionalTexts([String?])
    case ints([Int64])
    case doubles([Double])
    case byteStrings([[UInt8]])
    case times([Timestamp])

    /// PostgreSQL's number of the type (pg_type.dat); 0 lets the server decide.
    var typeOID: UInt32 {
        switch self {
        case .null: 0
        case .bool: SQLType.bool
        case .int: SQLType.int8
        case .double: SQLType.float8
        case .text: SQLType.text
        case .bytes: SQLType.bytea
        case .time: SQLType.timestamptz
        case .texts, .optionalTexts: SQLType.textArray
        case .ints: SQLType.int8Array
        case .doubles: SQLType.float8Array
        case .byteStrings: SQLType.byteaArray
        case .times: SQLType.timestamptzArray
        }
    }
}

/// Numbers of the types that the program speaks (PostgreSQL source, pg_type.dat; they never change).
enum SQLType {
    static let bool: UInt32 = 16
    static let bytea: UInt32 = 17
    static let name: UInt32 = 19
    static let int8: UInt32 = 20
    static let int2: UInt32 = 21
    static let int4: UInt32 = 23
    static let text: UInt32 = 25
    static let oid: UInt32 = 26
    static let json: UInt32 = 114
    static let float4: UInt32 = 700
    static let float8: UInt32 = 701
    static let inet: UInt32 = 869
    static let byteaArray: UInt32 = 1001
    static let textArray: UInt32 = 1009
    static let int8Array: UInt32 = 1016
    static let float8Array: UInt32 = 1022
    static let varchar: UInt32 = 1043
    static let timestamptz: UInt32 = 1184
    static let timestamptzArray: UInt32 = 1185
    static let jsonb: UInt32 = 3802
}

/// PostgreSQL's clock: microseconds since 2000-01-01, with its own two infinities.
enum SQLTime {
    /// 2000-01-01T00:00:00Z in microseconds since 1970.
    static let epochOffset: Int64 = 946_684_800_000_000

    static func microseconds(_ time: Timestamp) -> Int64 {
        if time == .distantPast { return .min }
        if time == .distantFuture { return .max }
        let (quotient, remainder) = time.nanoseconds.quotientAndRemainder(dividingBy: 1000)
        return quotient - (remainder < 0 ? 1 : 0) - epochOffset
    }

    /// Times that do not fit into ``Timestamp`` become its ends.
    static func timestamp(_ microseconds: Int64) -> Timestamp {
        if microseconds == .min { return .distantPast }
        if microseconds == .max { return .distantFuture }
        let (sum, overflow) = microseconds.addingReportingOverflow(epochOffset)
        let (product, tooLarge) = sum.multipliedReportingOverflow(by: 1000)
        if overflow || tooLarge { return microseconds < 0 ? .distantPast : .distantFuture }
        return Timestamp(nanoseconds: product)
    }
}
