internal import Shared

/// Attributes before the text of a query (dev.mysql.com, "COM_QUERY"): named values in the binary protocol's form.
enum MySQLAttributes {
    /// - Returns: where the text begins, or nil when the attributes are malformed or cut.
    static func end(_ query: RawSpan) -> Int? { try? read(query) }

    private static func read(_ query: RawSpan) throws(DecodeError) -> Int {
        var offset = 0
        let count = try number(query, &offset)
        _ = try number(query, &offset)  // sets of values: always one
        guard count > 0 else { return offset }
        // Each has a type of two bytes and a name: more than this do not fit.
        guard count <= UInt64(query.byteCount / 3) else { throw .invalid(.count) }
        let nulls = offset
        offset += (Int(count) + 7) / 8
        guard try query.byte(at: offset) == 1 else { throw .invalid(.type) }
        offset += 1
        var types: [UInt8] = []
        for _ in 0..<count {
            types.append(try query.byte(at: offset))
            offset += 2
            try skipText(query, &offset)
        }
        for (index, type) in types.enumerated() {
            let isNull = try query.byte(at: nulls + index / 8) >> (index % 8) & 1 == 1
            if !isNull { try skipValue(of: type, query, &offset) }
        }
        guard offset <= query.byteCount else { throw .invalid(.length) }
        return offset
    }

    /// A value by its type: enum_field_types of the protocol.
    private static func skipValue(of type: UInt8, _ query: RawSpan, _ offset: inout Int) throws(DecodeError) {
        switch type {
        case 6: break  // NULL
        case 1: offset += 1
        case 2, 13: offset += 2
        case 3, 4, 9: offset += 4
        case 5, 8: offset += 8
        // Times and dates, behind their length.
        case 7, 10, 11, 12: offset += 1 + Int(try query.byte(at: offset))
        default: try skipText(query, &offset)
        }
    }

    private static func skipText(_ query: RawSpan, _ offset: inout Int) throws(DecodeError) {
        let length = try number(query, &offset)
        guard length <= UInt64(query.byteCount) else { throw .invalid(.length) }
        offset += Int(length)
    }

    /// A length-encoded integer, as all of the protocol writes its lengths.
    static func number(_ query: RawSpan, _ offset: inout Int) throws(DecodeError) -> UInt64 {
        let first = try query.byte(at: offset)
        offset += 1
        switch first {
        case 0xFC:
            offset += 2
            return UInt64(try query.readLE(at: offset - 2, as: UInt16.self))
        case 0xFD:
            offset += 3
            return UInt64(try query.readLE(at: offset - 4, as: UInt32.self)) >> 8
        case 0xFE:
            offset += 8
            return try query.readLE(at: offset - 8)
        default: return UInt64(first)
        }
    }
}
